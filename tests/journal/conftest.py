"""A journal on a bus of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.analysis import AnalysisCompleted
from contracts.message import scout_id
from contracts.score import Estimate, OpportunityScored
from services.chassis.answers import stamp
from services.chassis.bus_local import LocalBus
from services.chassis.files import LocalFiles
from services.chassis.office import OfficeReporter
from services.chassis.settings import Settings
from services.chassis.store_sqlite import SqliteStore
from services.chassis.wire import Message
from services.journal.journal import Journal
from tests.examples import analysis_completed, event_from
from tests.house.toy import toy_score

RUN = scout_id("run")


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
            while (document := await self.store.get(collection, key)) is None:  # noqa: ASYNC110 - a store sets no event
                await asyncio.sleep(0.005)
        return document

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Wait for a condition."""
        async with asyncio.timeout(10):
            while not await condition():  # noqa: ASYNC110 - what it waits for sets no event
                await asyncio.sleep(0.005)

    async def settled(self) -> None:
        """Wait until the journal has taken everything; a journal that died is an error and no endless wait."""
        async with asyncio.timeout(10):
            await self.bus.drained("journal")

    async def holds(self, collection: str) -> bool:
        """Whether a collection has any document."""
        return bool(await self.store.count(collection))


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


def scored(
    analysis: AnalysisCompleted | None = None, opportunity: float = 50, event_id: str = "scored", run_id: str = RUN
) -> Message:
    """The message of a score."""
    analysis = analysis or analysis_completed()
    estimate = Estimate(score=opportunity, lo=opportunity - 5, hi=opportunity + 5)
    score = toy_score(analysis).model_copy(update={"opportunity": estimate})
    return event_from(
        "scoring", OpportunityScored(score=score, currency="USD"), event_id=scout_id(event_id), run_id=run_id
    )


async def accept(
    room: Room, kind: str = "scout.tasks.analyze_niche", accepted_at: str | None = None, **more: Any
) -> None:
    """Accept a command, as the gateway does."""
    at = accepted_at or stamp(datetime.now(UTC))
    arguments = {"niche_id": scout_id("niche")}
    await room.store.insert("requests", {"_id": RUN, "kind": kind, "arguments": arguments, "accepted_at": at, **more})
