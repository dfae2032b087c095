"""Bands around a forecast: split conformal (Vovk 2005; Lei et al. 2018), from the errors of rolling origins.

Errors are absolute, [series, origins, steps], NaN where what came is not known; the last origin is now. An error at
step h (from 1) is known h origins later: only then does it count.
"""

import numpy as np
from numpy.typing import NDArray

from services.analysis.weeks import Floats

Counts = NDArray[np.int64]

LEVELS = (50, 80, 95)
FEWEST = 5
"""Past errors that a band needs before it is shown or judged."""

STEADY, RECENT = 8, 26
"""A series' own size of errors is told by so many of them at least and the last so many at most."""

_LEVELS = np.array(LEVELS)


def misses(y: Floats, made: Floats) -> Floats:
    """Absolute errors [series, origins, steps] of forecasts made at the last periods of y (see `fast.rolling`)."""
    return np.abs(came(y, *made.shape[1:]) - made)


def came(y: Floats, origins: int, horizon: int) -> Floats:
    """What came after each of the last `origins` periods [series, origins, horizon]; NaN where it is not known."""
    known = y[:, -origins:] if origins else y[:, :0]
    before, after = np.full((len(y), origins - known.shape[1]), np.nan), np.full((len(y), horizon), np.nan)
    ahead = np.lib.stride_tricks.sliding_window_view(np.hstack([before, known, after]), horizon, axis=1)
    return ahead[:, 1 : origins + 1]


def bands(errors: Floats) -> Floats:
    """Half widths [series, steps, levels] for a batch: `own`, and where a series has too few errors for it, `pooled`.

    Own errors come first since their coverage was nearer to its level than that of pooled ones at three cuts of the
    training parts of M4 Weekly and M3 Monthly: one, one and a half and two horizons before their ends.
    """
    widths = own(errors)
    few = np.isnan(widths)
    return np.where(few, pooled(errors), widths) if few.any() else widths


def own(errors: Floats) -> Floats:
    """Half widths [series, steps, levels] from each series' own past errors; NaN where they are too few for a level."""
    count = (~np.isnan(errors)).sum(axis=1)[..., None]
    rank = _rank(count)
    if not errors.shape[1]:
        return np.full(rank.shape, np.nan)
    ordered = np.sort(errors, axis=1).swapaxes(1, 2)  # NaN comes last
    widths = np.take_along_axis(ordered, np.clip(rank, 1, errors.shape[1]) - 1, axis=2)
    return np.where(_usable(count, rank), widths, np.nan)


def pooled(errors: Floats) -> Floats:
    """Half widths [series, steps, levels] from the past errors of all series: for a batch with few errors in each.

    Errors count as multiples of the series' own mean one-step error as known at their origin, the last 26 known ones at
    each step; a width is their quantile times that mean now. NaN for a series with fewer than 8 one-step errors.
    """
    size = _sizes(errors)
    share = np.where(size > 0, errors / np.where(size > 0, size, 1.0), np.nan)
    widths = np.full((len(errors), errors.shape[2], len(LEVELS)), np.nan)
    for step in range(errors.shape[2]):
        stop = errors.shape[1] - step - 1
        some = own(share[:, max(0, stop - RECENT) : max(0, stop), step].reshape(1, -1, 1))
        widths[:, step] = size[:, -1] * some[0]
    return widths


def held(errors: Floats) -> tuple[Floats, Floats]:
    """How often the bands of `own` held: origins and steps inside, and judged, [series, levels] each.

    Each origin is judged by the band that the errors known by then would have given.
    """
    heard = _heard(errors)
    count = np.cumsum(~np.isnan(heard), axis=1)[..., None]
    less = np.zeros(errors.shape, dtype=np.int64)
    for origin in range(errors.shape[1]):
        less[:, origin:] += heard[:, origin : origin + 1] < errors[:, origin:]
    rank = _rank(count)
    judged = _usable(count, rank) & ~np.isnan(errors)[..., None]
    # Not above the error of a rank means that fewer errors than the rank are less.
    inside = judged & (less[..., None] < rank)
    return inside.sum(axis=(1, 2)).astype(np.float64), judged.sum(axis=(1, 2)).astype(np.float64)


def _rank(count: Counts) -> Counts:
    """The rank of the error that a band takes, of `count` past ones: ceil((count + 1) level)."""
    rank: Counts = -(-(count + 1) * _LEVELS // 100)
    return rank


def _usable(count: Counts, rank: Counts) -> NDArray[np.bool_]:
    return (count >= FEWEST) & (rank <= count)


def _heard(errors: Floats) -> Floats:
    """The errors [series, origins, steps] that become known at each origin."""
    heard = np.full(errors.shape, np.nan)
    for step in range(min(errors.shape[1:])):
        heard[:, step + 1 :, step] = errors[:, : errors.shape[1] - step - 1, step]
    return heard


def _sizes(errors: Floats) -> Floats:
    """The mean one-step error known at each origin [series, origins, 1]; NaN before there are enough of them."""
    heard = _heard(errors)[:, :, 0]
    known = ~np.isnan(heard)
    total, count = np.cumsum(np.where(known, heard, 0.0), axis=1), np.cumsum(known, axis=1)
    total[:, RECENT:] -= total[:, :-RECENT].copy()
    count[:, RECENT:] -= count[:, :-RECENT].copy()
    return np.where(count >= STEADY, np.maximum(total, 0.0) / np.maximum(count, 1), np.nan)[..., None]
