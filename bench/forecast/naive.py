"""Naive2: the last value, seasonally adjusted where the series is seasonal; what every OWA is measured against."""

import numpy as np

from bench.forecast.data import Floats


def naive2(train: Floats, horizon: int, season: int) -> Floats:
    """Forecast [series, horizon] as the M4 competition's own code does; season 1 is the plain last value."""
    return np.stack([_naive2(row[~np.isnan(row)], horizon, season) for row in train])


def seasonal(y: Floats, season: int) -> bool:
    """Whether the autocorrelation at the season is beyond its 90 % limit, in a series of three seasons or more."""
    if season == 1 or len(y) < 3 * season:
        return False
    about = y - y.mean()
    total = float(about @ about)
    if total == 0:
        return False
    auto = np.array([about[lag:] @ about[:-lag] for lag in range(1, season + 1)]) / total
    limit = 1.645 * np.sqrt((1 + 2 * np.sum(auto[:-1] ** 2)) / len(y))
    return bool(abs(auto[-1]) > limit)


def indices(y: Floats, season: int) -> Floats:
    """Multiplicative indices [season] of classical decomposition, the first for the first period of the series."""
    weights = np.ones(season + 1 - season % 2) / season
    if season % 2 == 0:
        weights[[0, -1]] /= 2
    half = len(weights) // 2
    ratio = np.full(len(y), np.nan)
    ratio[half : len(y) - half] = y[half : len(y) - half] / np.convolve(y, weights, mode="valid")
    found = np.array([np.nanmean(ratio[start::season]) for start in range(season)])
    adjusted: Floats = found / found.mean()
    return adjusted


def _naive2(y: Floats, horizon: int, season: int) -> Floats:
    if not seasonal(y, season):
        return np.full(horizon, y[-1])
    index = indices(y, season)
    ahead = index[np.arange(len(y), len(y) + horizon) % season]
    made: Floats = y[-1] / index[(len(y) - 1) % season] * ahead
    return made
