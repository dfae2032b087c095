from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from services.analysis.forecast import ALPHAS, BETAS, PHIS, damped, rolling

SERIES = np.array([[10.0, 12.0, 9.0, 14.0, 13.0, 17.0, 15.0, 18.0, 22.0, 19.0]])


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

    np.testing.assert_allclose(damped(batch, 4)[1:2], damped(SERIES[:, ::-1], 4))
    np.testing.assert_allclose(rolling(batch, 4)[2], rolling(1000 * SERIES, 4)[0])


def test_money_has_no_scale() -> None:
    """In cents the forecast is a hundred times that in dollars."""
    np.testing.assert_allclose(damped(100 * SERIES, 4), 100 * damped(SERIES, 4))


def test_weeks_before_the_first_sale_are_not_history() -> None:
    """Leading zeros change nothing."""
    late = np.hstack([np.zeros((1, 5)), SERIES])

    np.testing.assert_allclose(damped(late, 4), damped(SERIES, 4))
    np.testing.assert_allclose(rolling(late, 4)[:, 5:], rolling(SERIES, 4))


def test_a_constant_goes_on() -> None:
    """What never changed is not expected to change."""
    np.testing.assert_allclose(rolling(np.full((1, 20), 7.0), 8)[0, -1], 7.0)


def test_an_unknown_week_is_carried_over() -> None:
    """A gap in a constant leaves the constant."""
    y = np.full((1, 20), 7.0)
    y[0, 8:11] = np.nan

    np.testing.assert_allclose(rolling(y, 8)[0, -1], 7.0)


def test_an_origin_sees_no_later_week() -> None:
    """Other weeks after an origin leave its forecast as it was."""
    other = SERIES.copy()
    other[:, 6:] *= 7

    np.testing.assert_array_equal(rolling(SERIES, 4)[:, :6], rolling(other, 4)[:, :6])


def test_theta_follows_half_of_a_straight_line() -> None:
    """On a rising line the mean of methods rises, and stays under the line's own slope."""
    ahead = rolling(np.arange(1.0, 41.0)[None], 8)[0, -1]

    assert (np.diff(ahead) > 0).all()
    assert (np.diff(ahead) < 1).all()


@pytest.mark.parametrize("weeks", [0, 1, 2])
def test_very_short_series_have_an_answer(weeks: int) -> None:
    """Nothing known: zero; little known: that."""
    assert damped(np.full((1, weeks), 3.0), 2).tolist() == [[3.0 if weeks else 0.0] * 2]
    assert rolling(np.full((1, weeks), 3.0), 2).shape == (1, weeks, 2)


@given(
    some.arrays(
        np.float64,
        st.tuples(st.integers(1, 3), st.integers(1, 20)),
        elements=st.floats(0, 1e9) | st.just(float("nan")),
    )
)
def test_a_forecast_is_a_number_that_is_not_negative(y: np.ndarray) -> None:
    """Whatever the series, nobody gets NaN, infinity or negative money."""
    for ahead in (damped(y, 3), rolling(y, 3)):
        assert np.isfinite(ahead).all()
        assert (ahead >= 0).all()
