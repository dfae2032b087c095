"""Commands over the real gateway: runs and batches are waited for, and how they ended is told."""

import json
from datetime import UTC, datetime, timedelta
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


@pytest.fixture
def work(shop: Seed) -> Seed:
    """A house in which two replicas of analysis told three answers an hour ago, and one 40 hours ago."""
    base = {"run_id": "r1", "type": "analysis.completed", "source": "analysis"}
    hours = [("a1", 1), ("a1", 1), ("a2", 1), ("a2", 40)]
    for seq, (host, before) in enumerate(hours, 1):
        at = (datetime.now(UTC) - timedelta(hours=before)).isoformat(timespec="microseconds")
        shop("log", {"_id": f"e{seq}", "seq": seq, "host": host, "written_at": at, **base})
    return shop


@pytest.mark.usefixtures("work")
def test_what_each_replica_did_is_a_table(run_scout: Scout) -> None:
    """A line for each replica of the last day: what it began, what it answered, its share."""
    lines = [line.split("\t")[:5] for line in run_scout("run", "stats").stdout.splitlines()]

    assert lines == [
        ["Service", "Host", "Attempts", "Answers", "Share, %"],
        ["analysis", "a1", "0", "2", "66.7"],
        ["analysis", "a2", "0", "1", "33.3"],
    ]


@pytest.mark.usefixtures("work")
def test_stats_are_one_json_for_a_program_and_speak_russian(run_scout: Scout) -> None:
    """As JSON it is what the API answers; titles are in the reader's language."""
    whole = json.loads(run_scout("run", "stats", "-o", "json").stdout)

    assert [(one["host"], one["share"]) for one in whole["items"]] == [("a1", 66.7), ("a2", 33.3)]
    assert datetime.fromisoformat(whole["since"]) < datetime.now(UTC)
    assert run_scout("run", "stats", "--lang", "ru").stdout.startswith("Служба\tХост\tПопыток\tОтветов\tДоля, %")


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("hours", [48, 24])
def test_since_is_a_moment_of_the_readers_clock(run_scout: Scout, hours: int) -> None:
    """Without an offset it is local time, and one with an offset is taken as it is."""
    moment = datetime.now().astimezone() - timedelta(hours=hours)

    for given in (moment.isoformat(), moment.replace(tzinfo=None).isoformat()):
        result = run_scout("run", "stats", "--since", given, "-o", "json")
        answers = {one["host"]: one["answers"] for one in json.loads(result.stdout)["items"]}
        assert answers == {"a1": 2, "a2": 2 if hours == 48 else 1}, result.stderr


@pytest.mark.parametrize("given", ["yesterday", "0001-01-01T00:00+05:00"])
def test_since_that_is_no_moment_is_a_wrong_command_line(run_scout: Scout, given: str) -> None:
    """The error shows what a moment looks like."""
    result = run_scout("run", "stats", "--since", given)

    assert result.exit_code == ExitCode.USAGE
    assert "2026-11-24T10:00" in result.stderr


def test_a_time_in_which_nothing_was_done_is_said(run_scout: Scout) -> None:
    """An empty table is explained on stderr, and is no error."""
    result = run_scout("run", "stats")

    assert result.exit_code == 0
    assert "No worker has done anything" in result.stderr


def test_stats_of_an_unknown_batch_end_with_3(run_scout: Scout) -> None:
    """A batch that is not there is told apart from one in which nothing was done yet."""
    result = run_scout("run", "stats", "--batch", "nothing")

    assert result.exit_code == ExitCode.NOT_FOUND
    assert "There is no batch 'nothing'" in result.stderr
