from datetime import date
from itertools import permutations
from typing import Any

from contracts.observation import ImportReport, ObservationsImported
from contracts.run import AttemptNoted
from contracts.score import OpportunityScored
from services.chassis.store import Document
from services.journal.projections import in_order, leaderboard_row, market_document, run_document
from tests.examples import FILE, NOON, analysis_completed
from tests.house.toy import toy_score

AT = "2026-11-24T12:00:00.000000+00:00"
LATER = "2026-11-24T12:00:01.000000+00:00"


def written(key: str, event_id: str, time: str = AT, body: str = "{}", **more: Any) -> Document:
    """An event as it is written."""
    return {"_id": event_id, "type": key, "time": time, "body": body, **more}


def score_of(event_id: str, as_of: date, analysis: str = "analysis") -> Document:
    """A written score of a day."""
    event = analysis_completed(analysis_id=analysis, as_of=as_of)
    scored = OpportunityScored(score=toy_score(event), currency="USD", sellers=3)
    return written("opportunity.scored", event_id, body=scored.to_json().decode(), analysis_id=analysis)


def attempt(number: int, reason: str | None = None) -> str:
    """The body of an attempt's note."""
    note = AttemptNoted(
        task="scout.tasks.analyze_niche", service="analysis", attempt=number, errors=0, losses=0, reason=reason
    )
    return note.to_json().decode()


def test_events_are_ordered_by_time_and_causes_before_their_answers():
    """A light answer has the very time of its cause; however they come out of the store, the order is one."""
    events = [
        written("analysis.completed", "z", causation_id="run"),
        written("opportunity.scored", "a", causation_id="z"),
        written("report.exported", "0", LATER),
    ]

    for mixed in permutations(events):
        assert ["z", "a", "0"] == [event["_id"] for event in in_order(mixed)]


def test_a_repeated_event_is_one():
    """The same id is the same event."""
    event = written("niche.watched", "a")

    assert [event] == in_order([event, dict(event)])


def test_an_event_that_answers_itself_ends_no_journal():
    """Its sender wrote nonsense; it is ordered like one without a cause."""
    event = written("analysis.completed", "a", causation_id="a")

    assert [event] == in_order([event])


def test_a_run_that_was_accepted_has_not_begun():
    """Its request alone is known."""
    run = run_document("run", [], {"kind": "scout.tasks.backtest", "accepted_at": AT, "market": "shop"}, None)

    assert {
        "_id": "run",
        "kind": "scout.tasks.backtest",
        "state": "accepted",
        "started_at": AT,
        "stages": [],
        "counts": {},
        "market": "shop",
    } == run


def test_an_attempt_is_a_stage_under_its_tasks_name():
    """With its number, and why the one before it ended."""
    events = [
        written("attempt.noted", "1", body=attempt(1)),
        written("attempt.noted", "2", LATER, body=attempt(2, "ValueError: boom")),
    ]

    run = run_document("run", events, {"kind": "scout.tasks.analyze_niche", "accepted_at": AT}, None)

    assert "running" == run["state"]
    assert [
        {"name": "scout.tasks.analyze_niche", "at": AT, "event_id": "1", "attempt": 1},
        {
            "name": "scout.tasks.analyze_niche",
            "at": LATER,
            "event_id": "2",
            "attempt": 2,
            "reason": "ValueError: boom",
        },
    ] == run["stages"]


def test_answers_about_many_niches_are_counted_and_not_listed():
    """A run over a market has a readable history, and is about no single niche."""
    events = [
        *(written("trend.updated", niche, subject=niche, niche_id=niche, market="shop") for niche in ("a", "b")),
        written("trends.refreshed", "end", LATER),
    ]

    run = run_document("run", events, None, None)

    assert {"trend.updated": 2} == run["counts"]
    assert ["trends.refreshed"] == [stage["name"] for stage in run["stages"]]
    assert ("shop", False) == (run["market"], "niche_id" in run)


def test_a_finished_run_says_when_and_why():
    """Its outcome is taken as it was written."""
    outcome = {"_id": "run", "state": "failed", "at": LATER, "reason": "lost", "event_id": None}

    run = run_document("run", [], {"kind": "scout.tasks.backtest", "accepted_at": AT, "batch": "b"}, outcome)

    assert ("failed", LATER, "lost", "b") == (run["state"], run["finished_at"], run["reason"], run["batch"])
    assert "event_id" not in run


def test_the_leaderboard_shows_the_score_of_the_newest_day():
    """Whichever was written last; of one day the last written counts."""
    old, new, again = score_of("o", date(2017, 1, 1)), score_of("n", NOON.date()), score_of("again", NOON.date())
    seqs = {"n": 1, "o": 2, "again": 3}

    for mixed in permutations([old, new, again]):
        row = leaderboard_row("niche", mixed, seqs, set())
        assert row is not None
        assert ("again", "2026-11-24", 3, 3.0) == (row["event_id"], row["as_of"], row["seq"], row["sellers"])


def test_an_analysis_that_is_gone_takes_its_score_with_it():
    """The one before it is shown again, and none if there is none."""
    old, new = score_of("o", date(2017, 1, 1), "first"), score_of("n", NOON.date(), "second")

    row = leaderboard_row("niche", [old, new], {}, {"second"})

    assert row is not None
    assert "o" == row["event_id"]
    assert leaderboard_row("niche", [old, new], {}, {"first", "second"}) is None


def test_a_market_spans_all_its_imports_and_is_named_by_the_newest():
    """First and last day are of all of them."""
    market = market_document(
        [
            imported("Old name", date(2025, 3, 3), date(2025, 12, 29)),
            imported("Shop", date(2025, 1, 6), date(2025, 6, 2)),
        ]
    )

    assert {
        "_id": "shop",
        "name": "Shop",
        "currency": "USD",
        "timezone": "UTC",
        "grain": "week",
        "first_day": "2025-01-06",
        "last_day": "2025-12-29",
        "imports": 2,
    } == market


def imported(name: str, first: date, last: date) -> Document:
    """A written import."""
    report = ImportReport(
        id="import",
        market="shop",
        market_name=name,
        currency="USD",
        tz="UTC",
        grain="week",
        source="file",
        part=FILE,
        niches=FILE,
        niche_count=1,
        rows=1,
        kept=1,
        merged=0,
        rejected_count=0,
        first_day=first,
        last_day=last,
    )
    event = ObservationsImported(market="shop", report=report)
    return written("observations.imported", name, body=event.to_json().decode())
