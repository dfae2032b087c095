"""The watch list: a watched niche is analysed when it is chosen, and whenever its market has new sales."""

from datetime import timedelta
from pathlib import Path

from contracts.message import scout_id
from tests.embedded import shop
from tests.embedded.home import Home, eventually
from tests.embedded.settled import data

NICHE = scout_id(shop.MARKET, "category", shop.name(3))


def analysed(home: Home) -> list[tuple[str, str]]:
    """What was analysed, in the order of the journal: the niche, and as of which day."""
    order = home.documents("log", type="analysis.completed")
    events = home.documents("events", type="analysis.completed")
    told = [data(events[key]) for key in sorted(order, key=lambda key: order[key]["seq"])]
    return [(event["niche_id"], event["as_of"]) for event in told]


def test_a_watched_niche_is_analysed_anew_when_its_market_has_new_sales(market: Home, tmp_path: Path):
    """Choosing it analyses it, an import analyses it and no other, and once it is off the list nothing does."""
    week = timedelta(weeks=1)
    tables = [shop.write(tmp_path / f"{n}.csv", shop.WEEKS + n, shop.WEEKS + n + 1) for n in range(2)]
    with market.served() as house:
        eventually(lambda: market.documents("events", type="trends.refreshed"))  # new trends are no news after this

        assert market.run("niche", "watch", shop.name(3)).code == 0
        eventually(lambda: analysed(market) == [(NICHE, f"{shop.LAST_FULL_DAY}")])

        assert market.run("import", tables[0], "--market", shop.MARKET, "-q").code == 0
        expected = [(NICHE, f"{shop.LAST_FULL_DAY + n * week}") for n in range(2)]
        eventually(lambda: analysed(market) == expected)
        row = eventually(lambda: rows[0] if (rows := house.get("/v1/scores?market=shop")["items"]) else None)
        assert (row["score"]["niche_id"], len(house.get("/v1/scores")["items"])) == (NICHE, 1)
        eventually(lambda: house.get("/v1/scores")["items"][0]["score"]["as_of"] == expected[-1][1])

        assert market.run("niche", "unwatch", shop.name(3)).code == 0
        eventually(lambda: not house.get(f"/v1/niches/{NICHE}")["niche"]["watched"])
        assert market.run("import", tables[1], "--market", shop.MARKET, "-q").code == 0
        other = next(iter(market.documents("niches").keys() - {NICHE}))
        house.done(f"/v1/niches/{other}/analyses", {})  # it stands in the queue behind the news of the import
    assert analysed(market) == [*expected, (other, f"{shop.LAST_FULL_DAY + 2 * week}")]
