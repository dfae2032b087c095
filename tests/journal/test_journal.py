"""What the journal writes of what it hears."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from contracts.analysis import AnalysisFailed
from contracts.message import scout_id
from contracts.run import AttemptNoted, RunFinished
from contracts.status import StatusReported
from services.chassis.wire import envelope_for, event_message
from tests.examples import NOON, analysis_completed, cause_of, event_from
from tests.journal.conftest import RUN, Room, accept, scored


async def test_a_run_is_what_its_events_say(room: Room):
    """Stages come from the run's events in order, the outcome from the one that closes its kind."""
    await accept(room, batch="b")
    note = AttemptNoted(task="scout.tasks.analyze_niche", service="analysis", attempt=1, errors=0, losses=0)
    await room.bus.publish(event_from("analysis", note, event_id=scout_id("note")))
    await room.bus.publish(event_from("analysis", analysis_completed(), event_id=scout_id("done")))
    await room.bus.publish(scored())

    await room.written("outcomes", RUN)
    await room.settled()
    run = await room.written("runs", RUN)

    assert ("done", "b", scout_id("niche")) == (run["state"], run["batch"], run["niche_id"])
    names = [stage["name"] for stage in run["stages"]]
    assert {"scout.tasks.analyze_niche", "analysis.completed", "opportunity.scored"} == set(names)
    assert scout_id("scored") == run["event_id"]


async def test_an_outcome_is_never_changed(room: Room):
    """A later result is written, but the run ended the way it ended first."""
    await accept(room)
    failed = AnalysisFailed(niche_id="n", market="shop", reason="no rows")
    await room.bus.publish(event_from("analysis", failed, event_id=scout_id("failed")))
    await room.written("outcomes", RUN)
    await room.bus.publish(scored())
    await room.settled()

    assert "failed" == (await room.written("outcomes", RUN))["state"]
    assert "no rows" == (await room.written("runs", RUN))["reason"]
    assert 2 == await room.store.count("events")


async def test_a_repeated_event_is_written_once_and_keeps_its_place(room: Room):
    """The same id twice is one document and one number in the journal's order."""
    await accept(room)
    for _ in range(3):
        await room.bus.publish(scored())
    await room.settled()

    assert (1, 1) == (await room.store.count("events"), await room.store.count("log"))


async def test_the_first_body_of_an_id_stays(room: Room):
    """Another body under a written id changes nothing; what is derived comes from the written one."""
    await accept(room)
    await room.bus.publish(scored(opportunity=50))
    await room.settled()
    await room.bus.publish(scored(opportunity=99))
    await room.settled()

    row = await room.written("leaderboard", scout_id("niche"))
    assert 50 == row["opportunity"]


async def test_the_leaderboard_takes_the_newest_day_not_the_last_message(room: Room):
    """A score as of an earlier day that comes later does not replace the newer one."""
    today = analysis_completed(analysis_id="new", as_of=NOON.date())
    before = analysis_completed(analysis_id="old", as_of=NOON.date() - timedelta(days=7))
    await room.bus.publish(scored(today, 60, "new", scout_id("run 1")))
    await room.settled()
    await room.bus.publish(scored(before, 40, "old", scout_id("run 2")))
    await room.settled()

    assert 60 == (await room.written("leaderboard", scout_id("niche")))["opportunity"]


async def test_the_end_of_a_run_is_told_after_it_is_written(room: Room):
    """Whoever hears run.finished can read the outcome, the run and the leaderboard."""
    await accept(room)
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
    await room.settled()

    run = await room.written("runs", own)
    assert ("analysis.completed", "done") == (run["kind"], run["state"])


async def test_niches_analysed_today_are_counted_from_what_is_written(room: Room):
    """Two analyses of one niche are one; the count is told to the office."""
    now = datetime.now(UTC)
    for name, niche in (("1", "tea"), ("2", "tea"), ("3", "nuts")):
        event = analysis_completed(niche_id=niche, analysis_id=name)
        envelope = envelope_for(event, scout_id(name), "analysis", now, scout_id(name), None, "")
        await room.bus.publish(event_message(event, envelope, "test"))
    await room.settled()

    counts = [StatusReported.from_json(message.body).metrics.niches_analyzed_today for message in room.statuses]
    assert 2 == counts[-1]


async def test_rebuilding_gives_what_was_there(room: Room):
    """Runs and leaderboard derived anew from the written events are the same."""
    await accept(room)
    await room.bus.publish(event_from("analysis", analysis_completed(), event_id=scout_id("done")))
    await room.bus.publish(scored())
    await room.settled()
    before = await room.store.find("runs"), await room.store.find("leaderboard")
    for collection in ("runs", "leaderboard"):
        await room.store.delete(collection, [d["_id"] for d in await room.store.find(collection)])

    await room.store.insert("orders", {"_id": "r", "kind": "rebuild"})
    await room.written("orders_done", "r")

    assert before == (await room.store.find("runs"), await room.store.find("leaderboard"))
