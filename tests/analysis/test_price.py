import numpy as np
import pytest

from services.analysis.draws import resample
from services.analysis.ledger import Shelf, ledger, shelf
from services.analysis.price import matched_change, price, segments
from services.analysis.quality import tidy
from tests.analysis import rows


def on_sale(prices: list[float | None], sold: list[float] | None = None) -> Shelf:
    """A shelf of one week with products at these prices."""
    records = [
        rows.observation(product_id=f"p{place:02}", price=asked, units=None, revenue=(sold or [1.0] * 99)[place])
        for place, asked in enumerate(prices)
    ]
    kept, _ = tidy(rows.frame(records), rows.sunday(8))
    of = ledger(kept, rows.span(8), rows.sunday(8))
    return shelf(of, 0, 8)


def test_quantiles_are_of_the_listings_that_have_a_price() -> None:
    """One vote for each listing, none for one without a price."""
    found = price(on_sale([1.0, 2.0, 3.0, 4.0, 5.0, None]), resample(6, "n"))

    assert found is not None
    assert found.quantiles["p50"] == 3.0
    assert found.quantiles["p25"] == 2.0
    assert found.segments == ()


def test_bands_hold_all_offers_and_all_revenue() -> None:
    """Shares of bands add up to one; ratio is revenue share over offer share."""
    sold = np.arange(1.0, 21.0)
    found = segments(np.arange(20.0) + 1, sold, resample(20, "n"))

    assert len(found) == 5
    assert sum(band.offers for band in found) == 20
    assert sum(band.offer_share for band in found) == pytest.approx(1)
    assert sum(band.revenue_share for band in found) == pytest.approx(1)
    assert found[0].ratio == pytest.approx((1 + 2 + 3 + 4) / 210 / 0.2)
    assert all(band.ratio_lo <= band.ratio <= band.ratio_hi for band in found)


def test_equal_prices_are_one_band_which_is_none() -> None:
    """Where all ask the same there is no cheap and no dear."""
    found = price(on_sale([3.0] * 12), resample(12, "n"))

    assert found is not None
    assert found.segments == ()
    assert set(found.quantiles.values()) == {3.0}


def test_ties_make_fewer_bands_but_lose_no_listing() -> None:
    """Half of the listings at one price: their band is wide, the shares still add up."""
    prices = np.array([5.0] * 10 + [6.0, 7.0, 8.0, 9.0, 10.0])
    found = segments(prices, np.ones(15), resample(15, "n"))

    assert 1 < len(found) < 5
    assert sum(band.offers for band in found) == 15


def test_no_price_no_quantiles() -> None:
    """Absent where nobody told a price."""
    assert price(on_sale([None, None]), resample(2, "n")) is None
    assert price(on_sale([]), resample(0, "n")) is None


def test_no_revenue_no_bands() -> None:
    """A share of nothing is not a number."""
    found = price(on_sale([float(n) for n in range(1, 13)], [0.0] * 12), resample(12, "n"))

    assert found is not None
    assert found.segments == ()


def test_price_changes_are_of_the_same_products() -> None:
    """A new dear product does not make prices rise."""
    before = on_sale([1.0, 2.0, 3.0, 4.0, 5.0, None])
    now = on_sale([0.9, 1.8, 2.7, 3.6, 4.5, 900.0])

    assert matched_change(before, now) == pytest.approx(-0.1)
    assert matched_change(on_sale([1.0] * 4), on_sale([2.0] * 4)) is None
