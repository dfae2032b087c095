from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from contracts.niche import Niche
from services.analysis.analysis import analyze
from services.analysis.market import coded, eligible, market_terms
from services.analysis.reference import quantiles
from services.analysis.terms import UNITS
from tests.analysis import rows


def market(weeks: int = 24) -> pl.DataFrame:
    """Three niches: a shop, one product, and one that sells every third week."""
    third = [1.0 if week % 3 == 0 else None for week in range(weeks)]
    return rows.frame(
        [
            *rows.shop(weeks, niche_id="n"),
            *rows.series([50.0 + week for week in range(weeks)], niche_id="one", product_id="x"),
            *rows.series(third, niche_id="rare", product_id="y", seller_id=None),
        ]
    )


def test_the_market_finds_for_each_niche_what_its_own_analysis_finds() -> None:
    """Reference, backtest and analysis speak of the same terms."""
    frame = market()
    whole = market_terms(coded(frame), rows.sunday(24))
    for place, niche in enumerate(("n", "one", "rare")):
        asked = Niche(id=niche, market="m", kind="category", path=niche, name=niche)
        alone = analyze(frame.filter(pl.col("niche_id") == niche), *rows.question(24, niche=asked))
        assert [term.name for term in alone.terms] == list(UNITS)
        for term in alone.terms:
            there = whole.terms[term.name][place]
            assert (term.raw is None) == np.isnan(there)
            assert term.raw is None or term.raw == pytest.approx(there)


def test_only_niches_that_sell_most_weeks_count() -> None:
    """Active in 60 % of the weeks, and not tiny beside the others."""
    found = market_terms(coded(market()), rows.sunday(24), floor=0.0)

    assert found.eligible.tolist() == [True, True, False]


def test_a_floor_is_of_money_or_of_the_market() -> None:
    """Given, it is a sum of eight weeks; else it is 7.5 % of the mean niche."""
    revenue = np.array([[100.0] * 10, [5.0] * 10, [0.0] * 10])

    assert eligible(revenue, floor=40.0).tolist() == [True, True, False]
    assert eligible(revenue, floor=41.0).tolist() == [True, False, False]
    assert eligible(revenue).tolist() == [True, True, False]
    assert eligible(np.array([[100.0] * 10, [3.8] * 10])).tolist() == [True, False]
    assert eligible(np.zeros((0, 10))).tolist() == []


def test_a_niche_that_sold_nothing_lately_does_not_count() -> None:
    """Whatever it once was."""
    assert eligible(np.array([[9.0] * 40 + [0.0] * 8]), floor=0.0).tolist() == [False]


def test_a_day_before_the_market_is_said() -> None:
    """Nothing to compare: what, why, and what to do."""
    with pytest.raises(ValueError, match="no observations up to 2016-12-31: import"):
        market_terms(coded(market()), rows.START - timedelta(days=2))


def test_a_reference_has_101_rising_quantiles_of_eligible_niches() -> None:
    """From the least to the greatest; a term that nobody has is left out."""
    found = market_terms(coded(market()), rows.sunday(24), floor=0.0)
    reference = quantiles(found)

    assert set(reference) == set(UNITS)
    for name, points in reference.items():
        values = found.terms[name][found.eligible]
        assert len(points) == 101
        assert list(points) == sorted(points)
        assert (points[0], points[100]) == (pytest.approx(values.min()), pytest.approx(values.max()))


def test_a_market_without_sellers_has_no_seller_terms() -> None:
    """Absent from the reference, not zero in it."""
    found = market_terms(coded(market().with_columns(seller_id=pl.lit(None, dtype=pl.String))), rows.sunday(24))

    assert {"revenue_per_seller", "concentration"}.isdisjoint(quantiles(found))


def test_a_silent_week_of_the_market_is_unknown_in_every_niche() -> None:
    """No niche sold zero in it."""
    frame = market().filter(pl.col("day") != rows.monday(20))
    found = market_terms(coded(frame), rows.sunday(24))

    assert np.isnan(found.revenue[:, 20]).all()
    assert np.isfinite(found.revenue[:, 19]).all()
