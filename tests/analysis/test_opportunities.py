import pytest

from contracts.analysis import Opportunity
from services.analysis.draws import resample
from services.analysis.ledger import ledger, shelf
from services.analysis.opportunities import opportunities
from services.analysis.price import price
from services.analysis.quality import tidy
from tests.analysis import rows


def openings(pieces: dict[float, float], sellers: int = 6, *, known: bool = True) -> tuple[Opportunity, ...]:
    """Openings of a niche with eight listings at each price, each of which sold so many pieces."""
    records = [
        rows.observation(
            product_id=f"{asked}-{item}",
            seller_id=f"s{item % sellers}" if known else None,
            price=asked,
            units=sold if known else None,
            revenue=asked * sold,
        )
        for asked, sold in pieces.items()
        for item in range(8)
    ]
    kept, _ = tidy(rows.frame(records), rows.sunday(8))
    of = ledger(kept, rows.span(8), rows.sunday(8))
    on = shelf(of, 0, 8)
    return opportunities(of, on, price(on, resample(len(of.products), "n")))


GAP = {1.0: 10.0, 2.0: 10.0, 3.0: 40.0, 4.0: 2.0, 5.0: 2.0}


def test_a_band_that_sells_far_over_its_share_is_a_gap() -> None:
    """A fifth of the offers, most of the revenue; the evidence adds up."""
    (gap,) = openings(GAP)

    assert gap.kind == "price_gap"
    assert gap.evidence["ratio"] == pytest.approx(gap.evidence["revenue_share"] / gap.evidence["offer_share"])
    assert gap.evidence["lo"] <= 3.0 <= gap.evidence["hi"]
    assert gap.evidence["ratio_lo"] > 1
    assert gap.size == pytest.approx(8 * 3.0 * 40 / 8)


def test_even_sales_leave_no_gap() -> None:
    """Where each band earns its share nothing is open."""
    assert openings({asked: 60 / asked for asked in (1.0, 2.0, 3.0, 4.0, 5.0)}) == ()


def test_dear_goods_that_move_slowly_are_no_gap() -> None:
    """Revenue share is high because the price is; in pieces the band sells under its share."""
    assert openings({1.0: 10.0, 2.0: 10.0, 3.0: 10.0, 4.0: 10.0, 50.0: 5.0}) == ()


def test_one_seller_alone_is_no_gap() -> None:
    """What one seller does may be his brand, not an opening."""
    assert openings(GAP, sellers=1) == ()


def test_what_is_not_known_is_not_asked() -> None:
    """Without units and sellers the gap stands on revenue, and says no more than that."""
    (gap,) = openings(GAP, known=False)

    assert "units_ratio" not in gap.evidence
    assert "sellers" not in gap.evidence


def test_a_star_product_is_no_gap() -> None:
    """One listing with nearly all sales: drawn without it, the band is ordinary, so the interval reaches under one."""
    records = [
        rows.observation(
            product_id=f"p{item:02}", seller_id=f"s{item % 5}", price=1.0 + item, units=1.0, revenue=1.0 + item
        )
        for item in range(24)
    ]
    records.append(rows.observation(product_id="star", seller_id="s1", price=22.0, units=100.0, revenue=2200.0))
    kept, _ = tidy(rows.frame(records), rows.sunday(8))
    of = ledger(kept, rows.span(8), rows.sunday(8))
    on = shelf(of, 0, 8)

    assert opportunities(of, on, price(on, resample(25, "n"))) == ()


def test_no_prices_no_openings() -> None:
    """An empty niche has none, and says so without an error."""
    assert openings({}) == ()
