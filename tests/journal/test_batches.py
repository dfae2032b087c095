"""What goes wrong in a batch, and when the end of a run is told."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.analysis import AnalysesCleaned, AnalysisExpired
from contracts.message import scout_id
from contracts.status import StatusReported
from services.chassis.answers import stamp
from services.chassis.office import OfficeReporter
from services.chassis.settings import Settings
from services.chassis.store import Document
from services.chassis.store_sqlite import SqliteStore
from services.chassis.wire import Message
from services.journal import journal as journal_module
from services.journal.counters import DayCounter
from tests.examples import analysis_completed, event_from
from tests.journal.conftest import RUN, Room, accept, scored


async def test_a_batch_that_takes_too_long_is_given_up_and_taken_again(room: Room, monkeypatch: pytest.MonkeyPatch):
    """With a store that hangs the journal lets its queue be, and goes on where it was when the store answers."""
    monkeypatch.setattr(journal_module, "_GIVE_UP", 0.05)
    insert, hung = room.store.insert_many, asyncio.Event()

    async def hangs_once(collection: str, documents: Sequence[Document]) -> int:
        if not hung.is_set():
            hung.set()
            await asyncio.Event().wait()
        return await insert(collection, documents)

    monkeypatch.setattr(room.store, "insert_many", hangs_once)
    await accept(room)
    await room.bus.publish(scored())

    assert "done" == (await room.written("outcomes", RUN))["state"]


async def test_an_event_that_cannot_be_derived_holds_up_no_other(room: Room, monkeypatch: pytest.MonkeyPatch):
    """It is written, and a dead letter of the journal says why nothing follows from it; the rest of the batch does."""
    derive = room.journal.writer.derive_niches

    async def fails(niches: Iterable[str]) -> None:
        if "bad" in (listed := list(niches)):
            raise KeyError("no such file")
        await derive(listed)

    monkeypatch.setattr(room.journal.writer, "derive_niches", fails)
    await room.bus.publish(scored(analysis_completed(niche_id="bad"), event_id="bad", run_id=scout_id("other")))
    await accept(room)
    await room.bus.publish(scored())
    await room.settled()

    (letter,) = await room.store.find("dead_letters")
    assert ("journal", "KeyError: 'no such file'") == (letter["service"], letter["reason"])
    assert await room.store.get("events", scout_id("bad")) is not None
    assert "done" == (await room.written("runs", RUN))["state"]


async def test_a_cleanup_ends_when_its_analyses_are_deleted(room: Room):
    """Whoever hears run.finished finds no expired analysis any more."""
    old = analysis_completed(analysis_id="old")
    await room.bus.publish(event_from("analysis", old, event_id=scout_id("old"), run_id=scout_id("then")))
    await room.settled()
    await accept(room, "scout.tasks.cleanup_old_analyses")
    expired = AnalysisExpired(analysis_id="old", niche_id=old.niche_id)
    async with room.bus.listen("test", "run.finished") as messages:
        await room.bus.publish(event_from("analysis", expired, event_id=scout_id("expired"), run_id=RUN))
        await room.bus.publish(event_from("analysis", AnalysesCleaned(deleted=1), event_id=scout_id("end"), run_id=RUN))
        async with asyncio.timeout(10):
            await anext(messages)

        assert await room.store.get("events", scout_id("old")) is None
        assert await room.store.get("tombstones", "old") is not None


async def test_a_new_journal_says_what_the_day_has_so_far(tmp_path: Path):
    """A restart forgets no niche, and says so without having finished anything itself."""
    store, said = SqliteStore(tmp_path / "store.sqlite"), list[Message]()
    now = datetime.now(UTC)
    for number, (niche, at) in enumerate([("tea", now), ("tea", now), ("nuts", now), ("oil", now - timedelta(days=2))]):
        entry = {"_id": str(number), "seq": number, "type": "analysis.completed", "niche_id": niche, "time": stamp(at)}
        await store.insert("log", entry)
    settings = Settings(home=tmp_path)
    counter = DayCounter(store, settings, OfficeReporter(said.append, "journal", settings))

    await counter.midnight()
    await counter.midnight()

    (status,) = (StatusReported.from_json(message.body) for message in said)
    assert status.metrics is not None
    assert (2, None) == (status.metrics.niches_analyzed_today, status.since)
    await store.close()
