"""What the journal does about runs that do not end by themselves: dead letters, silence and redrives."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.message import scout_id
from services.chassis.answers import stamp
from services.chassis.cause import carry, parse
from services.chassis.store import Document
from tests.examples import analysis_completed, cause_of, command, event_from
from tests.journal.conftest import RUN, Room, accept, scored


async def test_a_dead_letter_ends_its_run_only_on_the_closing_path(room: Room):
    """A dead scoring message fails the analysis's run with its reason; one of another listener does not."""
    await accept(room)
    letter = carry(
        cause_of(event_from("analysis", analysis_completed()), "scoring"), "scoring", "dead", "ValueError: x"
    )
    await room.bus.publish(letter)

    outcome = await room.written("outcomes", RUN)
    await room.until(lambda: _ended(room))

    assert ("failed", "ValueError: x") == (outcome["state"], outcome["reason"])
    assert "failed" == (await room.written("runs", RUN))["state"]


async def test_a_dead_letter_beside_the_path_leaves_its_run_open(room: Room):
    """An import is not failed by the watched niche that could not be analysed after it."""
    await accept(room, "scout.tasks.import_observations")
    letter = carry(cause_of(event_from("analysis", analysis_completed()), "scoring"), "scoring", "dead", "boom")
    await room.bus.publish(letter)
    await room.until(lambda: room.holds("dead_letters"))
    await room.journal.sweep.once(stamp(datetime.now(UTC) + timedelta(seconds=1)))

    assert await room.store.get("outcomes", RUN) is None


async def test_what_the_journal_cannot_read_is_its_own_dead_letter(room: Room):
    """A body that does not fit its event is recorded with the field, and the journal goes on."""
    await room.bus.publish(replace(event_from("analysis", analysis_completed()), body=b"{}"))
    await room.bus.publish(scored())
    await room.settled()

    (letter,) = await room.store.find("dead_letters")
    assert "journal" == letter["service"]
    assert "analysis_id" in letter["reason"]
    assert 1 == await room.store.count("events")


async def test_a_silent_run_is_sent_again_three_times_and_then_lost(room: Room):
    """15 minutes, 1 hour and 6 hours after its last sign of life, with the same id; then it failed as lost."""
    start = datetime.now(UTC)
    await accept(room, accepted_at=stamp(start))
    sweep, sent = room.journal.sweep, []
    sweep._backlog = AlwaysEmpty()  # the clock of this test runs ahead of the bus's own

    for after in (14, 16, 60, 77, 300, 440, 700, 801):
        await sweep.once(stamp(start + timedelta(minutes=after)))
        sent.append(await room.store.count("resends"))
        if room.bus.depth("analysis"):
            await _lose(room)

    assert [0, 1, 1, 2, 2, 3, 3, 3] == sent
    outcome = await room.written("outcomes", RUN)
    assert outcome["reason"].startswith("lost: sent 4 times")


class AlwaysEmpty:
    async def empty_at(self, service: str) -> datetime:
        del service
        return datetime.max.replace(tzinfo=UTC)


async def _lose(room: Room) -> None:
    """Take what was sent again, which has the run's own id, and never answer it."""
    async with room.bus.consume("analysis", 1) as deliveries:
        delivery = await anext(deliveries)
        assert RUN == delivery.message.id
        await room.bus.ack(delivery)


async def test_a_run_is_not_sent_again_while_its_queue_is_behind(room: Room):
    """A message that may still be waiting in its queue is not doubled."""
    start = datetime.now(UTC)
    await room.bus.publish(command("analyze_niche", niche_id="n"))
    await accept(room, accepted_at=stamp(start + timedelta(seconds=1)))

    await room.journal.sweep.once(stamp(start + timedelta(hours=2)))

    assert 0 == await room.store.count("resends")


async def test_a_dead_letter_is_sent_back_as_a_new_run(room: Room):
    """A redrive has the same body and id, counters at zero, and a run of its own."""
    await accept(room)
    cause = cause_of(command("analyze_niche", "run", niche_id="n"), "analysis")
    await room.bus.publish(carry(cause, "analysis", "dead", "ValueError: boom", errors=3))
    await room.until(lambda: room.holds("dead_letters"))
    (letter,) = await room.store.find("dead_letters")
    again = scout_id("again")
    await room.store.insert(
        "orders", {"_id": again, "kind": "redrive", "letter_id": letter["_id"], "run_id": again, "at_s": 1.0}
    )

    await room.written("orders_done", again)
    async with room.bus.consume("analysis", 1) as deliveries:
        delivery = await anext(deliveries)
    back = parse(delivery, "analysis")

    assert (again, cause.id, cause.body, 0, 0) == (back.run_id, back.id, back.body, back.errors, back.losses)


async def test_a_standby_that_hears_nothing_does_not_sweep(room: Room):
    """Only a journal that received something lately is the active one; its own tick makes it so."""
    await room.until(lambda: _active(room))
    assert room.journal.active
    room.journal._received_at -= timedelta(seconds=31)
    assert not room.journal.active


async def _active(room: Room) -> bool:
    return room.journal.active


async def _ended(room: Room) -> bool:
    return "finished_at" in (await room.store.get("runs", RUN) or {})


async def test_a_slow_derivation_does_not_undo_the_end_of_a_run(room: Room, monkeypatch: pytest.MonkeyPatch):
    """The consumer of dead letters and the sweep derive the same run; whichever writes last, the run has ended."""
    await accept(room)
    writer, reached, go_on = room.journal.writer, asyncio.Event(), asyncio.Event()
    replace_at_once = room.store.replace

    async def slowly(collection: str, *documents: Document) -> None:
        if collection == "runs" and not reached.is_set():
            reached.set()
            await go_on.wait()
        await replace_at_once(collection, *documents)

    monkeypatch.setattr(room.store, "replace", slowly)
    slow = asyncio.create_task(writer.derive_runs([RUN]))
    await reached.wait()
    fast = asyncio.create_task(room.journal.sweep._fail(RUN, "lost", datetime.now(UTC)))
    await room.written("outcomes", RUN)
    await asyncio.wait([fast], timeout=0.2)  # a derivation that waits for the slow one may do so
    go_on.set()
    await asyncio.gather(slow, fast)

    assert "failed" == (await room.written("runs", RUN))["state"]
