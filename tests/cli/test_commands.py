"""Commands over the real gateway: what a person means is found."""

import json
from pathlib import Path

import pytest

from contracts.niche import niche_id
from services.cli.errors import ExitCode
from tests.cli.front import COFFEE, NICHES, SHOP, TEA, Scout, Seed

pytestmark = pytest.mark.usefixtures("shop")


def test_the_only_market_need_not_be_named(run_scout: Scout) -> None:
    """With one market there is nothing to choose."""
    result = run_scout("niche", "list")

    assert result.exit_code == 0, result.stderr
    assert [line.split("\t")[0] for line in result.stdout.splitlines()] == ["Niche", "Coffee, green", "Tea"]


def test_of_several_markets_one_has_to_be_named(run_scout: Scout, shop: Seed) -> None:
    """The error lists them."""
    shop("markets", {**SHOP, "_id": "other"})

    result = run_scout("top")

    assert result.exit_code == ExitCode.USAGE
    assert "other, shop" in result.stderr


def test_an_unknown_market_ends_with_3_and_names_the_known_ones(run_scout: Scout) -> None:
    """A typo is one line away from its correction."""
    result = run_scout("top", "--market", "shpo")

    assert result.exit_code == ExitCode.NOT_FOUND
    assert "shop" in result.stderr


@pytest.mark.parametrize("given", ["Tea", "tea", "te", TEA])
def test_a_niche_is_found_by_id_name_or_part_of_a_name(run_scout: Scout, given: str) -> None:
    """Nobody types an id who knows a name."""
    result = run_scout("niche", "show", given, "-o", "json")

    assert json.loads(result.stdout)["niche"]["id"] == TEA


def test_a_name_that_fits_several_niches_is_no_answer(run_scout: Scout) -> None:
    """They are named with their ids."""
    result = run_scout("niche", "show", "e")

    assert result.exit_code == ExitCode.USAGE
    assert TEA in result.stderr
    assert COFFEE in result.stderr


def test_niches_of_one_name_are_told_apart_by_their_codes(run_scout: Scout, shop: Seed) -> None:
    """The code that a product has in the file finds its niche, and stands beside a name that two of them have."""
    twins = {code: niche_id("shop", "custom", code) for code in ("85123A", "85123a")}
    for code, key in twins.items():
        shop("niches", {**NICHES[0], "_id": key, "kind": "custom", "path": code, "name": "Heart", "articles": [code]})

    refused = run_scout("niche", "show", "heart")
    found = run_scout("niche", "show", "85123a", "-o", "json")

    assert refused.exit_code == ExitCode.USAGE
    assert all(f"{key}  Heart ({code}, shop)" in refused.stderr for code, key in twins.items())
    assert json.loads(found.stdout)["niche"]["id"] == twins["85123a"]


def test_a_report_of_a_niche_takes_it_like_every_other_command(run_scout: Scout) -> None:
    """As an argument, or as --niche; neither or both is a usage error."""
    for words in (("Tea",), ("--niche", "Tea")):
        assert run_scout("export", "niche", *words, "--no-wait").exit_code == 0

    for words in ((), ("Tea", "--niche", "Tea")):
        result = run_scout("export", "niche", *words)
        assert result.exit_code == ExitCode.USAGE
        assert "scout export niche NICHE" in result.stderr


@pytest.mark.parametrize("given", ["", " ", "Cocoa", "0b6bd1f6-7d1f-5d0c-9a0e-0d4d4a0e8f11"])
def test_an_unknown_niche_ends_with_3_and_says_how_to_list_them(run_scout: Scout, given: str) -> None:
    """By name as by id."""
    result = run_scout("niche", "analyze", given)

    assert result.exit_code == ExitCode.NOT_FOUND
    assert "scout niche list" in result.stderr


def test_a_niche_without_an_analysis_says_how_to_get_one(run_scout: Scout) -> None:
    """An empty page would be a riddle."""
    assert f"scout niche analyze {TEA}" in run_scout("niche", "show", "Tea").stdout


def test_an_empty_file_is_refused_before_it_is_imported(run_scout: Scout, tmp_path: Path) -> None:
    """What, why and what to do, with the code of invalid data."""
    (tmp_path / "sales.csv").touch()

    result = run_scout("import", tmp_path / "sales.csv", "--market", "shop")

    assert result.exit_code == ExitCode.INVALID_DATA
    assert "Empty file" in result.stderr
    assert "at least one row" in result.stderr


