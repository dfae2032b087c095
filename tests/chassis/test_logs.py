import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from contracts.analysis import AnalysisCompleted, AnalyzeParams
from services.chassis.logs import configure_logs
from services.chassis.perform import Tools, perform
from services.chassis.service import Service
from tests.chassis.conftest import handled
from tests.examples import command


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """What a test configures is put back."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**before)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What was logged, a JSON object a line; nothing of it may go to stdout."""
    out, err = capsys.readouterr()
    assert not out
    return [json.loads(line) for line in err.splitlines()]


def test_an_entry_is_one_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """With its event, level and moment, in the writer's own language."""
    configure_logs("INFO")

    structlog.get_logger("test").info("анализ готов", run_id="r")

    (entry,) = lines(capsys)
    assert ("анализ готов", "info", "r") == (entry["event"], entry["level"], entry["run_id"])
    assert str(entry["timestamp"]).endswith("Z")


def test_an_error_with_its_traceback_is_one_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Line breaks of a traceback stay inside the object."""
    configure_logs("INFO")

    try:
        raise ValueError("first\nsecond")
    except ValueError:
        structlog.get_logger("test").exception("failed")

    (entry,) = lines(capsys)
    assert "ValueError: first\nsecond" in str(entry["exception"])


def test_the_loggers_of_libraries_speak_the_same_language(capsys: pytest.CaptureFixture[str]) -> None:
    """A server's own logger is no exception, and what is bound to the task is in its lines."""
    configure_logs("INFO")

    with structlog.contextvars.bound_contextvars(run_id="r"):
        logging.getLogger("some.library").warning("disk %s is full", "C")

    (entry,) = lines(capsys)
    assert ("disk C is full", "warning", "r") == (entry["event"], entry["level"], entry["run_id"])


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither ours nor a library's."""
    configure_logs("warning")

    structlog.get_logger("test").info("quiet")
    logging.getLogger("some.library").info("quiet")
    structlog.get_logger("test").warning("loud")

    assert ["loud"] == [entry["event"] for entry in lines(capsys)]


async def test_a_failed_attempt_is_logged_without_its_payload(tools: Tools, capsys: pytest.CaptureFixture[str]) -> None:
    """The log says which run failed and why; what a person sent stays in the dead letter."""
    configure_logs("DEBUG")
    service = Service("analysis")

    @service.command("scout.tasks.analyze_niche")
    async def analyze_niche(niche_id: str, params: AnalyzeParams) -> AnalysisCompleted:
        del niche_id, params
        raise ValueError("boom")

    handler, cause = handled(service, command("analyze_niche", niche_id="a-secret-niche"))
    await perform(handler, cause, tools)
    refused, cause = handled(service, command("analyze_niche", niche_id=["a-secret-niche"]))
    await perform(refused, cause, tools)

    entries = lines(capsys)
    (failed,) = (entry for entry in entries if entry["event"] == "attempt failed")
    assert (cause.run_id, "ValueError: boom", True) == (failed["run_id"], failed["error"], failed["again"])
    assert "a-secret-niche" not in json.dumps(entries)
