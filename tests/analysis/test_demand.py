from datetime import timedelta
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.findings import Demand
from services.analysis.demand import change, demand, mann_kendall, series, side_by_side, since_first_sale, theil_sen
from services.analysis.draws import drawn_terms, resample, sold_by
from services.analysis.ledger import Ledger, ledger, shelf
from services.analysis.quality import tidy
from services.analysis.terms import raw_terms
from tests.analysis import rows


def made(records: list[dict[str, object]], weeks: int) -> Ledger:
    """A ledger of the first so many weeks."""
    kept, _ = tidy(rows.frame(records), rows.sunday(weeks))
    return ledger(kept, rows.span(weeks), rows.sunday(weeks))


def found(of: Ledger) -> Demand | None:
    """Demand as an analysis finds it."""
    weeks = len(of.numbers)
    on = shelf(of, weeks - 8, weeks)
    point = raw_terms(of.weekly[None], sold_by(np.ones((1, len(of.products))), on))
    return demand(of, point, drawn_terms(of, on, resample(len(of.products), "n"), "n"))


def test_demand_of_a_niche_that_doubled() -> None:
    """Eight weeks at 10, eight at 20: 160 in all, +100 %, each week of the last equal."""
    here = found(made(rows.series([10.0] * 8 + [20.0] * 8), 16))

    assert here is not None
    assert (here.revenue, here.units, here.level) == (160.0, 160.0, pytest.approx(20.0))
    assert here.change is not None
    assert (here.change.value, here.change.base) == (pytest.approx(1.0), pytest.approx(10.0))
    assert here.growth is not None
    assert here.growth.base == pytest.approx(20.0)
    assert (here.spike_share, here.active_share) == (pytest.approx(0.25), 1.0)


def test_a_change_has_the_interval_of_its_draws() -> None:
    """The 2.5th and 97.5th percentile, as relative changes."""
    here = change(np.log(1.5), np.log(np.linspace(1.0, 2.0, 201)), 100.0)

    assert here is not None
    assert (here.value, here.lo, here.hi) == (
        pytest.approx(0.5),
        pytest.approx(0.025, rel=1e-2),
        pytest.approx(0.975, rel=1e-2),
    )
    assert change(float("nan"), np.zeros(3), 1.0) is None


def test_no_sales_no_demand() -> None:
    """Absent, not zero, when eight weeks sold nothing or are not there."""
    assert found(made(rows.series([10.0] * 8 + [0.0] * 8), 16)) is None
    assert found(made(rows.series([10.0] * 5), 5)) is None
    assert found(made([], 16)) is None


@given(st.lists(st.integers(0, 9), min_size=8, max_size=20))
def test_kendalls_tau_counts_pairs(values: list[int]) -> None:
    """Rising less falling pairs over the root of all pairs times pairs that differ (tau-b)."""
    pairs = list(combinations(values, 2))
    score = sum((b > a) - (b < a) for a, b in pairs)
    differ = sum(a != b for a, b in pairs)
    here = mann_kendall(np.array(values, dtype=np.float64))
    if differ == 0:
        assert here is None
    else:
        assert here is not None
        assert here.tau == pytest.approx(score / np.sqrt(len(pairs) * differ))
        assert 0 <= here.p <= 1


@given(st.lists(st.floats(0, 1000), min_size=8, max_size=20))
def test_theil_sen_is_the_median_slope(values: list[float]) -> None:
    """The median over all pairs of weeks, inside its interval."""
    slopes = [(b - a) / (j - i) for (i, a), (j, b) in combinations(enumerate(values), 2)]
    here = theil_sen(np.array(values))

    assert here is not None
    assert here.value == pytest.approx(np.median(slopes), abs=1e-9)
    assert here.lo <= here.value <= here.hi


def test_unknown_weeks_keep_their_distance() -> None:
    """A gap in a straight line does not bend it."""
    line = np.arange(20.0)
    line[5:8] = np.nan
    here = theil_sen(line)

    assert here is not None
    assert here.value == pytest.approx(1.0)
    assert mann_kendall(np.where(line > 14, line, np.nan)) is None


def test_weeks_before_the_first_sale_are_no_trend() -> None:
    """A niche that began in the middle of the market's history did not rise from zero."""
    assert since_first_sale(np.array([0.0, np.nan, 3.0, 0.0])).tolist() == [3.0, 0.0]
    here = found(made(rows.series([None] * 10 + [5.0, 6.0] * 5), 20))

    assert here is not None
    assert here.mann_kendall is not None
    assert here.mann_kendall.p > 0.05
    assert here.active_share == 0.5


def test_earlier_views_stand_beside_as_far_as_history_reaches() -> None:
    """90 days need 21 weeks, 360 days 60; what is not there is absent."""
    of = made(rows.series([float(week) for week in range(1, 31)]), 30)
    now, then = side_by_side(of, rows.sunday(30))

    assert now.revenue == sum(range(23, 31))
    assert then.as_of == rows.sunday(30) - timedelta(days=90)
    assert then.revenue == sum(range(10, 18))
    assert (then.products, then.sellers, then.price) == (1, 1, 1.0)
    assert len(side_by_side(made(rows.series([1.0] * 70), 70), rows.sunday(70))) == 3
    assert side_by_side(made(rows.series([1.0] * 5), 5), rows.sunday(5)) == ()


def test_a_series_begins_with_the_first_sale() -> None:
    """Unknown weeks are left out, sold-out ones are zero."""
    of = made([*rows.series([None, 2.0, None, 3.0]), rows.observation(day=rows.monday(4), has_data=False)], 5)

    assert [(point.week, point.revenue) for point in series(of)] == [
        (rows.monday(1), 2.0),
        (rows.monday(2), 0.0),
        (rows.monday(3), 3.0),
    ]
