"""The damped trend is the textbook's, and the weights that make it."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from services.analysis.forecast import ALPHAS, BETAS, PHIS, damped, damped_filters

SERIES = np.array([[10.0, 12.0, 9.0, 14.0, 13.0, 17.0, 15.0, 18.0, 22.0, 19.0]])
ANY = some.arrays(
    np.float64, st.tuples(st.just(1), st.integers(1, 20)), elements=st.floats(0, 1e9) | st.just(float("nan"))
)


def damped_by_hand(y: list[float], horizon: int) -> list[float]:
    """The textbook recursion in plain Python, best set of parameters by squared one-step error."""
    best: tuple[float, list[float]] | None = None
    for alpha, beta, phi in product(ALPHAS, BETAS, PHIS):
        level, trend, wrong = y[0], 0.0, 0.0
        for value in y[1:]:
            error = value - (level + phi * trend)
            wrong += error * error
            level, trend = level + phi * trend + alpha * error, phi * trend + alpha * beta * error
        ahead = [level + trend * sum(phi**step for step in range(1, far + 1)) for far in range(1, horizon + 1)]
        if best is None or wrong < best[0]:
            best = (wrong, ahead)
    assert best is not None
    return best[1]


def test_damped_trend_is_the_textbook_recursion() -> None:
    """The batch gives what the recursion gives one by one."""
    np.testing.assert_allclose(damped(SERIES, 8)[0], damped_by_hand(SERIES[0].tolist(), 8))


def test_a_series_does_not_feel_its_neighbours() -> None:
    """Batched or alone, a series has the same forecast."""
    batch = np.vstack([SERIES, SERIES[:, ::-1], 1000 * SERIES])

    np.testing.assert_array_equal(damped(batch, 4)[1:2], damped(SERIES[:, ::-1], 4))


def test_money_has_no_scale() -> None:
    """In cents the forecast is a hundred times that in dollars."""
    np.testing.assert_allclose(damped(100 * SERIES, 4), 100 * damped(SERIES, 4))


def test_weeks_before_the_first_sale_are_not_history() -> None:
    """Leading zeros change nothing."""
    late = np.hstack([np.zeros((1, 5)), SERIES])

    np.testing.assert_array_equal(damped(late, 4), damped(SERIES, 4))


def test_an_unknown_week_is_carried_over() -> None:
    """A gap in a constant leaves the constant."""
    y = np.full((1, 20), 7.0)
    y[0, 8:11] = np.nan

    np.testing.assert_allclose(damped(y, 8), 7.0)


@pytest.mark.parametrize("weeks", [0, 1, 2])
def test_very_short_series_have_an_answer(weeks: int) -> None:
    """Nothing known: zero; little known: that."""
    assert damped(np.full((1, weeks), 3.0), 2).tolist() == [[3.0 if weeks else 0.0] * 2]
    assert damped_filters(np.full((1, weeks), 3.0), 2)[1].shape == (1, weeks, 2)


@given(ANY)
def test_a_forecast_is_a_number_that_is_not_negative(y: np.ndarray) -> None:
    """Whatever the series, nobody gets NaN, infinity or negative money."""
    ahead = damped(y, 3)

    assert np.isfinite(ahead).all()
    assert (ahead >= 0).all()


@given(ANY)
def test_the_forecast_is_its_weights_times_the_weeks(y: np.ndarray) -> None:
    """Unknown weeks and those before the first sale weigh nothing; what is left gives the damped forecast."""
    weights = damped_filters(y, 4)[1][0]
    made = np.maximum(np.nan_to_num(y) @ weights, 0.0)

    np.testing.assert_allclose(made, damped(y, 4), rtol=1e-9, atol=1e-9 * max(float(np.nan_to_num(y).max()), 1.0))
    assert (weights[np.isnan(y[0])] == 0).all()


def test_the_weights_hold_for_every_series_of_the_same_weeks() -> None:
    """With the parameters of one series they forecast another as those parameters would: a draw costs a product."""
    other = SERIES * np.random.default_rng(1).uniform(0.99, 1.01, SERIES.shape)

    np.testing.assert_allclose(other @ damped_filters(SERIES, 8)[1][0], damped(other, 8), rtol=1e-9)


def test_the_weights_of_a_series_are_the_same_among_others() -> None:
    """Series that start and stop being known at other weeks change no weight of this one."""
    many = np.vstack([np.full(10, np.nan), SERIES, np.roll(SERIES, 3), np.where(np.arange(10) < 4, 0.0, SERIES)])
    many[2, 5] = np.nan
    made, together = damped_filters(many, 8)

    np.testing.assert_array_equal(made, damped(many, 8))
    for place, alone in enumerate(many):
        np.testing.assert_array_equal(together[place], damped_filters(alone[None], 8)[1][0])
