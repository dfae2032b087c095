"""What a seller knows reaches the house: a market's settings as a file, and the figures of one analysis."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from contracts.market import MarketConfigured, MarketSettings
from contracts.market_file import SETTINGS_TEMPLATE
from services.chassis.store import Document
from services.chassis.store_sqlite import SqliteStore
from services.cli.errors import ExitCode
from services.cli.texts import speak
from tests.cli.front import Scout, Seed

pytestmark = pytest.mark.usefixtures("shop")

TEXT = '# mine\npseudo_sellers = ["other"]\n'
OWN = ("--cost", "300", "--ad-share", "0.1", "--lead-days", "45", "--cover-weeks", "6", "--own-price", "990")


def requests(home: Path) -> list[dict[str, Any]]:
    """What was accepted: kind and arguments."""

    async def look() -> list[Document]:
        store = SqliteStore(home / "store.sqlite")
        found = await store.find("requests")
        await store.close()
        return found

    return [{"kind": document["kind"], **document["arguments"]} for document in asyncio.run(look())]


def test_a_market_without_settings_shows_the_template(run_scout: Scout) -> None:
    """It is what a person saves, changes and sets."""
    result = run_scout("market", "settings", "shop")

    assert result.exit_code == 0, result.stderr
    assert result.stdout == SETTINGS_TEMPLATE.read_text(encoding="utf-8")


def test_settings_are_shown_as_they_were_written(run_scout: Scout, shop: Seed) -> None:
    """With their comments; for a program they are one text."""
    event = MarketConfigured(market="shop", settings=MarketSettings(pseudo_sellers=("other",)), text=TEXT)
    body = event.to_json().decode()
    shop("events", {"_id": "e", "type": "market.configured", "market": "shop", "time": "2026-01-01", "body": body})

    assert run_scout("market", "settings", "shop").stdout == TEXT
    assert json.loads(run_scout("market", "settings", "shop", "-o", "json").stdout) == {"market": "shop", "text": TEXT}


def test_a_file_is_set(run_scout: Scout, home: Path, tmp_path: Path) -> None:
    """It becomes the event that the house keeps, whole, and the person is told what follows."""
    (tmp_path / "m.toml").write_text(TEXT)

    result = run_scout("market", "settings", "shop", "--set", tmp_path / "m.toml", "--no-wait")

    assert result.exit_code == 0, result.stderr
    assert "goes by these settings from now on" in result.stderr
    assert requests(home) == [
        {
            "kind": "market.configured",
            "market": "shop",
            "text": TEXT,
            "settings": {"pseudo_sellers": ["other"], "tariffs": [], "own": {}},
        }
    ]


@pytest.mark.parametrize(("lang", "title"), [("en", "The settings cannot be read"), ("ru", "Настройки не прочитать")])
def test_a_bad_file_is_told_with_its_line(run_scout: Scout, tmp_path: Path, lang: str, title: str) -> None:
    """In the reader's language, as far as the command line speaks."""
    (tmp_path / "m.toml").write_text("[own]\ncosts = 5\n")

    result = run_scout("market", "settings", "shop", "--set", tmp_path / "m.toml", "--lang", lang)
    speak("en")

    assert result.exit_code == ExitCode.INVALID_DATA
    assert title in result.stderr
    assert "line 2, [own] costs is not known, so it would change nothing; did you mean cost?" in result.stderr


def test_settings_of_no_market_end_with_3(run_scout: Scout, tmp_path: Path) -> None:
    """Whether they are shown or set."""
    (tmp_path / "m.toml").touch()

    for words in ((), ("--set", tmp_path / "m.toml")):
        assert run_scout("market", "settings", "shpo", *words).exit_code == ExitCode.NOT_FOUND


@pytest.mark.parametrize("which", [("Tea",), ("--all",)])
def test_what_a_seller_knows_goes_with_the_analysis(run_scout: Scout, home: Path, which: tuple[str, ...]) -> None:
    """Of one niche as of all; a whole number is a figure too."""
    result = run_scout("niche", "analyze", *which, *OWN, "--tier", "deep", "--no-wait")

    assert result.exit_code == 0, result.stderr
    for request in requests(home):
        assert request["params"]["tier"] == "deep"
        assert request["params"]["own"] == {
            "cost": 300.0,
            "ad_share": 0.1,
            "lead_days": 45,
            "cover_weeks": 6,
            "price": 990.0,
        }


def test_what_was_not_said_is_left_to_the_settings(run_scout: Scout, home: Path) -> None:
    """An analysis without figures of its own has none."""
    assert run_scout("niche", "analyze", "Tea", "--no-wait").exit_code == 0

    assert "own" not in requests(home)[0]["params"]


@pytest.mark.parametrize(
    "words",
    [
        ("--cost", "nan"),
        ("--cost", "inf"),
        ("--cost", "-1"),
        ("--own-price", "0"),
        ("--ad-share", "1"),
        ("--ad-share", "nan"),
        ("--lead-days", "731"),
        ("--cover-weeks", "0"),
        ("--tier", "slow"),
    ],
)
def test_a_figure_that_cannot_be_is_a_usage_error(run_scout: Scout, words: tuple[str, str]) -> None:
    """It is refused before the house is asked."""
    result = run_scout("niche", "analyze", "Tea", *words, "--no-wait")

    assert result.exit_code == ExitCode.USAGE
    assert words[0] in result.stderr
