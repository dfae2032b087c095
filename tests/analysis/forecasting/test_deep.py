"""The deep tier over batches: what it is the mean of, its bands, and that no origin sees what comes later."""

import numpy as np
import pytest

from services.analysis.forecasting.conformal import LEVELS
from services.analysis.forecasting.deep import MEMBERS, Deep, bands, combined, deep

RNG = np.random.default_rng(3)
PATTERN = 1 + 0.5 * np.sin(np.arange(12) / 12 * 2 * np.pi)


def market(series: int = 40, periods: int = 84) -> np.ndarray:
    """Half of the series have a season of twelve, half have none."""
    y = np.exp(RNG.normal(5, 1, (series, 1)) + np.cumsum(RNG.normal(0, 0.05, (series, periods)), axis=1))
    y[::2] *= np.tile(PATTERN, periods // 12)
    return np.asarray(y * RNG.lognormal(0, 0.1, y.shape))


MARKET = market()


def test_smoothers_and_learners_weigh_the_same() -> None:
    """The mean of two means, whichever members there are; what one cannot say is left out."""
    one, nothing = np.ones((1, 1, 2)), np.full((1, 1, 2), np.nan)

    assert combined({"fast": 1 * one, "ces": 3 * one, "boosting_adjusted": 6 * one})[0, 0, 0] == 4
    assert combined(dict(zip(MEMBERS, (1 * one, 3 * one, 6 * one, 10 * one), strict=True)))[0, 0, 0] == 5
    assert combined({"fast": 1 * one, "ces": nothing, "boosting": 5 * one})[0, 0, 0] == 3
    assert combined({"fast": 1 * one, "ces": 3 * one})[0, 0, 0] == 2
    assert np.isnan(combined({"fast": nothing, "ces": nothing})).all()


def test_it_beats_the_last_value_and_tells_its_stages() -> None:
    """Seasons go on and noise is smoothed; `progress` hears what it is at."""
    stages: list[str] = []
    made = deep(MARKET[:, :72], 12, 12, stages.append)

    missed, naive = (np.abs(np.log(one) - np.log(MARKET[:, 72:])).mean() for one in (made, MARKET[:, 71:72]))
    assert missed < 0.7 * naive
    assert stages == ["learn", "forecast"]


def test_members_at_origins_see_no_later_period() -> None:
    """Whatever comes after an origin, all members' forecasts there stay as they were, to the last bit."""
    learnt = Deep.train(MARKET[:, :70], 4, 12)
    other = MARKET.copy()
    other[:, 76:] = RNG.choice([0.0, 1e9, np.nan], (40, 8))
    before, after = learnt.members(MARKET, 4, 15), learnt.members(other, 4, 15)

    assert tuple(before) == MEMBERS
    for name, made in before.items():
        assert not np.isnan(made).any(), name
        np.testing.assert_array_equal(made[:, :7], after[name][:, :7])


def test_the_last_origin_is_a_forecast_from_now() -> None:
    """One origin or many, the smoother that picks its parameters at every origin says the same at the last."""
    learnt = Deep.train(MARKET, 4, 12)

    np.testing.assert_array_equal(learnt.members(MARKET, 4, 5)["fast"][:, -1], learnt.members(MARKET, 4)["fast"][:, -1])


def test_without_a_season_one_learner_will_do() -> None:
    """Where no series is adjusted, both learners would be one."""
    assert Deep.train(MARKET[1::2, :60], 4, 52).plain is None


@pytest.mark.parametrize("periods", [0, 1, 5])
def test_too_little_for_a_learner_leaves_the_smoothers(periods: int) -> None:
    """A handful of periods is forecast by what smoothing makes of it, and none by nothing."""
    made = deep(MARKET[:4, :periods], 3, 12) if periods else deep(np.full((4, 3), np.nan), 3, 12)

    assert made.shape == (4, 3)
    assert np.isfinite(made).all() == (periods > 0)


def test_bands_hold_about_what_they_promise() -> None:
    """Half widths grow with the level, and about 80 and 95 % of what comes next lies within."""
    y = np.exp(RNG.normal(5, 1, (150, 1)) + RNG.normal(0, 0.2, (150, 60)))
    widths = bands(y[:, :52], 8, 12)
    missed = np.abs(y[:, 52:] - deep(y[:, :52], 8, 12))

    assert (np.diff(widths, axis=2) >= 0).all()
    for place, level in enumerate(LEVELS):
        assert (missed <= widths[:, :, place]).mean() == pytest.approx(level / 100, abs=0.05)


def test_a_series_that_never_changes_has_no_band() -> None:
    """No size, no multiple of it."""
    y = np.vstack([MARKET[1:9, :60], np.full((1, 60), 7.0), np.full((1, 60), np.nan)])

    assert np.isnan(bands(y, 4, 52)[8:]).all()
