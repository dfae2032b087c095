"""The seasonal indices against statsmodels, and where there are none."""

import numpy as np
import pytest

from services.analysis.forecasting.season import deseasonalise, seasonal

RNG = np.random.default_rng(3)
PATTERN = 1 + 0.4 * np.sin(np.arange(12) / 12 * 2 * np.pi)
CLEAN = np.tile(PATTERN, 5)[None] * np.linspace(80, 120, 60)
NOISY = CLEAN * RNG.uniform(0.8, 1.2, (30, 60))


def test_indices_are_the_library_s() -> None:
    """Before they are shrunk: with little noise there is next to nothing to shrink."""
    from statsmodels.tsa.seasonal import seasonal_decompose  # noqa: PLC0415 - seconds to import

    y = CLEAN * RNG.uniform(0.99, 1.01, (1, 60))
    adjusted, factor, offset = deseasonalise(y, 12)
    theirs = seasonal_decompose(y[0], model="multiplicative", period=12).seasonal[-12:]

    np.testing.assert_allclose(factor[0], theirs, atol=0.002)
    np.testing.assert_allclose(adjusted[0], y[0] / np.tile(factor[0], 5))
    assert (offset == 0).all()


def test_additive_indices_are_the_library_s() -> None:
    """A series with a zero in it is adjusted by differences."""
    from statsmodels.tsa.seasonal import seasonal_decompose  # noqa: PLC0415 - seconds to import

    y = np.tile(PATTERN * 100 - 60, 5)[None] + RNG.normal(0, 0.2, (1, 60))
    y = y - y.min()
    _, factor, offset = deseasonalise(y, 12)
    theirs = seasonal_decompose(y[0], model="additive", period=12).seasonal[-12:]

    np.testing.assert_allclose(offset[0], theirs, atol=0.05)
    assert (factor == 1).all()


def test_noise_shrinks_the_indices() -> None:
    """The noisier the seasons, the nearer to one are the indices (Miller and Williams 2003)."""
    wild = np.tile(1 + 0.1 * np.sin(np.arange(12) / 12 * 2 * np.pi), 4)[None] * RNG.uniform(0.6, 1.4, (200, 48))
    wild = wild[seasonal(wild, 12)]
    _, shrunk, _ = deseasonalise(wild, 12)
    _, plain, _ = deseasonalise(CLEAN, 12)

    assert plain.std() == pytest.approx(PATTERN.std(), rel=0.02)
    assert len(wild) > 0
    assert shrunk.std(axis=1).mean() < 0.2


@pytest.mark.parametrize("season", [7, 12])
def test_the_test_of_a_season_is_the_competitions(season: int) -> None:
    """Autocorrelation at the season beyond 1.645 standard errors, by statsmodels' own autocorrelations."""
    from statsmodels.tsa.stattools import acf  # noqa: PLC0415 - seconds to import

    found = []
    for y in NOISY:
        lags = acf(y, nlags=season, fft=False)
        found.append(abs(lags[season]) > 1.645 * np.sqrt((1 + 2 * (lags[1:season] ** 2).sum()) / len(y)))

    assert seasonal(NOISY, season).tolist() == found


def test_the_next_periods_follow_their_own_season() -> None:
    """Whatever period the series ends in, the index of the first to come is that of one season ago."""
    for end in (55, 58, 60):
        _, factor, _ = deseasonalise(CLEAN[:, :end], 12)
        np.testing.assert_allclose(factor[0], np.tile(PATTERN, 2)[end % 12 :][:12], atol=0.02)


def test_under_two_seasons_there_is_none() -> None:
    """Nothing has come round yet: the series is left as it is."""
    y = CLEAN[:, :23]
    adjusted, factor, offset = deseasonalise(y, 12)

    np.testing.assert_array_equal(adjusted, y)
    assert (factor == 1).all()
    assert (offset == 0).all()


@pytest.mark.parametrize("end", [24, 30, 35])
def test_two_seasons_do_if_they_are_alike(end: int) -> None:
    """The second one repeats the first: adjusted, and the periods to come follow; noise and a trend are no season."""
    y = CLEAN[:, :end]
    _, factor, _ = deseasonalise(y, 12)

    assert seasonal(y, 12).all()
    np.testing.assert_allclose(factor[0], np.tile(PATTERN, 2)[end % 12 :][:12], atol=0.1)
    noise = RNG.uniform(80, 120, (400, 80 + end))  # 104 to 115 weeks
    assert seasonal(noise, 52).mean() < 0.03
    assert not seasonal(np.linspace(80, 120, end)[None], 12).any()


def test_a_month_that_was_never_known_has_no_index_of_its_own() -> None:
    """Where every January is missing, the others are adjusted and nothing is divided by zero."""
    y = CLEAN.copy()
    y[:, ::12] = np.nan
    adjusted, factor, _ = deseasonalise(y, 12)

    assert factor[0, 0] == 1.0
    np.testing.assert_array_equal(np.isnan(adjusted), np.isnan(y))


@pytest.mark.parametrize("y", [np.zeros((2, 60)), np.full((2, 60), 0.3), np.full((2, 60), np.nan), np.zeros((0, 60))])
def test_nothing_that_changes_has_no_season(y: np.ndarray) -> None:
    """All zero, all equal, all unknown or no series at all."""
    assert not seasonal(y, 12).any()
    np.testing.assert_array_equal(deseasonalise(y, 12)[0], y)
