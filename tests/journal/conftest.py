"""A journal on a bus of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.chassis.bus_local import LocalBus
from services.chassis.files import LocalFiles
from services.chassis.office import OfficeReporter
from services.chassis.settings import Settings
from services.chassis.store_sqlite import SqliteStore
from services.chassis.wire import Message
from services.journal.journal import Journal


@dataclass
class Room:
    """What a journal stands on."""

    bus: LocalBus
    store: SqliteStore
    journal: Journal
    statuses: list[Message]

    async def written(self, collection: str, key: str) -> dict[str, Any]:
        """A document, once the journal wrote it."""
        async with asyncio.timeout(10):
            while (document := await self.store.get(collection, key)) is None:
                await asyncio.sleep(0.005)
        return document

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(10):
            while not await condition():
                await asyncio.sleep(0.005)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    bus, store, statuses = LocalBus(), SqliteStore(tmp_path / "store.sqlite"), []
    files, settings = LocalFiles(tmp_path / "files"), Settings(home=tmp_path)
    reporter = OfficeReporter(statuses.append, "journal", settings)
    journal = Journal(bus, store, files, settings, reporter, bus, grace=0, pause=0.02)
    task = asyncio.create_task(journal.run())
    yield Room(bus, store, journal, statuses)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store.close()
