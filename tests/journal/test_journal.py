from dataclasses import replace
from datetime import UTC, datetime, timedelta

from contracts.analysis import AnalysisFailed
from contracts.message import scout_id
from contracts.run import AttemptNoted, RunFinished
from contracts.score import Estimate, OpportunityScored
from contracts.status import StatusReported
from services.chassis.answers import stamp
from services.chassis.cause import carry, parse
from services.chassis.wire import envelope_for, event_message
from tests.examples import NOON, analysis_completed, cause_of, command, event_from
from tests.house.toy import toy_score
from tests.journal.conftest import Room

RUN = scout_id("run")


def scored(analysis=None, opportunity: float = 50, event_id: str = "scored", run_id: str = RUN):
    analysis = analysis or analysis_completed()
    estimate = Estimate(score=opportunity, lo=opportunity - 5, hi=opportunity + 5)
    score = toy_score(analysis).model_copy(update={"opportunity": estimate})
    return event_from(
        "scoring", OpportunityScored(score=score, currency="USD"), event_id=scout_id(event_id), run_id=run_id
    )


async def request(room: Room, kind: str = "scout.tasks.analyze_niche", accepted_at: str | None = None, **more) -> None:
    at = accepted_at or stamp(datetime.now(UTC))
    arguments = {"niche_id": scout_id("niche")}
    await room.store.insert("requests", {"_id": RUN, "kind": kind, "arguments": arguments, "accepted_at": at, **more})


async def test_a_run_is_what_its_events_say(room: Room):
    """Stages come from the run's events in order, the outcome from the one that closes its kind."""
    await request(room, batch="b")
    note = AttemptNoted(task="scout.tasks.analyze_niche", service="analysis", attempt=1, errors=0, losses=0)
    await room.bus.publish(event_from("analysis", note, event_id=scout_id("note")))
    await room.bus.publish(event_from("analysis", analysis_completed(), event_id=scout_id("done")))
    await room.bus.publish(scored())

    await room.written("outcomes", RUN)
    await room.bus.drained("journal")
    run = await room.written("runs", RUN)

    assert ("done", "b", scout_id("niche")) == (run["state"], run["batch"], run["niche_id"])
    names = [stage["name"] for stage in run["stages"]]
    assert {"scout.tasks.analyze_niche", "analysis.completed", "opportunity.scored"} == set(names)
    assert scout_id("scored") == run["event_id"]


async def test_an_outcome_is_never_changed(room: Room):
    """A later result is written, but the run ended the way it ended first."""
    await request(room)
    failed = AnalysisFailed(niche_id="n", market="shop", reason="no rows")
    await room.bus.publish(event_from("analysis", failed, event_id=scout_id("failed")))
    await room.written("outcomes", RUN)
    await room.bus.publish(scored())
    await room.bus.drained("journal")

    assert "failed" == (await room.written("outcomes", RUN))["state"]
    assert "no rows" == (await room.written("runs", RUN))["reason"]
    assert 2 == await room.store.count("events")


async def test_a_repeated_event_is_written_once_and_keeps_its_place(room: Room):
    """The same id twice is one document and one number in the journal's order."""
    await request(room)
    for _ in range(3):
        await room.bus.publish(scored())
    await room.bus.drained("journal")

    assert (1, 1) == (await room.store.count("events"), await room.store.count("log"))


async def test_the_first_body_of_an_id_stays(room: Room):
    """Another body under a written id changes nothing; what is derived comes from the written one."""
    await request(room)
    await room.bus.publish(scored(opportunity=50))
    await room.bus.drained("journal")
    await room.bus.publish(scored(opportunity=99))
    await room.bus.drained("journal")

    row = await room.written("leaderboard", scout_id("niche"))
    assert 50 == row["opportunity"]


async def test_the_leaderboard_takes_the_newest_day_not_the_last_message(room: Room):
    """A score as of an earlier day that comes later does not replace the newer one."""
    today = analysis_completed(analysis_id="new", as_of=NOON.date())
    before = analysis_completed(analysis_id="old", as_of=NOON.date() - timedelta(days=7))
    await room.bus.publish(scored(today, 60, "new", scout_id("run 1")))
    await room.bus.drained("journal")
    await room.bus.publish(scored(before, 40, "old", scout_id("run 2")))
    await room.bus.drained("journal")

    assert 60 == (await room.written("leaderboard", scout_id("niche")))["opportunity"]


async def test_the_end_of_a_run_is_told_after_it_is_written(room: Room):
    """Whoever hears run.finished can read the outcome, the run and the leaderboard."""
    await request(room)
    async with room.bus.listen("test", "run.finished") as messages:
        await room.bus.publish(scored())
        message = await anext(messages)
        event = RunFinished.from_json(message.body)

        assert RUN == event.outcome.run_id
        assert (await room.store.get("outcomes", RUN))["event_id"] == event.outcome.event_id
        assert (await room.store.get("runs", RUN))["state"] == "done"
        assert await room.store.get("leaderboard", scout_id("niche")) is not None


