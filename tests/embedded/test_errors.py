"""What goes wrong is told to a person: what, why and what to do, with the exit code that `scout --help` promises."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.cli.errors import ExitCode
from tests.embedded import settled, shop
from tests.embedded.home import Ended, Home, eventually

FILES = {
    "empty.csv": "",
    "header.csv": "date;sku;category;price;units\n",
    "dayless.csv": "sku;category;price;units\na;Tea;100;5\n",
    "refused.csv": "date;sku;category;price;units\nsoon;a;Tea;100;5\n",
    "bad.toml": "[growth]\nforecast_growth = 'much'\n",
}


NOT_FOUND, CONFLICT, INVALID = ExitCode.NOT_FOUND, ExitCode.CONFLICT, ExitCode.INVALID_DATA
CASES = {
    "niche show Nowhere": (NOT_FOUND, "There is no niche Nowhere", "scout niche list"),
    "niche show 00000000-0000-5000-8000-000000000000": (NOT_FOUND, "Niche not found", "scout niche list"),
    "top --market nowhere": (NOT_FOUND, "Market not found", f"Known: {shop.MARKET}"),
    "import empty.csv --market new -q": (INVALID, "Empty file", "Send a table with a header line"),
    "import header.csv --market new -q": (INVALID, "The import failed", "Export it again"),
    "import dayless.csv --market new -q": (INVALID, "The import failed", "--mapping day=COLUMN"),
    "import refused.csv --market new -q": (INVALID, "The import failed", "the day cannot be read"),
    "niche analyze --all --weights bad.toml": (INVALID, "The model cannot be read", "[entry]"),
    "serve --port 0": (CONFLICT, "Another Scout holds the folder", "it serves at http://127.0.0.1:"),
}


@pytest.fixture(scope="module")
def served(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A house that holds the market and serves."""
    home = Home(tmp_path_factory.mktemp("errors") / "home")
    shutil.copytree(imported, home.folder)
    with home.served():
        yield home
    home.close()


@pytest.fixture(scope="module")
def said(served: Home) -> dict[str, Ended]:
    """How each of the wrong commands ended; they run side by side."""
    folder = served.folder.parent
    for name, content in FILES.items():
        (folder / name).write_text(content)
    started = {
        words: served.start(*(folder / word if (folder / word).is_file() else word for word in words.split()))
        for words in CASES
    }
    return {words: command.ended() for words, command in started.items()}


def told(ended: Ended, code: ExitCode, what: str, *details: str) -> None:
    """The command ended with this code; the first line says what, the next why, and what to do is in one of them."""
    lines = ended.stderr.splitlines()
    assert (ended.code, ended.stdout) == (code, ""), ended
    assert lines[0].startswith(f"scout: {what}"), ended.stderr
    assert lines[1].startswith("  why: "), ended.stderr
    assert all(detail in ended.stderr for detail in details), ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("words", CASES)
def test_what_goes_wrong_is_told(said: dict[str, Ended], words: str):
    """The exit code is of its kind, and the text names what was found and what helps."""
    told(said[words], *CASES[words])


def test_a_failed_import_leaves_no_market(served: Home, said: dict[str, Ended]):
    """What was refused as a whole is not half there, and what was there is."""
    assert said
    assert [market["id"] for market in served.json("market", "list")["items"]] == [shop.MARKET]


def test_nobody_joins_a_single_command(market: Home):
    """While a command works in a folder a second one is told so, and the first goes on."""
    first = market.start("niche", "analyze", "--all", "-q")
    eventually(lambda: market.documents("requests", kind=settled.ANALYZE))
    os.killpg(first.pid, signal.SIGSTOP)  # it is at work for as long as the other one asks

    ended = market.run("top")

    told(ended, ExitCode.CONFLICT, f"Another Scout holds the folder {market.folder}", "a single command", "SCOUT_HOME")
    assert first.poll() is None


def test_a_folder_that_is_a_file_is_told(tmp_path: Path):
    """Nothing can be kept there, so the person is asked for another folder."""
    (tmp_path / "file").write_text("no folder")

    told(Home(tmp_path / "file").run("top"), ExitCode.CONFLICT, "The folder", f"{tmp_path / 'file'}", "SCOUT_HOME")


def test_a_store_that_is_none_is_told(home: Home):
    """A damaged store ends the command at once, and names itself."""
    home.folder.mkdir()
    (home.folder / "store.sqlite").write_bytes(b"no store" * 500)

    told(home.run("top"), ExitCode.SERVICE_DOWN, "The house could not go on", "store.sqlite", "not a database")
