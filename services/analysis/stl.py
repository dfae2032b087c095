"""Seasonal and trend decomposition by loess, with a season that is the same every year, over a batch of series."""

from functools import lru_cache

import numpy as np

from services.analysis.sums import running
from services.analysis.weeks import Floats

_NEAR, _FAR = 0.001, 0.999  # of the window's reach: within the one weighs all, beyond the other nothing
_PASSES = 5  # of the inner loop, enough to settle (Cleveland et al. 1990, section 3.3)


def stl(values: Floats, period: int) -> tuple[Floats, Floats]:
    """Season and trend of each series [series, periods] without gaps, of two seasons or more; the rest is noise.

    The STL of Cleveland, Cleveland, McRae and Terpenning (1990) with their window "periodic" and no robustness
    iterations. A season that may not change makes every step linear, so that loess is one matrix for all series of a
    length, and statsmodels, which takes seconds to import, is not needed.
    """
    n = values.shape[1]
    year = np.arange(-period, n + period) % period
    counts = np.bincount(np.arange(n) % period)
    smooth_low = loess(n, period + 1 - period % 2)
    smooth_trend = loess(n, int(np.ceil(1.5 * period)) | 1)
    trend = np.zeros_like(values)
    season = trend
    for _ in range(_PASSES):
        padded = np.zeros((len(values), -(-n // period) * period))
        padded[:, :n] = values - trend
        cycle = (padded.reshape(len(values), -1, period).sum(axis=1) / counts)[:, year]
        low = _each(_moving(_moving(_moving(cycle, period), period), 3), smooth_low)
        season = cycle[:, period : period + n] - low
        trend = _each(values - season, smooth_trend)
    return season, trend


@lru_cache(maxsize=8)
def loess(n: int, window: int) -> Floats:
    """The matrix [n, n] with which a row of n values, multiplied from the left, is smoothed by local lines."""
    x = np.arange(n, dtype=np.float64)
    width = min(window, n)
    first = np.clip(x - width // 2, 0, n - width)
    reach = np.maximum(x - first, first + width - 1 - x) + max(0, (window - n) // 2)
    inside = (x[:, None] >= first) & (x[:, None] <= first + width - 1)
    far = np.abs(x[:, None] - x) / reach
    weights = np.where(inside & (far <= _FAR), np.where(far <= _NEAR, 1.0, (1 - far**3) ** 3), 0.0)
    weights /= weights.sum(axis=0)
    centre = x @ weights
    offset = x[:, None] - centre
    spread = (weights * offset**2).sum(axis=0)
    tilted: Floats = weights * (1 + (x - centre) / spread * offset)
    return tilted


def _each(rows: Floats, matrix: Floats) -> Floats:
    """Every row times the matrix, one by one: a product of all rounds the last digit by how many rows there are."""
    products: Floats = (rows[:, None] @ matrix)[:, 0]
    return products


def _moving(values: Floats, width: int) -> Floats:
    """The mean of each `width` neighbours [series, periods - width + 1]."""
    total = running(values)
    return (total[:, width:] - total[:, :-width]) / width
