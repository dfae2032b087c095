"""Niches that no textbook has: each says what comes out of it."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from contracts.analysis import Analysis
from services.analysis.analysis import analyze
from tests.analysis import rows

WEEKS = 40


def found(frame: pl.DataFrame, weeks: int = WEEKS, **fields: object) -> Analysis:
    """The niche's analysis; that it can be written as JSON is part of every case."""
    analysis = analyze(frame, *rows.question(weeks, **fields))
    assert Analysis.from_json(analysis.to_json()) == analysis
    return analysis


def test_an_empty_niche_has_nothing_but_its_name_for_it() -> None:
    """No row: no finding, no draws, no opening, a forecast that says why there is none, and the flag."""
    empty = found(rows.frame())

    assert (empty.demand, empty.competition, empty.price, empty.unmet, empty.economics, empty.entrants) == (None,) * 6
    assert (empty.forecast.points, empty.forecast.reason) == ((), "no_sales")
    assert (empty.series, empty.snapshots, empty.opportunities, empty.draws) == ((), (), (), {})
    assert empty.quality.flags == ("no_rows",)


def test_one_row_is_a_listing_with_a_price_and_no_trend() -> None:
    """One sale in the last week: level and price are known, whatever compares is absent."""
    one = found(rows.frame([rows.observation(day=rows.monday(WEEKS - 1), price=5.0, units=2.0)]))

    assert one.demand is not None
    assert (one.demand.revenue, one.demand.units) == (10.0, 2.0)
    assert (one.demand.mann_kendall, one.demand.slope, one.demand.season, one.demand.changes) == (None, None, None, ())
    assert one.forecast.reason == "short_history"
    assert one.price is not None
    assert one.price.quantiles["p50"] == 5.0
    assert one.price.segments == ()
    assert one.competition is not None
    assert (one.competition.sellers, one.competition.hhi_lo, one.competition.gini) == (1, 1.0, None)


def test_one_seller_is_a_monopoly() -> None:
    """All concentration is one, the four largest hold all, inequality among one cannot be told."""
    alone = found(rows.frame(one_seller()))

    assert alone.competition is not None
    assert (alone.competition.hhi_lo, alone.competition.hhi_hi, alone.competition.cr4) == (1.0, 1.0, 1.0)
    assert alone.competition.effective_sellers == 1.0
    assert alone.competition.gini is None
    assert "few_sellers_hold_most" in {flag.code for flag in alone.red_flags}


def one_seller() -> list[dict[str, object]]:
    """A shop whose goods all come from one seller."""
    return [{**row, "seller_id": "only"} for row in rows.shop(WEEKS)]


def test_equal_prices_have_one_mode_and_no_segments() -> None:
    """Where all cost the same there is no cheap and no dear end, and no gap between them."""
    same = [{**row, "price": 3.0, "revenue": 3.0 * row["units"]} for row in rows.shop(WEEKS)]
    equal = found(rows.frame(same))

    assert equal.price is not None
    assert set(equal.price.quantiles.values()) == {3.0}
    assert equal.price.variation == 0.0
    assert equal.price.segments == ()
    assert "price_gap" not in {opening.kind for opening in equal.opportunities}


def test_negative_units_are_shown_dropped_and_said() -> None:
    """Returns booked as sales: the rows are out, counted, exemplified and flagged; the rest is as without them."""
    clean = rows.shop(WEEKS)
    returned = [{**row, "product_id": "back", "units": -1.0, "revenue": -2.0} for row in clean[:30]]
    with_returns, without = found(rows.frame([*clean, *returned])), found(rows.frame(clean))

    assert with_returns.quality.dropped == {"negative": 30}
    assert {row.why for row in with_returns.quality.examples} == {"negative"}
    assert "negatives" in with_returns.quality.flags
    assert with_returns.demand == without.demand
    assert with_returns.competition == without.competition


def test_ten_years_of_days_are_520_weeks_with_a_season() -> None:
    """Daily rows add up to weeks; the season is seen, the forecast has all bands, and earlier views stand beside."""
    weeks = 520
    day = np.arange(weeks * 7)
    sold = np.round(
        200 * (1 + 0.6 * np.sin(2 * np.pi * day / 365.25)) + np.random.default_rng(3).normal(0, 10, len(day))
    )
    frame = rows.frame(
        [
            rows.observation(day=rows.START + timedelta(days=int(n)), units=float(units), revenue=float(units))
            for n, units in zip(day, np.maximum(sold, 0), strict=True)
        ]
    )
    old = found(frame, weeks)

    assert old.quality.days == weeks * 7
    assert (len(old.series), len(old.snapshots)) == (weeks, 3)
    assert old.demand is not None
    assert old.demand.season is not None
    assert old.demand.season.strength > 0.8
    assert abs(old.demand.season.peak - 13) <= 3
    assert {band.level for point in old.forecast.points for band in point.bands} == {50, 80, 95}


def test_a_niche_of_200_000_products_is_analysed_whole() -> None:
    """Every product counts: in the revenue, in the listings, in the price; fewer draws still are an interval."""
    products, weeks = 200_000, 16
    item = np.tile(np.arange(products), 2)
    price = 5.0 + item % 50
    units = 1.0 + ((np.arange(len(item)) >= products) & (item % 3 == 0))
    big = pl.DataFrame(
        {
            "niche_id": "n",
            "product_id": [f"p{place}" for place in item],
            "day": np.repeat(
                np.array([rows.monday(weeks - 5), rows.monday(weeks - 1)], dtype="datetime64[D]"), products
            ),
            "price": price,
            "units": units,
            "revenue": price * units,
            "seller_id": [f"s{place % 997}" for place in item],
            "has_data": True,
            "source": "test",
            "import_id": "i",
        }
    )
    whole = found(rows.whole(big), weeks)

    assert whole.competition is not None
    assert (whole.competition.products, whole.competition.sellers) == (products, 997)
    assert whole.demand is not None
    assert whole.demand.revenue == pytest.approx((price * units).sum())
    assert {len(values) for values in whole.draws.values()} == {50}
    assert min(whole.draws["level"]) < np.log(whole.demand.level) < max(whole.draws["level"])
