"""`scout event publish` and `scout event tail`, and the purge of a dead letter, over the real gateway and house."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from contracts.analysis import AnalysisCompleted
from contracts.message import outside_id
from contracts.model import Reference
from services.chassis.files import LocalFiles
from services.chassis.settings import Settings
from services.cli.client import Api
from services.cli.commands.events import follow
from services.cli.errors import ExitCode
from services.cli.root import scout
from tests.cli.front import SHOP, Front, Scout, Seed

GOLDEN = Path(__file__).parents[1] / "contracts" / "golden" / "analysis.completed.json"


def golden(home: Path, folder: Path) -> Path:
    """A file with the golden analysis, whose own files lie in the house of `home`."""
    event, files = AnalysisCompleted.from_json(GOLDEN.read_bytes()), LocalFiles(home / "files")
    terms = {term.name: tuple(i / 10 - 5 for i in range(101)) for term in event.terms}
    reference = Reference(market=event.market, as_of=event.as_of, niches=101, terms=terms)
    put = {
        "reference": files.put("references", reference.to_json(), ".json"),
        "series": files.put("analyses", b"{}", ".json"),
    }
    path = folder / "analysis.json"
    path.write_bytes(event.model_copy(update={**put, "model": None}).to_json())
    return path


def test_an_event_is_published_from_a_file_or_from_stdin(run_scout: Scout, home: Path, tmp_path: Path) -> None:
    """The run's id follows from source and id, so that a repeat is the same event."""
    file = golden(home, tmp_path)
    named = ("--source", "lab", "--id", "7", "--no-wait", "-o", "json")

    first = run_scout("event", "publish", "analysis.completed", file, *named)
    second = CliRunner().invoke(scout, ["event", "publish", "analysis.completed", "-", *named], file.read_text())

    assert first.exit_code == second.exit_code == 0, first.stderr
    assert json.loads(first.stdout) == json.loads(second.stdout)
    assert json.loads(first.stdout)["id"] == outside_id("lab", "7")


@pytest.mark.parametrize(
    ("key", "text", "code", "said"),
    [
        ("analysis.completed", "{", ExitCode.INVALID_DATA, "no JSON"),
        ("analysis.completed", "{}", ExitCode.INVALID_DATA, "/data/analysis_id"),
        ("opportunity.scored", "{}", ExitCode.AUTH, "Only scoring may tell"),
        ("no.such", "{}", ExitCode.NOT_FOUND, "analysis.completed"),
    ],
)
def test_an_event_that_the_house_refuses_says_why(
    run_scout: Scout, tmp_path: Path, key: str, text: str, code: ExitCode, said: str
) -> None:
    """Each refusal has the exit code of its kind, and what to do."""
    (tmp_path / "data.json").write_text(text)

    result = run_scout("event", "publish", key, tmp_path / "data.json")

    assert result.exit_code == code
    assert said in result.stderr


def test_a_whole_house_scores_what_is_published(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command waits for the run that the event opens, and the score is in the journal."""
    home = tmp_path / "home"
    monkeypatch.setenv("SCOUT_HOME", str(home))
    monkeypatch.setenv("SCOUT_WORKERS", "1")
    words = ["event", "publish", "analysis.completed", str(golden(home, tmp_path)), "-q", "-o", "json"]

    published = CliRunner().invoke(scout, words)
    listed = CliRunner().invoke(scout, ["event", "list", "--type", "opportunity.scored", "-o", "json"])

    assert published.exit_code == 0, published.stderr
    assert json.loads(published.stdout)["state"] == "done"
    [scored] = json.loads(listed.stdout)["items"]
    assert scored["correlation_id"] == json.loads(published.stdout)["id"]


async def write(front: Front, seq: int, key: str = "trend.updated") -> None:
    """An event as the journal writes it, and its place."""
    at = f"2026-11-24T12:00:0{seq}.000000+00:00"
    told = {"source": "trend", "correlation_id": "r", "body": "{}"}
    await front.store.insert("events", {"_id": f"e{seq}", "type": key, "time": at, **told})
    await front.store.insert("log", {"_id": f"e{seq}", "seq": seq, "run_id": "r", "type": key, "time": at})


async def test_the_tail_begins_at_the_end_and_goes_on(tmp_path: Path) -> None:
    """The newest that are written, then each one once, in order, when it comes; other keys are left out."""
    settings = Settings(home=tmp_path)
    async with Front(settings) as front:
        transport = httpx.ASGITransport(front.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://scout") as http:
            for seq in (1, 2, 3):
                await write(front, seq)
            news = follow(Api(http, "", settings), "trend.updated", 2, pause=0)
            seen = [(await anext(news))["seq"] for _ in range(2)]
            waiting = asyncio.create_task(anext(news))
            await write(front, 4, "trend.failed")
            await write(front, 5)
            seen.append((await waiting)["seq"])
            await news.aclose()

            nothing_old = follow(Api(http, "", settings), None, 0, pause=0)
            waiting = asyncio.create_task(anext(nothing_old))
            await write(front, 6)
            seen.append((await waiting)["seq"])
            await nothing_old.aclose()

    assert seen == [2, 3, 5, 6]


def test_the_tail_prints_a_line_an_event_until_it_is_interrupted(tmp_path: Path) -> None:
    """Ctrl-C is how a person ends it: no error, exit code 0."""
    home = tmp_path / "home"
    environment = {**os.environ, "SCOUT_HOME": str(home), "SCOUT_WORKERS": "1"}
    publish = [sys.executable, "-m", "services.cli", "event", "publish", "analysis.completed", "-q"]
    subprocess.run([*publish, str(golden(home, tmp_path))], env=environment, check=True, capture_output=True)
    command = [sys.executable, "-m", "services.cli", "event", "tail", "-n", "2", "-o", "json"]

    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        seen = [json.loads(process.stdout.readline())["type"] for _ in range(2)]
        process.send_signal(signal.SIGINT)

        assert process.wait(timeout=30) == 0

    assert seen == ["analysis.completed", "opportunity.scored"]


def letter(name: str) -> dict[str, Any]:
    """A dead letter."""
    told = {"service": "scoring", "key": "analysis.completed", "message_id": "m", "publisher": "analysis"}
    counted = {"errors": 3, "losses": 0, "headers": {}, "at": "2026-11-24T12:00:00.000000+00:00"}
    return {"_id": name, **told, **counted, "body": "a person's name", "reason": "boom"}


def test_a_letter_is_purged_with_a_note(run_scout: Scout, seed: Seed) -> None:
    """The record is shown without its body, with the note."""
    seed("markets", SHOP)
    seed("dead_letters", letter("l1"))

    purged = run_scout("letter", "purge", "l1", "--note", "a name was in it")
    shown = run_scout("letter", "show", "l1")

    assert purged.exit_code == 0, purged.stderr
    assert purged.stdout == shown.stdout
    assert "a name was in it" in shown.stdout
    assert "a person's name" not in shown.stdout


def test_a_purge_needs_a_note(run_scout: Scout, seed: Seed) -> None:
    """Nobody deletes without a word."""
    seed("dead_letters", letter("l1"))

    assert run_scout("letter", "purge", "l1").exit_code == ExitCode.USAGE
    assert "a person's name" in run_scout("letter", "show", "l1").stdout
