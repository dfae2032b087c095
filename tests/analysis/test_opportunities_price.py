import numpy as np
import pytest

from contracts.analysis import Opportunity
from services.analysis.ledger import ledger, shelf
from services.analysis.opportunities_price import price_gaps, units_ratio
from services.analysis.price import price
from services.analysis.quality import tidy
from tests.analysis import rows


def draws(products: int, seed: int = 0) -> np.ndarray:
    """How often each product is drawn, 200 times."""
    picks = np.random.default_rng(seed).integers(0, max(products, 1), (200, products))
    return (picks[:, :, None] == np.arange(products)).sum(axis=1).astype(float)


def gaps(records: list[dict[str, object]], seed: int = 0) -> list[Opportunity]:
    """The price gaps of these rows of one week."""
    of = ledger(tidy(rows.frame(records), rows.sunday(8)).rows, rows.span(8), rows.sunday(8))
    on = shelf(of, 0, 8)
    return price_gaps(of, on, price(on, draws(len(of.products), seed)))


def openings(pieces: dict[float, float], sellers: int = 6, *, known: bool = True) -> list[Opportunity]:
    """The gaps of a niche with eight listings at each price, each of which sold so many pieces."""
    return gaps(
        [
            rows.observation(
                product_id=f"{asked}-{item}",
                seller_id=f"s{item % sellers}" if known else None,
                price=asked if known else None,
                units=sold,
                revenue=asked * sold,
            )
            | ({} if known else {"price": asked, "units": None})
            for asked, sold in pieces.items()
            for item in range(8)
        ]
    )


GAP = {1.0: 10.0, 3.0: 10.0, 9.0: 40.0, 27.0: 1.0, 81.0: 0.2}


def test_prices_that_sell_far_over_their_share_are_a_gap() -> None:
    """A fifth of the offers, most of the revenue; the evidence adds up."""
    (gap,) = openings(GAP)

    assert gap.kind == "price_gap"
    assert gap.evidence["ratio"] == pytest.approx(gap.evidence["revenue_share"] / gap.evidence["offer_share"])
    assert gap.evidence["lo"] <= 9.0 <= gap.evidence["hi"]
    assert min(gap.evidence["ratio_lo"], gap.evidence["units_ratio_lo"]) > 1
    assert gap.evidence["units_ratio_lo"] < gap.evidence["units_ratio"] < gap.evidence["units_ratio_hi"]
    assert gap.size == pytest.approx(8 * 9.0 * 40 / 8)


def test_even_sales_leave_no_gap() -> None:
    """Where each price earns its share nothing is open."""
    assert openings({asked: 60 / asked for asked in GAP}) == []


def test_dear_goods_that_move_slowly_are_no_gap() -> None:
    """Revenue share is high because the price is; in pieces they sell no more than their share."""
    assert openings({1.0: 10.0, 3.0: 10.0, 9.0: 10.0, 27.0: 10.0, 200.0: 5.0}) == []
    assert openings(dict.fromkeys(GAP, 10.0)) == []


def test_one_seller_alone_is_no_gap() -> None:
    """What one seller does may be his brand, not an opening."""
    assert openings(GAP, sellers=1) == []


def test_what_is_not_known_is_not_asked() -> None:
    """Without units and sellers the gap stands on revenue, and says no more than that."""
    (gap,) = openings(GAP, known=False)

    assert not {"units_ratio", "units_ratio_lo", "sellers"} & gap.evidence.keys()


def test_a_star_product_is_no_gap() -> None:
    """One listing with nearly all sales: drawn without it, its segment is ordinary."""
    records = [
        rows.observation(
            product_id=f"p{item:02}", seller_id=f"s{item % 5}", price=1.0 + item, units=1.0, revenue=1.0 + item
        )
        for item in range(24)
    ]
    records.append(rows.observation(product_id="star", seller_id="s1", price=22.0, units=100.0, revenue=2200.0))

    assert gaps(records) == []


def test_no_prices_no_gaps() -> None:
    """An empty niche has none, and says so without an error."""
    assert openings({}) == []


@pytest.mark.parametrize("law", ["money", "pieces"])
def test_noise_has_hardly_a_gap(law: str) -> None:
    """Of random niches whose sales do not hang on the price, under one in 30 has one, whether in money or in pieces."""
    some = np.random.default_rng(5)
    found = 0
    for seed in range(120):
        asked, sold = 10 * some.lognormal(0, 0.5, 60), some.lognormal(3, 1.3, 60)
        revenue = sold if law == "money" else sold * asked
        records = [
            rows.observation(
                product_id=f"p{item:02}",
                seller_id=f"s{item % 9}",
                price=float(asked[item]),
                units=float(revenue[item] / asked[item]),
                revenue=float(revenue[item]),
            )
            for item in range(60)
        ]
        found += bool(gaps(records, seed))

    assert found < 4


def test_the_interval_of_pieces_is_that_of_the_bootstrap() -> None:
    """On random listings the ends agree with those of drawn ones within a tenth of the interval's width."""
    some = np.random.default_rng(1)
    units, inside = some.gamma(2.0, 5.0, 400), some.random(400) < 0.3
    found = units_ratio(units, inside)
    counts = some.multinomial(400, np.full(400, 1 / 400), 4000).astype(float)
    drawn = (counts @ (units * inside) / (counts @ units)) / (counts @ inside / 400)
    low, high = np.quantile(drawn, (0.005, 0.995))

    assert found["units_ratio_lo"] == pytest.approx(low, abs=0.1 * (high - low))
    assert found["units_ratio_hi"] == pytest.approx(high, abs=0.1 * (high - low))


def test_pieces_that_nobody_bought_have_no_ratio() -> None:
    """Nothing sold at all is not known; nothing sold at these prices is a ratio of zero."""
    inside = np.array([True, False])

    assert units_ratio(np.zeros(2), inside) == {}
    assert units_ratio(np.array([0.0, 3.0]), inside) == {"units_ratio": 0.0}