def test_a_weights_file_that_is_no_text_is_named(run_scout: Scout, tmp_path: Path) -> None:
    """A spreadsheet given for weights is told apart from a bad weight."""
    (tmp_path / "weights.toml").write_bytes(b"\xff\xfe\x00")

    result = run_scout("niche", "analyze", "Tea", "--weights", tmp_path / "weights.toml")

    assert result.exit_code == ExitCode.INVALID_DATA
    assert "weights.toml" in result.stderr


def test_nothing_scored_yet_says_what_to_do(run_scout: Scout) -> None:
    """An empty leaderboard is explained on stderr; stdout stays data."""
    result = run_scout("top")

    assert result.exit_code == 0
    assert result.stdout == ""
    assert "scout niche analyze --all --market shop" in result.stderr


def test_niches_that_could_not_be_scored_say_what_there_is_too_little_of(run_scout: Scout, shop: Seed) -> None:
    """A table of dashes is explained on stderr by the facts that were not enough."""
    ids = dict.fromkeys(("id", "analysis_id", "run_id", "model"), "x")
    few = {"fact": "products_with_sales", "value": 1.0, "least": 3.0, "enough": False}
    score = {**ids, "niche_id": TEA, "niche_name": "Tea", "market": "shop", "as_of": "2017-11-05"}
    score |= {"verdict": "insufficient", "confidence": "low", "evidence": [few]}
    row = {
        "market": "shop",
        "name": "Tea",
        "as_of": "2017-11-05",
        "analysis_id": "x",
        "event_id": "x",
        "currency": "USD",
    }
    shop("leaderboard", {"_id": TEA, **row, "verdict": "insufficient", "opportunity": None, "score": score})

    result = run_scout("top")

    assert result.exit_code == 0, result.stderr
    assert "Products with sales (≥ 3)" in result.stderr


def test_niches_without_sellers_say_that_competition_was_not_checked(run_scout: Scout, shop: Seed) -> None:
    """A verdict that no gate could lower is told as such."""
    score = {"niche_id": TEA, "niche_name": "Tea", "market": "shop", "as_of": "2017-11-05", "verdict": "watch"}
    score |= {**dict.fromkeys(("id", "analysis_id", "run_id", "model"), "x"), "confidence": "low"}
    score |= {name: {"score": 60.0, "lo": 50.0, "hi": 70.0} for name in ("growth", "entry", "opportunity")}
    row = {"market": "shop", "name": "Tea", "as_of": "2017-11-05", "analysis_id": "x", "event_id": "x"}
    row |= {"currency": "USD", "verdict": "watch", "opportunity": 60.0, "score": score}
    shop("leaderboard", {"_id": TEA, **row})
    alone = run_scout("top")
    assert run_scout("top", "-o", "json").stderr == ""
    shop("leaderboard", {"_id": TEA, **row, "sellers": 7.0})

    assert "competition was not checked" in alone.stderr
    assert run_scout("top").stderr == ""


def test_the_catalog_of_events_is_a_table(run_scout: Scout) -> None:
    """Who tells and who hears each event."""
    lines = run_scout("event", "catalog").stdout.splitlines()

    assert any(line.startswith("analysis.completed\tanalysis\tscoring") for line in lines)


def test_the_doctor_says_one_line_for_each_part(run_scout: Scout) -> None:
    """A healthy house is told as such, and the exit code agrees."""
    result = run_scout("doctor", "-o", "json")

    states = {line["check"]: line["state"] for line in json.loads(result.stdout)["items"]}
    assert states.keys() >= {"folder", "house", "store", "markets", "letters", "builtin", "clock"}
    assert "bad" not in states.values()
    assert result.exit_code == 0


def test_the_doctor_names_the_fix_of_what_is_wrong(run_scout: Scout, monkeypatch: pytest.MonkeyPatch) -> None:
    """A house that does not answer is a finding, not the end of the examination."""
    monkeypatch.setenv("SCOUT_URL", "http://127.0.0.1:1")

    result = run_scout("doctor")

    assert result.exit_code == ExitCode.RUN_FAILED
    assert "scout serve" in result.stdout
    assert "clock" in result.stdout
