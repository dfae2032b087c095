"""An Office Dashboard that a test plays: a real HTTP server on a port of its own, in the test's loop."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn


class StubOffice:
    """Keeps what it is told. `answers` are the next statuses (0: it never answers), then it is 204 each time."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.agents: list[dict[str, Any]] = []
        self.at_once = self.most_at_once = 0
        self._came = asyncio.Condition()

    async def __call__(self, scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._answer(scope, receive, send)
        finally:
            self.at_once -= 1

    async def _answer(self, scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        status = self.answers.pop(0) if self.answers else 204
        async with self._came:
            self.asked.append({"method": scope["method"], "path": scope["path"], "headers": headers})
            if status == 204:
                self.agents.append(json.loads(body))
            self._came.notify_all()
        if not status:
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def seen(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until an agent was told that fits, and answer it."""
        async with self._came:
            return await self._came.wait_for(lambda: next((one for one in self.agents if fits(one)), None))

    async def was_asked(self, times: int) -> None:
        """Wait until so many requests came."""
        async with self._came:
            await self._came.wait_for(lambda: len(self.asked) >= times)


@asynccontextmanager
async def serving(app: Any, port: int = 0) -> AsyncIterator[str]:
    """Serve an app on this machine; its address."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        server.capture_signals = _nothing  # type: ignore[method-assign] # the test's signals are the test's
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@asynccontextmanager
async def running(*work: Any) -> AsyncIterator[None]:
    """Run these while the test does something."""
    tasks = [asyncio.create_task(one) for one in work]
    async with asyncio.timeout(30):
        yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def _nothing() -> Any:
    return _Nothing()
