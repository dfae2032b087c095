"""The fast tier: seasonal adjustment and the mean of four kinds of smoothing, over batches [series, periods]."""

import numpy as np

from services.analysis.forecasting.season import deseasonalise, long_enough, seasonal
from services.analysis.forecasting.smoothing import smooth
from services.analysis.weeks import Floats

CELLS = 2_000_000
"""Periods of series cut off at their origins that are held at a time."""


def fast(y: Floats, horizon: int, season: int) -> Floats:
    """Forecast [series, horizon] from the last period; NaN for a series of which nothing is known.

    Series end in the last column; NaN stands before their start and where a period is not known. `season` is the
    number of periods after which a pattern may repeat, 1 for none.
    """
    adjusted, factor, offset = deseasonalise(y, season)
    ahead = np.arange(horizon) % season
    made = smooth(adjusted, horizon, 1)[:, 0] * factor[:, ahead] + offset[:, ahead]
    return np.where(np.count_nonzero(y < 0, axis=1)[:, None] > 0, made, np.maximum(made, 0.0))


def rolling(y: Floats, horizon: int, season: int, origins: int) -> Floats:
    """What `fast` forecast at the end of each of the last `origins` periods: [series, origins, horizon].

    An origin sees no later period: where a series was seasonal by then, its indices are those known by then.
    """
    made = smooth(y, horizon, origins)
    periods = y.shape[1]
    backs = np.arange(origins - 1, -1, -1)
    long = np.flatnonzero(long_enough(y, season))
    at_once = max(1, CELLS // max(origins * periods, 1))
    place = np.arange(periods) - backs[:, None]
    for first in range(0, len(long), at_once):
        some = long[first : first + at_once]
        cut = np.where(place >= 0, y[some][:, np.maximum(place, 0)], np.nan).reshape(-1, periods)
        rows = np.flatnonzero(seasonal(cut, season))
        if len(rows):
            made[some[rows // origins], rows % origins] = fast(cut[rows], horizon, season)
    return made
