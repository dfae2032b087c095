"""Commands over the real gateway: runs and batches are waited for, and how they ended is told."""

import json
from typing import Any

import pytest

from services.cli.errors import ExitCode
from tests.cli.front import TEA, Scout, Seed

STARTED = "2026-11-24T10:00:00.000000+00:00"

pytestmark = pytest.mark.usefixtures("shop")


def run_of(run_id: str, state: str, **more: Any) -> dict[str, Any]:
    """A run as the journal derives it."""
    kind = {"kind": "scout.tasks.analyze_niche", "started_at": STARTED, "stages": []}
    return {"_id": run_id, "state": state, **kind, **more}


def test_work_that_is_not_waited_for_prints_its_run(run_scout: Scout) -> None:
    """--no-wait answers at once with the id that `scout run watch` takes."""
    result = run_scout("niche", "analyze", "Tea", "--no-wait", "-o", "json")

    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["state"] == "accepted"


def test_waiting_too_long_ends_with_124_and_says_how_to_go_on(run_scout: Scout) -> None:
    """The work itself goes on."""
    result = run_scout("niche", "analyze", "Tea", "--timeout", "0.01", "-q")

    assert result.exit_code == ExitCode.TIMEOUT
    assert "scout run watch" in result.stderr


def test_a_run_that_is_done_is_printed(run_scout: Scout, shop: Seed) -> None:
    """`scout run watch` of something finished returns at once."""
    shop("runs", run_of("r1", "done"))

    result = run_scout("run", "watch", "r1", "-o", "json")

    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["id"] == "r1"


def test_a_failed_run_ends_with_1_and_its_reason(run_scout: Scout, shop: Seed) -> None:
    """What the service said is what the person reads."""
    shop("runs", run_of("r1", "failed", reason="Tea sold nothing. Choose another niche.", event_id="e1"))

    result = run_scout("run", "watch", "r1")

    assert result.exit_code == ExitCode.RUN_FAILED
    assert "The analysis failed" in result.stderr
    assert "Tea sold nothing. Choose another niche." in result.stderr


def test_an_import_that_was_refused_is_invalid_data(run_scout: Scout, shop: Seed) -> None:
    """A table that cannot be read is not a run that was lost, and has its own exit code."""
    refused = {"kind": "scout.tasks.import_observations", "reason": "There is no date column.", "event_id": "e1"}
    shop("runs", run_of("r1", "failed") | refused)

    assert run_scout("run", "watch", "r1").exit_code == ExitCode.INVALID_DATA


@pytest.mark.parametrize(("states", "code"), [("dd", 0), ("df", ExitCode.PARTIAL), ("ff", ExitCode.RUN_FAILED)])
def test_a_batch_is_watched_like_a_run(run_scout: Scout, shop: Seed, states: str, code: int) -> None:
    """All done is 0, some failed is 7, all failed is 1; each failure is named."""
    named = {"d": {"state": "done"}, "f": {"state": "failed", "reason": "no data", "niche_id": TEA}}
    for i, state in enumerate(states):
        request = {"kind": "scout.tasks.analyze_niche", "arguments": {}, "accepted_at": STARTED, "batch": "b1"}
        shop("requests", {"_id": f"r{i}", **request})
        shop("runs", run_of(f"r{i}", "", batch="b1") | named[state])

    result = run_scout("run", "watch", "b1")

    assert result.exit_code == code, result.stderr
    assert result.stderr.count(f"{TEA}: no data") == states.count("f")


def test_neither_a_run_nor_a_batch_is_not_found(run_scout: Scout) -> None:
    """The error is the run's, since that is what people watch."""
    result = run_scout("run", "watch", "nothing")

    assert result.exit_code == ExitCode.NOT_FOUND
    assert "Run not found" in result.stderr
