from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

from contracts.status import SCOUT_AGENT, Metrics, Source, StatusReported
from services.heartbeat.fold import Fold, folded

MOSCOW = ZoneInfo("Europe/Moscow")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def status(service: str, seq: int, state: str, at: int = 0, **more: Any) -> StatusReported:
    source = Source(service=service, host="h", pid=1, boot=service, seq=seq)
    sent_at = NOON + timedelta(seconds=at)
    return StatusReported(agent=SCOUT_AGENT, source=source, state=state, sent_at=sent_at, since=sent_at, **more)


def metrics(day: str = "2026-11-24", **values: Any) -> Metrics:
    return Metrics(day=day, tz="Europe/Moscow", **values)


def test_an_agent_works_while_any_source_works():
    """One idle source does not hide another that works."""
    agent = folded(
        [status("analysis", 1, "working", text="Анализ ниши 1"), status("scoring", 1, "idle", 1)], NOON, MOSCOW
    )

    assert ("working", "Анализ ниши 1") == (agent.state, agent.text)


def test_the_last_finish_decides_when_nobody_works():
    """An error after a success is an error, and a success after an error is idle."""
    error, done = status("analysis", 2, "error", 1, text="boom"), status("scoring", 2, "idle", 2)
    late_error = status("analysis", 2, "error", 3, text="boom")
    work = [status("analysis", 1, "working"), status("scoring", 1, "working")]

    after, before = folded([*work, error, done], NOON, MOSCOW), folded([*work, done, late_error], NOON, MOSCOW)

    assert ("idle", "") == (after.state, after.text)
    assert ("error", "boom") == (before.state, before.text)


def test_a_killed_process_does_not_work_for_ever():
    """A "working" whose end is past no longer counts."""
    stuck = status("analysis", 1, "working", until=NOON + timedelta(seconds=30))
    alive = status("scoring", 1, "idle", 40)

    assert "idle" == folded([stuck, alive], NOON + timedelta(seconds=41), MOSCOW).state


def test_silence_is_offline():
    """An agent of whom nothing was heard for three beats is offline."""
    assert "offline" == folded([status("scoring", 1, "idle")], NOON + timedelta(seconds=181), MOSCOW).state


def test_the_order_of_arrival_does_not_matter():
    """Late, early or shuffled: the same statuses make the same agent."""
    said = [
        status("analysis", 1, "working", 0, text="a"),
        status("analysis", 2, "idle", 1, metrics=metrics(opportunities_found=3)),
        status("analysis", 3, "working", 2, text="b"),
        status("journal", 1, "idle", 3, metrics=metrics(niches_analyzed_today=5)),
    ]
    now = NOON + timedelta(seconds=4)

    agents = {folded(order, now, MOSCOW).model_dump_json() for order in permutations(said)}

    assert 1 == len(agents)
    assert '"text":"b"' in agents.pop()


def test_metrics_of_several_sources_are_merged():
    """Each metric comes from whoever counts it."""
    agent = folded(
        [
            status("trend", 1, "idle", 0, metrics=metrics(trends_updated=7, last_update="2026-11-24T06:00:00+00:00")),
            status("journal", 1, "idle", 1, metrics=metrics(niches_analyzed_today=2)),
        ],
        NOON,
        MOSCOW,
    )

    assert (7, 2, None) == (
        agent.metrics.trends_updated,
        agent.metrics.niches_analyzed_today,
        agent.metrics.opportunities_found,
    )


def test_counters_start_again_at_midnight_of_the_houses_zone():
    """At 21:00 UTC it is the next day in Moscow: yesterday's counters are zero, the last update stays."""
    said = [status("trend", 1, "idle", 0, metrics=metrics(trends_updated=7, last_update="2026-11-24T06:00:00+00:00"))]

    agent = folded(said, NOON.replace(hour=21), MOSCOW)

    assert ("2026-11-25", 0, "2026-11-24T06:00:00+00:00") == (
        agent.metrics.day,
        agent.metrics.trends_updated,
        agent.metrics.last_update,
    )


def test_nobody_heard_is_no_agent():
    """Without a status there is nothing to show."""
    assert folded([], NOON, MOSCOW) is None


def test_a_fold_goes_on_from_what_was_shown_before():
    """After a restart the day's counters are those that the office still shows; a newer report replaces them."""
    shown = folded([status("trend", 1, "idle", 0, metrics=metrics(trends_updated=7))], NOON, MOSCOW)
    fold = Fold(MOSCOW)
    fold.recall(shown)

    assert fold.agent(NOON) is None
    fold.hear(status("trend", 1, "idle", 5))
    assert 7 == fold.agent(NOON).metrics.trends_updated
    fold.hear(status("trend", 2, "idle", 6, metrics=metrics(trends_updated=9)))
    assert 9 == fold.agent(NOON).metrics.trends_updated
