import dataclasses
from time import perf_counter

import numpy as np
import pytest
from scipy import stats

from services.analysis.draws import resample
from services.analysis.ledger import Shelf, ledger, shelf
from services.analysis.price import OFFERS, matched_change, price, segments, variation
from tests.analysis import rows


def on_sale(prices: list[float | None], sold: list[float] | None = None) -> Shelf:
    """A shelf of one week with products at these prices."""
    records = [
        rows.observation(product_id=f"p{place:02}", price=asked, units=None, revenue=(sold or [1.0] * 99)[place])
        for place, asked in enumerate(prices)
    ]
    of = ledger(rows.frame(records), rows.span(8), rows.sunday(8))
    return shelf(of, 0, 8)


def random_shelf(listings: int) -> Shelf:
    """A shelf of listings with lognormal prices, of which about half sold."""
    random = np.random.default_rng(listings)
    empty = on_sale([1.0])
    return dataclasses.replace(
        empty,
        present=np.ones(listings, dtype=np.bool_),
        price=random.lognormal(3, 0.8, listings).round(2),
        sold=random.lognormal(2, 1.5, listings) * (random.random(listings) < 0.5),
    )


def test_quantiles_are_of_the_listings_that_have_a_price() -> None:
    """One vote for each listing, none for one without a price or for nothing."""
    found = price(on_sale([1.0, 2.0, 3.0, 4.0, 5.0, None, 0.0]), resample(7, "n"))

    assert found is not None
    assert (found.quantiles["p50"], found.quantiles["p25"]) == (3.0, 2.0)
    assert found.variation == pytest.approx(np.sqrt(2) / 3)
    assert found.modes == found.segments == ()


def test_quantiles_and_variation_are_those_of_numpy_and_scipy() -> None:
    """For few listings and for many."""
    for listings in (1, 2, 7, 200):
        on = random_shelf(listings)
        found = price(on, resample(listings, "n"))

        assert found is not None
        assert list(found.quantiles.values()) == pytest.approx(np.quantile(on.price, (0.05, 0.25, 0.5, 0.75, 0.95)))
        assert found.variation == (pytest.approx(stats.variation(on.price)) if listings > 1 else None)


def test_segments_hold_all_offers_and_all_revenue() -> None:
    """Shares add up to one; ratio is revenue share over offer share; a bound belongs to the upper segment."""
    sold = np.arange(1.0, 21.0)
    prices = np.array([1.0] * 8 + [10.0] * 6 + [100.0] * 6)
    found = segments(prices, sold, resample(20, "n"))

    assert [(part.lo, part.hi, part.offers) for part in found] == [(1.0, 10.0, 8), (10.0, 100.0, 6), (100.0, 100.0, 6)]
    assert sum(part.offer_share for part in found) == pytest.approx(1)
    assert sum(part.revenue_share for part in found) == pytest.approx(1)
    assert found[0].ratio == pytest.approx(36 / 210 / 0.4)


def test_segments_are_read_by_their_bounds() -> None:
    """Whoever counts listings from `lo` to below `hi`, and to `hi` in the last one, gets the offers that are told."""
    on = random_shelf(300)
    found = segments(on.price, on.sold, resample(300, "n"))

    for part in found:
        inside = (on.price >= part.lo) & ((on.price < part.hi) | (part is found[-1]))
        assert (part.offers, part.revenue) == (inside.sum(), pytest.approx(on.sold[inside].sum()))
        assert part.offers >= OFFERS
    assert (found[0].lo, found[-1].hi) == (on.price.min(), on.price.max())
    assert [part.hi for part in found[:-1]] == [part.lo for part in found[1:]]


def test_the_interval_of_a_ratio_is_of_the_draws_that_have_it() -> None:
    """Computed anew, draw by draw, with numpy's quantiles; a draw without an offer there says nothing."""
    on = random_shelf(12)
    counts = resample(12, "n")
    counts[:20, on.price >= np.median(on.price)] = 0
    dear = segments(on.price, on.sold, counts)[-1]
    inside = on.price >= dear.lo
    ratios = [
        (drawn[inside] @ on.sold[inside] / (drawn @ on.sold)) / (drawn[inside].sum() / drawn.sum())
        for drawn in counts
        if drawn[inside].sum() and drawn @ on.sold
    ]

    assert len(ratios) < len(counts)
    assert (dear.ratio_lo, dear.ratio_hi) == pytest.approx(tuple(np.quantile(ratios, (0.025, 0.975))))


