"""From a seller's table to a scored market, its reports and its proof: the real command line, command by command."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.embedded import shop
from tests.embedded.home import Home, Served

BEST = shop.name(shop.NICHES - 1)


FORMATS = ("xlsx", "csv", "json", "html")


@pytest.fixture(scope="module")
def house(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A house that serves, in which the trends of the imported market were updated and its niches analysed."""
    home = Home(tmp_path_factory.mktemp("journey") / "home")
    shutil.copytree(imported, home.folder)
    with home.served() as served:
        assert served.done("/v1/trends/refresh", {})["result"] == {"success": True, "updated": shop.NICHES}
        state = home.json("niche", "analyze", "--all", "-q")
        assert (state["done"], state["failed"]) == (shop.NICHES, 0)
        yield served
    home.close()


def test_a_table_is_read_by_the_words_of_its_header(house: Served):
    """The columns are guessed, every row is kept or named with its reason, and weeks are seen to be weeks."""
    (found,) = house.get("/v1/imports")["items"]
    report = found["report"]
    refused = {(one["column"], one["why"], one["count"]) for one in report["rejected"]}

    assert report["mapping"] == {
        "day": "Week", "product": "SKU", "niche": "Category", "seller": "Seller", "price": "Price", "units": "Qty",
    }  # fmt: skip
    assert (report["rows"], report["kept"]) == (shop.ROWS + 2 * len(shop.BAD), shop.ROWS)
    assert refused == {(*reason, 2) for reason in shop.BAD.values()}
    assert (report["grain"], report["first_day"]) == ("week", f"{shop.FIRST_DAY}")
    assert house.api.get(f"/v1/imports/{found['id']}/rejected").text.count("the day cannot be read") == 2


def test_every_niche_is_ranked_by_its_score(house: Served):
    """The leaderboard falls from the best on, as of the last full day, and its best is one that grows."""
    rows = house.home.json("top", "-n", shop.NICHES)["items"]
    scores = [row["score"]["opportunity"]["score"] for row in rows]

    assert len({row["score"]["niche_id"] for row in rows}) == len(rows) == shop.NICHES
    assert [row["rank"] for row in rows] == list(range(1, shop.NICHES + 1))
    assert scores == sorted(scores, reverse=True)
    assert {row["score"]["as_of"] for row in rows} == {f"{shop.LAST_FULL_DAY}"}
    growth = {row["score"]["niche_name"]: row["score"]["growth"]["score"] for row in rows}
    assert growth[shop.name(shop.NICHES - 4)] > growth[shop.name(3)]


def test_a_niche_is_shown_with_its_reasons(house: Served):
    """Its terms and gates sum to its score, and the facts and sentences that it stands on are there."""
    page = house.home.json("niche", "show", BEST)
    score, analysis = page["score"]["score"], page["analysis"]

    assert page["niche"]["name"] == BEST
    assert score["run_id"] == analysis["run_id"]
    assert score["opportunity"]["lo"] <= score["opportunity"]["score"] <= score["opportunity"]["hi"]
    points = sum(part["points"] for part in (*score["terms"], *score["gates"]))
    assert score["base"] + points == score["opportunity"]["score"]
    assert analysis["quality"]["rows"] == shop.WEEKS * shop.PRODUCTS
    assert {text["lang"] for text in analysis["texts"] if text["conclusion"]} == {"en", "ru"}


def test_a_report_opens_in_each_format(house: Served, tmp_path: Path):
    """The file is what its name says, holds every niche, and the page needs nothing from elsewhere."""
    names = {shop.name(number) for number in range(shop.NICHES)}
    files = {form: tmp_path / f"report.{form}" for form in FORMATS}
    asked = [
        house.home.start("export", "leaderboard", "--format", form, "--output", path) for form, path in files.items()
    ]
    assert {0} == {command.ended().code for command in asked}

    book = openpyxl.load_workbook(files["xlsx"], read_only=True)
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    book.close()
    assert names <= cells
    assert names <= {cell for row in csv.reader(files["csv"].read_text("utf-8-sig").splitlines()) for cell in row}
    assert names <= set(re.findall(r'"([^"]*)"', json.dumps(json.loads(files["json"].read_text()))))
    page = files["html"].read_text()
    assert names <= set(re.findall(r">\s*([^<>]+?)\s*<", page))
    assert not re.search(r"""(src|href|action)\s*=\s*["']?(https?:)?//|url\(\s*["']?(https?:)?//|@import""", page)


def test_history_is_replayed_on_a_table_of_ones_own(house: Served):
    """The backtest says for each claim whether it holds, and that what cannot be tested is not."""
    proof = house.home.json("backtest", "-q")

    rows = {(row["outcome"], row["score"]): row for row in proof["table"]}
    assert rows["growth", "growth"]["rho"] > 0 > abs(rows["growth", "random"]["rho"]) - 0.2
    assert any("Entry is not tested" in statement["en"] for statement in proof["verdict"])
    assert any(statement["en"].startswith("No leak") for statement in proof["verdict"])


def test_the_agent_rests_with_the_figures_of_its_day(house: Served):
    """Idle, with niches, openings and trends counted, and the moment of the last update."""
    (agent,) = house.home.json("agent")["items"]
    metrics = agent["metrics"]

    assert agent["state"] == "idle"
    assert (metrics["niches_analyzed_today"], metrics["trends_updated"]) == (shop.NICHES, shop.NICHES)
    assert metrics["opportunities_found"] >= 0
    assert date.fromisoformat(metrics["last_update"][:10])


def test_the_doctor_finds_nothing(house: Served):
    """Folder, store, market and clock are well, and no letter is dead."""
    checks = {check["check"]: check for check in house.home.json("doctor")["items"]}

    assert {"folder", "house", "store", "markets", "letters", "clock"} <= checks.keys()
    assert {"ok"} == {check["state"] for name, check in checks.items() if name != "builtin"}
    assert shop.MARKET in checks["markets"]["found"]
