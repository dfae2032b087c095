"""What a person says of a market counts: at once for the niches that are watched, and for every later analysis."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.message import scout_id
from tests.embedded import shop
from tests.embedded.home import Home, eventually
from tests.embedded.settled import data

NICHE = scout_id(shop.MARKET, "category", shop.name(3))
TEXT = """\
# mine
[own]
cost = 60

[[tariff]]
since = 2024-01-01
commission = 0.1
logistics = 5
storage = 1
returns = 0
tax = 0.05
"""


def analyses(home: Home) -> list[dict[str, Any]]:
    """Every analysis that was told of, whole, in the order of the journal."""
    order = home.documents("log", type="analysis.completed")
    events = home.documents("events", type="analysis.completed")
    told = [data(events[key]) for key in sorted(order, key=lambda key: order[key]["seq"])]
    return [json.loads((home.folder / "files" / one["series"]["key"]).read_text()) for one in told]


def test_settings_that_were_set_count_and_are_shown_again(market: Home, tmp_path: Path):
    """A watched niche is analysed again by them, and an analysis may be asked with another cost."""
    (tmp_path / "m.toml").write_text(TEXT)
    with market.served():
        eventually(lambda: market.documents("events", type="trends.refreshed"))  # new trends are no news after this
        assert market.run("niche", "watch", shop.name(3)).code == 0
        eventually(lambda: len(analyses(market)) == 1)

        ended = market.run("market", "settings", shop.MARKET, "--set", tmp_path / "m.toml", "-q")
        assert ended.code == 0, ended.stderr
        assert market.run("market", "settings", shop.MARKET).stdout == TEXT
        eventually(lambda: len(analyses(market)) == 2)

        words = ("--cost", "50", "--ad-share", "0.1", "--own-price", "100", "-q")
        assert market.run("niche", "analyze", NICHE, *words).code == 0
    before, after, asked = analyses(market)

    assert {one["niche_id"] for one in (before, after, asked)} == {NICHE}
    assert "margin" not in before["economics"]
    assert {"commission", "cost"} <= set(before["economics"]["missing"])
    assert (after["economics"]["cost"], after["economics"]["missing"]) == (60, ["ad_share", "lead_days", "season"])
    assert asked["economics"]["margin"] == pytest.approx(100 - 10 - 5 - 1 - 5 - 10 - 50)