def test_without_a_usable_draw_a_ratio_has_no_interval() -> None:
    """The ratio stands by itself."""
    on = random_shelf(30)
    found = segments(on.price, on.sold, np.zeros((5, 30)))

    assert [(part.ratio_lo, part.ratio_hi) for part in found] == [(None, None)] * len(found)
    assert len(found) > 1


def test_an_odd_price_does_not_decide_where_segments_part() -> None:
    """One listing a thousand times dearer goes with the dear ones; cheap and dear part where they did."""
    prices = np.array([*np.linspace(1, 1.2, 12), *np.linspace(3, 3.6, 12)])
    usual, odd = (segments(asked, np.ones(24), resample(24, "n")) for asked in (prices, np.append(prices[:-1], 3000.0)))

    assert [part.offers for part in usual] == [part.offers for part in odd] == [12, 12]
    assert odd[-1].hi == 3000.0


def test_a_listing_without_a_price_is_in_no_segment() -> None:
    """Nor is its revenue, or what it is drawn for."""
    on = random_shelf(40)
    priced = np.arange(40) % 4 > 0
    counts = resample(40, "n")

    assert segments(np.where(priced, on.price, np.nan), on.sold, counts) == segments(
        on.price[priced], on.sold[priced], counts[:, priced]
    )


def test_equal_prices_are_one_mode_and_no_segments() -> None:
    """Where all ask the same there is no cheap and no dear."""
    found = price(on_sale([3.0] * 12), resample(12, "n"))

    assert found is not None
    assert found.segments == ()
    assert [(mode.price, mode.share) for mode in found.modes] == [(pytest.approx(3.0), 1.0)]
    assert set(found.quantiles.values()) == {3.0}
    assert found.variation == 0.0


def test_modes_are_prices() -> None:
    """Two thirds ask about ten, a third about forty."""
    found = price(on_sale([9.9, 9.99, 10.0, 10.1] * 10 + [39.0, 40.0, 40.5, 41.0] * 5), resample(60, "n"))

    assert found is not None
    assert [(mode.price, mode.share) for mode in found.modes] == [
        (pytest.approx(10, rel=0.02), pytest.approx(2 / 3)),
        (pytest.approx(40, rel=0.02), pytest.approx(1 / 3)),
    ]


def test_no_price_no_quantiles() -> None:
    """Absent where nobody told a price."""
    assert price(on_sale([None, None]), resample(2, "n")) is None
    assert price(on_sale([]), resample(0, "n")) is None


def test_no_revenue_no_segments() -> None:
    """A share of nothing is not a number."""
    found = price(on_sale([float(n) for n in range(1, 13)], [0.0] * 12), resample(12, "n"))

    assert found is not None
    assert found.segments == ()


def test_prices_of_any_size_vary() -> None:
    """The variation does not depend on the unit of money."""
    assert variation(np.array([1.0, 3.0]) * 1e300) == pytest.approx(0.5)
    assert variation(np.array([1.0, 3.0]) * 1e-300) == pytest.approx(0.5)


def test_a_huge_shelf_takes_well_under_a_second() -> None:
    """Two hundred thousand listings, and twenty draws."""
    on, counts = random_shelf(200_000), np.ones((20, 200_000))
    started = perf_counter()
    found = price(on, counts)

    assert perf_counter() - started < 1
    assert found is not None
    assert len(found.segments) > 1


def test_price_changes_are_of_the_same_products() -> None:
    """A new dear product does not make prices rise."""
    before = on_sale([1.0, 2.0, 3.0, 4.0, 5.0, None])
    now = on_sale([0.9, 1.8, 2.7, 3.6, 4.5, 900.0])

    assert matched_change(before, now) == pytest.approx(-0.1)
    assert matched_change(on_sale([1.0] * 4), on_sale([2.0] * 4)) is None
