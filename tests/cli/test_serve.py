"""A house that serves: whole, in a process of its own, reached by other commands through its folder."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.cli.errors import ExitCode
from services.cli.root import scout

SALES = """date;sku;category;price;units
2025-01-06;a;Tea;100;5
2025-01-13;a;Tea;100;7
2025-01-06;b;Tea;oops;4
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """`scout serve` on a free port; it is up when it says where."""
    command = [sys.executable, "-m", "services.cli", "serve", "--port", "0"]
    environment = {**os.environ, "SCOUT_HOME": str(folder / "home"), "SCOUT_LOG_LEVEL": "CRITICAL"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "Scout serves at http://127.0.0.1:" in process.stderr.readline()
        yield process
        process.kill()


@pytest.fixture
def run_there(folder: Path, server: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch):
    """Run a command with the folder that the server holds."""
    assert server.poll() is None
    monkeypatch.setenv("SCOUT_HOME", str(folder / "home"))

    def run(*words: str) -> Result:
        return CliRunner().invoke(scout, list(words))

    return run


def test_a_command_joins_the_house_that_serves_its_folder(run_there, folder: Path) -> None:
    """A table is imported by the server, and the report tells what was kept and what was not."""
    (folder / "sales.csv").write_text(SALES)

    result = run_there("import", str(folder / "sales.csv"), "--market", "shop", "--currency", "USD", "-o", "json")

    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert (report["rows"], report["kept"], report["rejected_count"]) == (3, 2, 1)


def test_a_table_without_a_day_is_invalid_data(run_there, folder: Path) -> None:
    """The run fails with a reason for a person, and the exit code says that it is the data."""
    (folder / "odd.csv").write_text("a;b\n1;2\n")

    result = run_there("import", str(folder / "odd.csv"), "--market", "odd", "-q")

    assert result.exit_code == ExitCode.INVALID_DATA
    assert "--mapping day=COLUMN" in result.stderr


def test_a_second_server_on_the_folder_is_refused(run_there, server: subprocess.Popen[str]) -> None:
    """The error names where the first one serves."""
    result = run_there("serve", "--port", "0")

    assert result.exit_code == ExitCode.CONFLICT
    assert "it serves at http://127.0.0.1:" in result.stderr
    assert server.poll() is None


def test_a_server_that_is_told_to_stop_closes_the_house(server: subprocess.Popen[str], folder: Path) -> None:
    """SIGTERM ends it with 0, and the folder is free again."""
    server.send_signal(signal.SIGTERM)

    assert server.wait(timeout=30) == 0
    assert not (folder / "home" / "house.json").exists()
