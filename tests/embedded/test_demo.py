"""`scout demo`: one command from nothing to a market that is scored and proved."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.embedded.home import Ended, Home
from tests.embedded.settled import data


class Demo(NamedTuple):
    """A house after its demo, and how the demo ended."""

    home: Home
    ended: Ended


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, run once in a folder that was not there."""
    home = Home(tmp_path_factory.mktemp("demo") / "home")
    yield Demo(home, home.run("demo"))
    home.close()


def analyses(home: Home) -> int:
    return len(home.documents("events", type="analysis.completed"))


def proof(home: Home) -> dict[tuple[str, str], dict]:
    """The table of the demo's backtest: (outcome, score) to its row."""
    (event,) = home.documents("events", type="score.backtested").values()
    backtest = json.loads((home.folder / "files" / data(event)["backtest"]["key"]).read_text())
    return {(row["outcome"], row["score"]): row for row in backtest["table"]}


def test_the_demo_ranks_ten_niches_and_proves_its_scores(demo: Demo):
    """It ends well, and prints ten niches with what then happened, the backtest, the agent and where the files lie."""
    code, stdout, stderr = demo.ended

    assert code == 0, stderr
    ranked = [line for line in stdout.splitlines() if re.match(r" *\d+  \S", line)]
    assert [int(line.split()[0]) for line in ranked] == list(range(1, 11))
    assert all(re.search(r"(enter|watch|avoid) +[+−]?\d+\s%$", line) for line in ranked)
    assert re.search(
        r"^Backtest .*: \d+ past days; growth of revenue ρ \+0\.\d\d .*a newcomer ρ \+0\.\d\d", stdout, re.MULTILINE
    )
    assert re.search(r"^Agent: .* idle, \d+ niches analysed today, (.*, )?\d+ trends updated$", stdout, re.MULTILINE)
    reports = re.findall(r"^Report: (.*)$", stdout, re.MULTILINE)
    assert {Path(file).suffix for file in reports} == {".xlsx", ".html"}
    assert all(Path(file).stat().st_size for file in reports)
    assert [f"{step}/5" for step in range(1, 6)] == re.findall(r"^(\d/5) .*: done", stderr, re.MULTILINE)


def test_the_demo_finds_what_is_known_of_its_market(demo: Demo):
    """Both fixed rules rank the real market about as well as was measured apart from this code."""
    rows = proof(demo.home)

    assert 0.22 <= rows["growth", "growth"]["rho"] <= 0.28
    assert 0.23 <= rows["entry", "entry"]["rho"] <= 0.30


def test_a_second_demo_repeats_no_analysis(demo: Demo):
    """What was done is found again, and the same niches are shown, with the day's metrics."""
    before = analyses(demo.home)

    code, stdout, stderr = demo.home.run("demo")

    assert code == 0, stderr
    assert before == analyses(demo.home) > 0
    assert table(stdout) == table(demo.ended.stdout)
    assert f"{before} niches analysed today" in stdout


def table(stdout: str) -> str:
    return stdout.partition("\n\n")[2].partition("\n\n")[0]
