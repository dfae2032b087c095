"""Complex smoothing: its recursion, its season, its origins, and series of any badness."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from services.analysis.forecasting.ces import FIRST, _Run, ces, stable

RNG = np.random.default_rng(5)
PATTERN = 1 + 0.5 * np.sin(np.arange(12) / 12 * 2 * np.pi)
SEASONAL = np.tile(PATTERN, 6)[None] * RNG.normal(100, 5, (3, 72))
PLAIN = np.abs(np.cumsum(RNG.normal(0, 5, (3, 72)), axis=1)) + 20
BOTH = np.vstack([SEASONAL, PLAIN])


def smoothed(y: np.ndarray, real: float, imaginary: float, horizon: int) -> tuple[float, list[float]]:
    """One series by the published recursion, in complex numbers: its squared error, and its forecast."""
    gain = complex(real, imaginary)
    state = complex(y[:FIRST].mean(), y[:FIRST].mean() / 1.1)
    squares = 0.0
    for value in y:
        error = value - state.real
        squares += error * error
        # What is smoothed is the value with the last error as its imaginary part, by a complex weight.
        level, second = state.real, state.imag
        state = complex(
            level - (1 - gain.imag) * second + (gain.real - gain.imag) * error,
            level + (1 - gain.real) * second + (gain.real + gain.imag) * error,
        )
    ahead = []
    for _ in range(horizon):
        ahead.append(state.real)
        state = complex(state.real - (1 - gain.imag) * state.imag, state.real + (1 - gain.real) * state.imag)
    return squares, ahead


def test_the_states_follow_the_published_recursion() -> None:
    """At the parameters that were picked, a plain loop gives the same forecast, and no picked one is worse nearby."""
    y = PLAIN[0] / PLAIN[0].mean()
    run = _Run(y[None], np.ones((1, 72), dtype=np.bool_), np.ones((1, 1)), 72)
    real, imaginary, gamma = (float(axis[0, 0]) for axis in run.best())

    squares, ahead = smoothed(y, real, imaginary, 6)

    assert gamma == 0
    np.testing.assert_allclose(ces(PLAIN[:1], 6, 1)[0, 0], np.array(ahead) * PLAIN[0].mean(), rtol=1e-9)
    assert all(squares <= smoothed(y, *other, 1)[0] + 1e-9 for other in ((1.0, 1.0), (1.3, 0.99), (1.6, 0.95)))


def test_full_memory_is_a_plain_mean_of_nothing_else() -> None:
    """With both parts 1 the forecast is simple smoothing with no gain: the level that it began with."""
    y = np.array([4.0, 6.0, 5.0, 7.0, 3.0, 5.0, 5.0, 6.0, 4.0, 5.0, 90.0])

    assert smoothed(y, 1.0, 1.0, 2)[1] == pytest.approx([5.0, 5.0])
    assert stable(np.array([1.3, 3.0]), np.array([1.0, 1.0])).tolist() == [True, False]


def test_a_season_goes_on() -> None:
    """The forecast of a seasonal series follows its pattern; told of no season, it cannot."""
    made = ces(SEASONAL, 12, 12)[:, 0]

    np.testing.assert_allclose(made, np.tile(100 * PATTERN, (3, 1)), rtol=0.2)
    assert np.abs(ces(SEASONAL, 12, 1)[:, 0] - 100 * PATTERN).max() > 30


def test_a_constant_stays_what_it_is() -> None:
    """Nothing changed, so nothing will."""
    np.testing.assert_allclose(ces(np.full((1, 40), 7.0), 5, 12), np.full((1, 1, 5), 7.0))


@pytest.mark.parametrize("later", [0.0, 1e9, np.nan])
def test_an_origin_sees_no_later_period(later: float) -> None:
    """Whatever comes after an origin, its forecast stays as it was, to the last bit."""
    other = BOTH.copy()
    other[:, 65:] = later

    np.testing.assert_array_equal(ces(BOTH, 4, 12, 10)[:, :3], ces(other, 4, 12, 10)[:, :3])


def test_the_first_origin_is_a_forecast_of_what_was_known_then() -> None:
    """Parameters are picked before the first origin, so that it equals the forecast of the series cut off there."""
    np.testing.assert_array_equal(ces(BOTH, 4, 12, 10)[:, 0], ces(BOTH[:, :63], 4, 12)[:, 0])


def test_a_series_does_not_feel_its_neighbours() -> None:
    """Alone or in a batch, a series has the same forecasts."""
    together = ces(BOTH, 4, 12, 5)

    for row in range(len(BOTH)):
        np.testing.assert_allclose(ces(BOTH[row : row + 1], 4, 12, 5)[0], together[row], rtol=1e-12)


def test_what_is_not_known_says_nothing() -> None:
    """Over unknown periods the states run on without an error; a series of nothing has no forecast."""
    y = np.full((3, 40), 7.0)
    y[0, 20:25], y[1, 38:], y[2] = np.nan, np.nan, np.nan

    made = ces(y, 3, 12)

    np.testing.assert_allclose(made[:2], np.full((2, 1, 3), 7.0))
    assert np.isnan(made[2]).all()


@settings(max_examples=40)
@given(some.arrays(float, (2, 30), elements=st.sampled_from([0.0, 1.0, 5.0, 1e-9, 1e9, float("nan")])))
def test_any_series_has_a_forecast_that_is_a_number(y: np.ndarray) -> None:
    """Zeros, gaps, and the tiniest beside the largest: a number of at least zero where anything is known."""
    made = ces(y, 5, 4)[:, 0]

    known = ~np.isnan(y).all(axis=1)
    assert np.isfinite(made[known]).all()
    assert (made[known] >= 0).all()
    assert np.isnan(made[~known]).all()
