import json
from typing import Any

import pytest

from contracts.analysis import AnalysisFailed
from contracts.catalog import EVENTS
from contracts.commands import COMMANDS
from contracts.message import Event
from contracts.run import AttemptNoted
from services.chassis.store import Document
from services.journal.outcomes import closing_keys, kind_of, outcome_of, path_keys
from tests.examples import analysis_completed

ANALYZE = "scout.tasks.analyze_niche"


def written(key: str, event: Event | None = None, **more: Any) -> Document:
    """An event as it is written, of its body what is asked for."""
    body = event.to_json().decode() if event else json.dumps({})
    return {"_id": key, "type": key, "time": "2026-11-24T12:00:00.000000+00:00", "body": body} | more


def note(task: str = ANALYZE) -> AttemptNoted:
    return AttemptNoted(task=task, service="analysis", attempt=1, errors=0, losses=0)


def test_an_analysis_ends_with_its_score_or_with_the_failure_of_either():
    """The command's own row says so; the analysis itself is only on the way."""
    assert {"opportunity.scored", "opportunity.failed", "analysis.failed"} == closing_keys(ANALYZE)
    assert {ANALYZE, "analysis.completed"} == path_keys(ANALYZE)


def test_a_fact_by_itself_closes_its_own_run():
    """Watching a niche asks for nothing further."""
    assert {"niche.watched"} == closing_keys("niche.watched")
    assert {"niche.watched"} == path_keys("niche.watched")


def test_an_event_that_asks_for_an_answer_is_closed_by_it():
    """An analysis from outside opens a run that its score ends."""
    assert {"opportunity.scored", "opportunity.failed"} == closing_keys("analysis.completed")


def test_a_kind_that_nobody_knows_is_closed_by_nothing():
    """A request of another version of the house stays open, and harms nobody."""
    assert frozenset() == closing_keys("no.such")


@pytest.mark.parametrize("kind", [*COMMANDS, *EVENTS])
def test_what_closes_a_run_is_an_event_that_the_journal_writes(kind: str):
    """Else the run could never end."""
    assert all(EVENTS[key].stored for key in closing_keys(kind) if EVENTS.get(kind, EVENTS[key]).stored)


def test_a_runs_kind_is_what_was_asked_for():
    """A request says it, whatever was written since."""
    assert ANALYZE == kind_of("run", [written("opportunity.scored")], {"kind": ANALYZE})


def test_without_a_request_the_event_with_the_runs_own_id_opened_it():
    """As one that came from outside."""
    events = [written("analysis.completed", _id="run"), written("opportunity.scored", causation_id="run")]

    assert "analysis.completed" == kind_of("run", events, None)


def test_without_a_request_a_heavy_command_is_known_by_its_first_attempt():
    """A Celery caller sends commands past the gateway."""
    events = [written("attempt.noted", note(), causation_id="run"), written("analysis.completed", causation_id="run")]

    assert ANALYZE == kind_of("run", events, None)


def test_without_a_request_a_light_command_is_known_by_its_answer():
    """It notes no attempts."""
    events = [written("opportunity.scored", causation_id="run")]

    assert "scout.tasks.calculate_opportunity_score" == kind_of("run", events, None)


def test_what_answers_something_else_says_nothing_of_the_runs_kind():
    """The attempt of a later listener is not the run's own command."""
    assert kind_of("run", [written("attempt.noted", note("panel.built"), causation_id="other")], None) is None
    assert kind_of("run", [], None) is None


def test_the_first_closing_event_is_the_outcome():
    """What comes later changes nothing, and what is on the way ends nothing."""
    failed = written("analysis.failed", AnalysisFailed(niche_id="n", market="shop", reason="no rows"))
    events = [written("analysis.completed", analysis_completed()), failed, written("opportunity.scored")]

    assert {
        "_id": "run",
        "state": "failed",
        "at": failed["time"],
        "event_id": "analysis.failed",
        "reason": "no rows",
    } == outcome_of("run", ANALYZE, events)


def test_a_run_that_came_about_has_no_reason():
    """Only failures explain themselves."""
    outcome = outcome_of("run", ANALYZE, [written("opportunity.scored")])

    assert outcome is not None
    assert ("done", False) == (outcome["state"], "reason" in outcome)


def test_a_run_without_a_closing_event_has_no_outcome_yet():
    """Nor has one of which nobody knows what it is."""
    assert outcome_of("run", ANALYZE, [written("analysis.completed", analysis_completed())]) is None
    assert outcome_of("run", None, [written("opportunity.scored")]) is None
