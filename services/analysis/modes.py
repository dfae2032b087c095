"""Modes: the places on a line around which values gather."""

from itertools import pairwise

import numpy as np

from services.analysis.quantiles import deviation, quantiles
from services.analysis.weeks import Floats

FINE = 8
"""Grid steps to a bandwidth: the density is then exact to a few parts in ten thousand of its peak."""
REACH = 4
"""A kernel ends this many bandwidths from its middle, where a bell curve is at 0.03 % of its height."""
STANDS_OUT = 1.75
"""Standard errors by which a peak has to stand above the valley beside it: samples of 20 to 1,000 from one lognormal,
exponential or t distribution then show a second mode in under 5 of 100 cases."""
SHARE = 0.05
"""Fewer values than this share are nearest to a bump, not to a mode."""
_KERNEL = np.exp(-0.5 * (np.arange(-REACH * FINE, REACH * FINE + 1) / FINE) ** 2)
_SQUARED = 1 / (2 * np.sqrt(np.pi))
"""The integral of the squared bell curve: a density's variance is this times itself over values times bandwidth."""


def bandwidth(values: Floats, least: float) -> float:
    """Silverman's (1986, eq. 3.31) for sorted values: 0.9 of the smaller of deviation and quartile range / 1.34.

    At least `least`; where half of the values are equal, the deviation alone tells.
    """
    low, high = quantiles(values, (0.25, 0.75)).tolist()
    scales = [scale for scale in (deviation(values), (high - low) / 1.34) if scale > 0]
    return max(0.9 * min(scales, default=0.0) * float(np.power(len(values), -0.2)), least)


def density(values: Floats, width: float) -> tuple[Floats, Floats]:
    """The kernel density of sorted values by a bell curve of that width, as (places, density) on an even grid.

    Each value is shared by the two grid places beside it (Wand 1994), so that the work does not grow with values.
    """
    step = width / FINE
    low = values[0] - REACH * width
    place = (values - low) / step
    left = place.astype(np.int64)
    size = int(left[-1]) + REACH * FINE + 2
    right = place - left
    weight = np.bincount(left, 1 - right, size) + np.bincount(left + 1, right, size)
    return low + step * np.arange(size), np.convolve(weight, _KERNEL, "same") / (_KERNEL.sum() * step * len(values))


def modes(values: Floats, least: float) -> list[tuple[float, float]]:
    """The modes of sorted values, from low to high, each with the share of values nearest to it.

    A mode is a peak of the kernel density that noise does not explain: it stands above the valleys between it and any
    other mode by `STANDS_OUT` standard errors of their difference. `least` is the smallest bandwidth, in the units of
    the values, of which there is one at least.
    """
    if values[0] == values[-1]:
        return [(float(values[0]), 1.0)]
    width = bandwidth(values, least)
    grid, height = density(values, width)
    slopes = np.flatnonzero(height[1:] != height[:-1])
    rises = height[slopes + 1] > height[slopes]
    # Peak, valley, peak and so on to a peak: a density rises first and falls at last.
    extremes = slopes[np.flatnonzero(rises[1:] != rises[:-1]) + 1]
    standing = _standing(height, extremes.tolist(), len(values) * width)
    while True:
        middles = [_vertex(grid, height, peak) for peak in standing]
        shares = _shares(values, middles)
        if min(shares) >= SHARE or len(standing) == 1:
            return list(zip(middles, shares, strict=True))
        standing.pop(shares.index(min(shares)))


def _standing(height: Floats, extremes: list[int], effective: float) -> list[int]:
    """The peaks that stand out: of two whose valley is too shallow the lower one goes, the shallowest valley first."""
    peaks, valleys = extremes[::2], extremes[1::2]
    while valleys:
        lower = np.minimum(height[peaks[:-1]], height[peaks[1:]])
        low = height[valleys]
        depth = (lower - low) / np.sqrt((lower + low) * _SQUARED / effective)
        shallow = int(depth.argmin())
        if depth[shallow] >= STANDS_OUT:
            break
        valleys.pop(shallow)
        peaks.pop(shallow if height[peaks[shallow]] <= height[peaks[shallow + 1]] else shallow + 1)
    return peaks


def _vertex(grid: Floats, height: Floats, peak: int) -> float:
    """The top of the parabola through a peak and the grid places beside it."""
    before, top, after = height[peak - 1 : peak + 2].tolist()
    bend = before - 2 * top + after
    aside = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(grid[peak] + aside * (grid[1] - grid[0]))


def _shares(values: Floats, middles: list[float]) -> list[float]:
    """The share of sorted values that is nearest to each of the middles."""
    edges = (np.array(middles[:-1]) + np.array(middles[1:])) / 2
    bounds = [0, *np.searchsorted(values, edges).tolist(), len(values)]
    return [(stop - start) / len(values) for start, stop in pairwise(bounds)]