async def test_a_run_without_a_request_is_known_by_its_first_event(room: Room):
    """A golden analysis.completed from outside opens a run that its score closes."""
    outside = replace(event_from("outsider", analysis_completed()), user="outside")
    own = cause_of(outside, "scoring").id
    await room.bus.publish(outside)
    await room.bus.publish(scored(event_id="answer", run_id=own))
    await room.bus.drained("journal")

    run = await room.written("runs", own)
    assert ("analysis.completed", "done") == (run["kind"], run["state"])


async def test_a_dead_letter_ends_its_run_only_on_the_closing_path(room: Room):
    """A dead scoring message fails the analysis's run with its reason; one of another listener does not."""
    await request(room)
    letter = carry(
        cause_of(event_from("analysis", analysis_completed()), "scoring"), "scoring", "dead", "ValueError: x"
    )
    await room.bus.publish(letter)

    outcome = await room.written("outcomes", RUN)
    run = await room.written("runs", RUN)

    assert ("failed", "ValueError: x") == (outcome["state"], outcome["reason"])
    assert "failed" == run["state"]


async def test_a_dead_letter_beside_the_path_leaves_its_run_open(room: Room):
    """An import is not failed by the watched niche that could not be analysed after it."""
    await request(room, "scout.tasks.import_observations")
    letter = carry(cause_of(event_from("analysis", analysis_completed()), "scoring"), "scoring", "dead", "boom")
    await room.bus.publish(letter)
    await room.until(lambda: _has(room, "dead_letters"))
    await room.journal.sweep.once(stamp(datetime.now(UTC) + timedelta(seconds=1)))

    assert await room.store.get("outcomes", RUN) is None


async def _has(room: Room, collection: str) -> bool:
    return bool(await room.store.count(collection))


async def test_what_the_journal_cannot_read_is_its_own_dead_letter(room: Room):
    """A body that does not fit its event is recorded with the field, and the journal goes on."""
    await room.bus.publish(replace(event_from("analysis", analysis_completed()), body=b"{}"))
    await room.bus.publish(scored())
    await room.bus.drained("journal")

    (letter,) = await room.store.find("dead_letters")
    assert "journal" == letter["service"]
    assert "analysis_id" in letter["reason"]
    assert 1 == await room.store.count("events")


async def test_a_silent_run_is_sent_again_three_times_and_then_lost(room: Room):
    """15 minutes, 1 hour and 6 hours after its last sign of life, with the same id; then it failed as lost."""
    start = datetime.now(UTC)
    await request(room, accepted_at=stamp(start))
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
    await request(room, accepted_at=stamp(start + timedelta(seconds=1)))

    await room.journal.sweep.once(stamp(start + timedelta(hours=2)))

    assert 0 == await room.store.count("resends")


async def test_a_dead_letter_is_sent_back_as_a_new_run(room: Room):
    """A redrive has the same body and id, counters at zero, and a run of its own."""
    await request(room)
    cause = cause_of(command("analyze_niche", "run", niche_id="n"), "analysis")
    await room.bus.publish(carry(cause, "analysis", "dead", "ValueError: boom", errors=3))
    await room.until(lambda: _has(room, "dead_letters"))
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


async def test_niches_analysed_today_are_counted_from_what_is_written(room: Room):
    """Two analyses of one niche are one; the count is told to the office."""
    now = datetime.now(UTC)
    for name, niche in (("1", "tea"), ("2", "tea"), ("3", "nuts")):
        event = analysis_completed(niche_id=niche, analysis_id=name)
        envelope = envelope_for(event, scout_id(name), "analysis", now, scout_id(name), None, "")
        await room.bus.publish(event_message(event, envelope, "test"))
    await room.bus.drained("journal")

    counts = [StatusReported.from_json(message.body).metrics.niches_analyzed_today for message in room.statuses]
    assert 2 == counts[-1]


async def test_rebuilding_gives_what_was_there(room: Room):
    """Runs and leaderboard derived anew from the written events are the same."""
    await request(room)
    await room.bus.publish(event_from("analysis", analysis_completed(), event_id=scout_id("done")))
    await room.bus.publish(scored())
    await room.bus.drained("journal")
    before = await room.store.find("runs"), await room.store.find("leaderboard")
    for collection in ("runs", "leaderboard"):
        await room.store.delete(collection, [d["_id"] for d in await room.store.find(collection)])

    await room.store.insert("orders", {"_id": "r", "kind": "rebuild"})
    await room.written("orders_done", "r")

    assert before == (await room.store.find("runs"), await room.store.find("leaderboard"))


async def test_a_standby_that_hears_nothing_does_not_sweep(room: Room):
    """Only a journal that received something lately is the active one; its own tick makes it so."""
    await room.until(lambda: _active(room))
    assert room.journal.active
    room.journal._received_at -= timedelta(seconds=31)
    assert not room.journal.active


async def _active(room: Room) -> bool:
    return room.journal.active
