"""The fast tier over batches: seasons, origins, and series of any badness."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from services.analysis.forecasting import fast as module
from services.analysis.forecasting.fast import fast, rolling

RNG = np.random.default_rng(11)
PATTERN = 1 + 0.5 * np.sin(np.arange(12) / 12 * 2 * np.pi)
SEASONAL = np.tile(PATTERN, 6)[None] * RNG.normal(100, 5, (4, 72))
PLAIN = np.abs(np.cumsum(RNG.normal(0, 5, (4, 72)), axis=1)) + 20
BOTH = np.vstack([SEASONAL, PLAIN])


def test_a_season_goes_on() -> None:
    """The forecast of a seasonal series follows its pattern closer than half of the pattern's own size."""
    made = fast(SEASONAL, 12, 12)

    np.testing.assert_allclose(made, np.tile(100 * PATTERN, (4, 1)), rtol=0.15)
    assert np.abs(fast(SEASONAL, 12, 1) - 100 * PATTERN).max() > 30


def test_an_origin_is_a_forecast_of_what_was_known_then() -> None:
    """What was forecast at an origin is what `fast` makes of the series cut off there; the last origin is now."""
    made = rolling(BOTH, 4, 12, 40)

    for back in (0, 1, 7, 25, 39):
        np.testing.assert_allclose(made[:, 39 - back], fast(BOTH[:, : 72 - back], 4, 12), rtol=1e-12)


@pytest.mark.parametrize("later", [0.0, 1e9, np.nan])
def test_an_origin_sees_no_later_period(later: float) -> None:
    """Whatever comes after an origin, its forecast stays as it was, to the last bit."""
    other = BOTH.copy()
    other[:, 50:] = later

    np.testing.assert_array_equal(rolling(BOTH, 4, 12, 40)[:, :18], rolling(other, 4, 12, 40)[:, :18])


def test_a_series_does_not_feel_its_neighbours() -> None:
    """Alone or in a batch, a series has the same forecasts to the last bit."""
    together = rolling(BOTH, 4, 12, 40)

    for row in range(len(BOTH)):
        np.testing.assert_array_equal(rolling(BOTH[row : row + 1], 4, 12, 40), together[row : row + 1])


def test_chunks_of_origins_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seasonal origins held all at once or series by series give the same."""
    together = rolling(BOTH, 4, 12, 40)
    monkeypatch.setattr(module, "CELLS", 1)

    np.testing.assert_array_equal(rolling(BOTH, 4, 12, 40), together)


def test_what_is_before_the_start_does_not_matter() -> None:
    """More unknown periods before the first known one change nothing."""
    late = np.hstack([np.full((len(BOTH), 13), np.nan), BOTH])

    np.testing.assert_allclose(fast(late, 4, 12), fast(BOTH, 4, 12), rtol=1e-12)


def test_money_has_no_scale() -> None:
    """In units a thousand times smaller or a hundred digits larger the forecast is the same."""
    for scale in (1e-3, 1e100, 1e-100):
        np.testing.assert_allclose(fast(scale * BOTH, 4, 12), scale * fast(BOTH, 4, 12), rtol=1e-9)


def test_a_constant_goes_on() -> None:
    """What never changed is not expected to change, with a gap in it or without."""
    y = np.full((2, 60), 7.0)
    y[1, 20:30] = np.nan

    np.testing.assert_allclose(rolling(y, 8, 12, 60), 7.0)


def test_a_rising_line_goes_on_rising_slower() -> None:
    """The mean of methods follows a trend, and not all of it."""
    ahead = fast(np.arange(1.0, 41.0)[None], 8, 1)[0]

    assert (np.diff(ahead) > 0).all()
    assert (np.diff(ahead) < 1).all()


def test_nothing_known_is_not_forecast() -> None:
    """NaN for an empty series, in the batch and at origins before a start; a single value is carried on."""
    y = np.full((2, 5), np.nan)
    y[1, 4] = 3.0
    made = rolling(y, 2, 52, 7)

    assert np.isnan(made[0]).all()
    assert np.isnan(made[1, :6]).all()
    assert made[1, 6].tolist() == [3.0, 3.0]
    assert fast(np.zeros((0, 5)), 2, 52).shape == (0, 2)
    assert np.isnan(fast(np.zeros((1, 0)), 2, 52)).all()


@given(
    some.arrays(
        np.float64,
        st.tuples(st.integers(1, 3), st.integers(1, 30)),
        elements=st.floats(0, 1e15) | st.just(float("nan")) | st.just(0.0),
    )
)
@settings(max_examples=150)
def test_a_forecast_of_known_money_is_a_number_that_is_not_negative(y: np.ndarray) -> None:
    """Whatever the series, nobody gets infinity or negative money, and NaN only where nothing is known."""
    made = rolling(y, 3, 4, y.shape[1])
    known = np.logical_or.accumulate(~np.isnan(y), axis=1)

    assert (np.isnan(made) == ~known[:, :, None]).all()
    assert np.isfinite(made[known]).all()
    assert (made[known] >= 0).all()
