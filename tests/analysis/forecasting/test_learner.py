"""What the learner sees of a series, and that it learns what series have in common."""

import numpy as np
import pytest

from services.analysis.forecasting.features import FLOOR, features, logs, shifted, shifted_ahead
from services.analysis.forecasting.learner import Learner, learn

RNG = np.random.default_rng(8)


def market(series: int = 60, periods: int = 60, seed: int = 8) -> np.ndarray:
    """Series that fall back after every jump: half of a change is gone a period later."""
    rng = np.random.default_rng(seed)
    level = rng.normal(5, 1, (series, 1))
    return np.exp(level + rng.normal(0, 0.3, (series, periods)))


def learnt(y: np.ndarray, horizon: int = 3, season: int = 52) -> Learner:
    """What is learnt where there is enough to learn from."""
    found = learn(y, horizon, season)
    assert found is not None
    return found


def test_a_period_without_a_sale_is_a_small_share_of_the_mean_so_far() -> None:
    """The logarithm of nothing is that of 2 % of the mean; before a sale there is none, and a gap keeps the last."""
    found = logs(np.array([[np.nan, 0.0, 8.0, 0.0, np.nan, 4.0]]))

    assert np.isnan(found[0, :2]).all()
    np.testing.assert_allclose(found[0, 2:], np.log([8.0, FLOOR * 8 / 3, FLOOR * 8 / 3, 4.0]))


def test_features_see_no_later_period() -> None:
    """Figures of a period stay as they were, to the last bit, whatever comes after it."""
    y = market(4, 80)
    other = y.copy()
    other[:, 50:] = [[0.0], [1e9], [np.nan], [1.0]]

    np.testing.assert_array_equal(features(logs(y), 12)[:, :, :50], features(logs(other), 12)[:, :, :50])
    np.testing.assert_array_equal(
        shifted_ahead(logs(y), 12, 3)[:, :, :50], shifted_ahead(logs(other), 12, 3)[:, :, :50]
    )


def test_the_season_before_is_told_for_the_same_stretch() -> None:
    """Two ahead, season four: from four to two periods before, and from eight to six; never what is to come."""
    z = np.arange(10.0)[None] ** 2

    found = shifted_ahead(z, 4, 2)

    assert found[0, 0, 8] == 6**2 - 4**2
    assert found[1, 0, 8] == 2**2 - 0**2
    assert np.isnan(shifted_ahead(z, 2, 3)[0]).all()
    assert shifted(z, 3)[0, 3] == 0


def test_it_learns_that_jumps_fall_back() -> None:
    """On series around a level of their own it misses by far less than the last value does."""
    y = market()
    made = learnt(y[:, :57]).forecast(y[:, :57], 3, 1)[:, 0]

    ours, naive = (np.abs(np.log(one) - np.log(y[:, 57:])).mean() for one in (made, y[:, 56:57]))
    assert ours < 0.85 * naive


def test_it_learns_for_series_that_it_did_not_see() -> None:
    """What one market's series have in common holds for another niche."""
    other = market(30, 60, seed=9)
    made = learnt(market()).forecast(other[:, :57], 3, 1)[:, 0]

    ours, naive = (np.abs(np.log(one) - np.log(other[:, 57:])).mean() for one in (made, other[:, 56:57]))
    assert ours < 0.85 * naive


def test_money_has_no_scale() -> None:
    """A niche a million times larger has a forecast a million times larger."""
    y = market()
    found = learnt(y)

    np.testing.assert_allclose(found.forecast(1e6 * y[:5], 3, 1), 1e6 * found.forecast(y[:5], 3, 1), rtol=1e-6)


def test_an_origin_sees_no_later_period() -> None:
    """Of what was learnt before, an origin makes the same forecast whatever comes after it."""
    y = market()
    found = learnt(y[:, :50])
    other = y.copy()
    other[:, 55:] = 0.0

    np.testing.assert_array_equal(found.forecast(y, 3, 10)[:, :5], found.forecast(other, 3, 10)[:, :5])


def test_learning_twice_is_the_same() -> None:
    """Nothing is left to chance: the draw of examples and the trees have a seed."""
    y = market()

    np.testing.assert_array_equal(learnt(y).forecast(y, 3, 1), learnt(y).forecast(y, 3, 1))


@pytest.mark.parametrize("y", [market(2, 20), np.full((40, 60), np.nan), np.zeros((40, 60)), np.zeros((0, 60))])
def test_too_little_teaches_nothing(y: np.ndarray) -> None:
    """Few series, unknown ones, ones without a sale or none at all: no learner, and no error."""
    assert learn(y, 3, 52) is None


def test_more_examples_than_it_takes_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit a part of the examples is learnt from, and it still learns."""
    monkeypatch.setattr("services.analysis.forecasting.learner.ROWS", 3_000)
    y = market()
    made = learnt(y[:, :57]).forecast(y[:, :57], 3, 1)[:, 0]

    assert np.abs(np.log(made / y[:, 57:])).mean() < np.abs(np.log(y[:, 56:57] / y[:, 57:])).mean()
