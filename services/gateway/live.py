"""What is known only while it happens: how far a run is, and that something was told in it."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from pydantic import ValidationError

from contracts.catalog import EVENTS
from contracts.run import Progress
from contracts.status import StatusReported
from services.chassis.bus import Bus
from services.chassis.wire import Message

log = structlog.get_logger(__name__)
_KEPT = 1000


class Follower:
    """Who follows a run. `awaited` are the ids of events that were told in it and not read from the store yet."""

    def __init__(self) -> None:
        self.awaited: set[str] = set()
        self._woken = asyncio.Event()

    def wake(self, event_id: str | None = None) -> None:
        """Say that there is news: an event that is being written, or anything else."""
        if event_id is not None:
            self.awaited.add(event_id)
        self._woken.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for news, so long at most; whether there is any."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True


class Live:
    """The newest progress of each run, of the latest thousand. `listening` says that the bus carries to us.

    One listener on the bus serves everyone who follows a run. `closed` says that the house is being left.
    """

    def __init__(self) -> None:
        self.listening = False
        self.closed = False
        self._progress: OrderedDict[str, Progress] = OrderedDict()
        self._followers: dict[str, set[Follower]] = {}

    async def run(self, bus: Bus) -> None:
        """Listen until cancelled."""
        async with bus.listen("gateway", "#") as messages:
            self.listening = True
            try:
                async for message in messages:
                    self._take(message)
            finally:
                self.listening = False

    def progress(self, run_id: str) -> Progress | None:
        """How far a run is, if it said so."""
        return self._progress.get(run_id)

    @contextmanager
    def following(self, run_id: str) -> Iterator[Follower]:
        """Follow a run: the follower is woken by whatever is told of it."""
        follower = Follower()
        self._followers.setdefault(run_id, set()).add(follower)
        try:
            yield follower
        finally:
            self._followers[run_id].discard(follower)
            if not self._followers[run_id]:
                del self._followers[run_id]

    def close(self) -> None:
        """Let go of everyone who follows a run, so that a server can stop."""
        self.closed = True
        for run_id in self._followers:
            self._wake(run_id)

    def _take(self, message: Message) -> None:
        if message.key == "status.reported":
            self._hear(message.body)
            return
        row = EVENTS.get(message.key)
        run_id = str(message.headers.get("cloudEvents_correlationid", ""))
        self._wake(run_id, message.id if row is not None and row.stored else None)

    def _wake(self, run_id: str, event_id: str | None = None) -> None:
        for follower in self._followers.get(run_id, ()):
            follower.wake(event_id)

    def _hear(self, body: bytes) -> None:
        try:
            status = StatusReported.from_json(body)
        except ValidationError as exc:
            log.warning("status not understood", error=str(exc))
            return
        if status.run_id is None or status.progress is None:
            return
        self._progress[status.run_id] = status.progress
        self._progress.move_to_end(status.run_id)
        if len(self._progress) > _KEPT:
            self._progress.popitem(last=False)
        self._wake(status.run_id)
