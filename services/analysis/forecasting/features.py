"""What the learner knows of a series at each period: its latest changes, where it stands, and the season before.

Everything is a difference of logarithms, so that a niche of a hundred and one of a million look alike, and every
figure of a period comes from that period and those before it.
"""

import numpy as np

from services.analysis.weeks import Floats

FLOOR = 0.02
"""A period without a sale counts as this share of the mean so far: a logarithm needs something."""

LAGS = 8
MEANS = (4, 8, 13, 26, 52)
SPREADS = (8, 26)
SEASONS = (1, 2)

PAST = 1 + max(*MEANS, *SPREADS)
"""Periods before one that its features reach back to, but for the seasons."""


def logs(y: Floats) -> Floats:
    """The logarithm of each period [series, periods], the last known one where it is not known; NaN before a sale."""
    known = ~np.isnan(y)
    value = np.where(known, np.maximum(y, 0.0), 0.0)
    mean = np.cumsum(value, axis=1) / np.maximum(np.cumsum(known, axis=1), 1)
    value = np.maximum(value, FLOOR * mean)
    last = np.maximum.accumulate(np.where(known, np.arange(y.shape[1]), 0), axis=1)
    value = np.take_along_axis(value, last, axis=1)
    return np.where(value > 0, np.log(np.where(value > 0, value, 1.0)), np.nan)


def features(z: Floats, season: int) -> Floats:
    """Figures [features, series, periods] of series of logarithms [series, periods]; NaN where there are none."""
    change = z - shifted(z, 1)
    return np.stack(
        [
            *(shifted(change, lag) for lag in range(LAGS)),
            *(_mean(z, periods) - z for periods in MEANS),
            *(np.sqrt(np.maximum(_mean(change**2, n) - _mean(change, n) ** 2, 0.0)) for n in SPREADS),
            z - shifted(z, season),
        ]
    )


def shifted_ahead(z: Floats, season: int, ahead: int) -> Floats:
    """How each series changed over the same `ahead` periods one and two seasons before [2, series, periods]."""
    back = [season * many for many in SEASONS]
    return np.stack([shifted(z, n - ahead) - shifted(z, n) if n > ahead else np.full(z.shape, np.nan) for n in back])


def shifted(z: Floats, periods: int) -> Floats:
    """The value so many periods before each one [series, periods]; NaN before there was any."""
    out = np.full(z.shape, np.nan)
    if periods < z.shape[1]:
        out[:, periods:] = z[:, : z.shape[1] - periods]
    return out


def _mean(z: Floats, periods: int) -> Floats:
    """The mean of the known ones among the last `periods` [series, periods]; NaN where fewer than half are known."""
    known = ~np.isnan(z)
    sums = []
    for part in (np.where(known, z, 0.0), known.astype(np.float64)):
        total = np.cumsum(part, axis=1)
        total[:, periods:] -= total[:, :-periods].copy()
        sums.append(total)
    enough = sums[1] >= periods / 2
    return np.where(enough, sums[0] / np.where(enough, sums[1], 1.0), np.nan)
