import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.analysis.trends import Trends, trends
from services.analysis.weeks import monday
from tests.analysis.test_season import december, numbers


def of(weekly: np.ndarray) -> Trends:
    """The trends of one niche."""
    (only,) = trends(weekly[None], numbers(len(weekly)))
    return only


def test_weeks_before_the_first_sale_are_no_trend() -> None:
    """A niche that began in the middle of the market's history did not rise from zero."""
    here = of(np.array([0.0] * 20 + [np.nan] + [5.0, 6.0] * 10))

    assert here.mann_kendall is not None
    assert here.mann_kendall.p > 0.05
    assert here.changes == ()


def test_autumn_is_no_growth() -> None:
    """A season that ends at its height is divided away; what grows beside it stays."""
    steady = december(126)
    grown = steady * (1 + np.arange(126) / 126)
    flat, rising = of(steady), of(grown)

    assert flat.season is not None
    assert flat.mann_kendall is not None
    assert flat.slope is not None
    assert flat.slope.lo < 0 < flat.slope.hi
    assert flat.mann_kendall.p > 0.05
    assert rising.slope is not None
    assert rising.slope.value == pytest.approx(100 / 126, rel=0.25)
    assert rising.slope.lo > 0


def test_a_step_is_told_in_money_from_its_monday() -> None:
    """The mean week before it and after it, in the market's currency."""
    (change,) = of(np.array([3e6] * 12 + [7e6] * 12)).changes

    assert change.week == monday(numbers(24)[12])
    assert (change.before, change.after) == (3e6, 7e6)


def test_a_niche_has_the_trends_it_has_alone() -> None:
    """Whatever stands beside it in a batch."""
    random = np.random.default_rng(3)
    batch = random.lognormal(3, 0.5, size=(12, 120))
    batch[::4, :70] = 0.0
    batch[1, 100:110] = np.nan
    batch[2] *= 1e9
    batch[3] = 0.0
    together = trends(batch, numbers(120))

    assert together == tuple(of(row) for row in batch)


@pytest.mark.parametrize(
    "weekly",
    [
        np.zeros(0),
        np.zeros(60),
        np.full(60, np.nan),
        np.array([0.0] * 59 + [5.0]),
        np.array([np.nan] * 50 + [1.0] * 7),
    ],
)
def test_what_hardly_sold_has_no_trends(weekly: np.ndarray) -> None:
    """No week, no sale, one sale, seven weeks: all absent."""
    assert of(weekly) == Trends()


@given(
    st.lists(st.one_of(st.just(0.0), st.just(float("nan")), st.floats(1e-300, 1e300)), min_size=1, max_size=140),
    st.integers(1, 3),
)
def test_whatever_a_niche_sells_its_trends_are_numbers(weeks: list[float], times: int) -> None:
    """Gaps, zeros and money of any size: a shape that refuses NaN and infinity is filled, or absent."""
    here = of(np.array(weeks * times))

    assert here.slope is None or here.slope.lo <= here.slope.value <= here.slope.hi
    assert here.mann_kendall is None or 0 <= here.mann_kendall.p <= 1


def test_ten_years_are_tested_too() -> None:
    """520 weeks, 134,940 pairs."""
    here = of(december(520))

    assert here.season is not None
    assert here.mann_kendall is not None
