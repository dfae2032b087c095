"""A door before a server whose port changes when it is started again; it may be opened late."""

import asyncio
from collections.abc import Callable
from typing import Self


class Proxy:
    """Passes bytes on between who connects to `port` and whatever port `target` names at that moment."""

    def __init__(self, target: Callable[[], int]) -> None:
        self._target = target
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            there, on = await asyncio.open_connection("127.0.0.1", await asyncio.to_thread(self._target))
        except Exception:  # noqa: BLE001 - a server that is down has no port, whoever says so
            back.close()
            return
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_pass(here, on))
                group.create_task(_pass(there, back))
        finally:
            on.close()
            back.close()


async def _pass(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Pass bytes on until one side ends, and then end the other."""
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    except ConnectionError:
        pass
    sink.close()
