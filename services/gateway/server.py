"""The web server of the gateway's app, which whoever holds the house starts and stops."""

import contextlib
from collections.abc import Callable, Iterator

import uvicorn
from fastapi import FastAPI

_GRACE = 5


class Server(uvicorn.Server):
    """A server whose signals are its holder's: the house must be closed after it.

    `close_streams` ends the live streams, which have no end of their own and would hold a server that stops.
    """

    def __init__(self, app: FastAPI, close_streams: Callable[[], None]) -> None:
        self._close_streams = close_streams
        super().__init__(
            uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=_GRACE)
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        """Stop after the answers that are under way; at the second call, now."""
        self._close_streams()
        self.force_exit = self.should_exit
        self.should_exit = True
