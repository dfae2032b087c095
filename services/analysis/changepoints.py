"""Where a weekly series moved to another level and stayed there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.analysis.sums import running
from services.analysis.weeks import Floats

SHORTEST = 6
"""Known weeks that a level lasts: shorter is a spike or a gap."""

PENALTY = 3.0
"""What a change must explain, in variances of the noise times the log of the weeks.

Two would be the Schwarz criterion with a known variance; here the variance is estimated from the same few weeks.
"""

_SPIKE = 3.0  # noise scales that one week may stand beyond both its neighbours
_NORMAL = 0.6744897501960817  # the median absolute value of the standard normal distribution
_MOST_RELATED = 0.9
_CHANGING = 0.9  # of the weeks at least differ from the one before, or a median of differences tells little
_CELLS = 2_000_000  # of costs held in memory at once


@dataclass(frozen=True, slots=True)
class Step:
    """From week `at` (counted from the first column) on, the mean is `after`, where it was `before`."""

    at: int
    before: float
    after: float


def changepoints(values: Floats) -> tuple[tuple[Step, ...], ...]:
    """The steps of each series [niches, weeks], money a week, NaN weeks left out; none where it is short or steady.

    Optimal partitioning (Jackson et al. 2005; what PELT of Killick, Fearnhead and Eckley 2012 finds faster in long
    series) of square roots by squared error, levels of six weeks or more. The scale of the noise comes from the median
    absolute difference of neighbours, and the penalty grows with their autocorrelation, estimated from differences
    over one and two weeks (Chakar et al. 2017), so that wandering is not taken for steps. One week alone is clipped to
    near its neighbours. Where a straight line explains the series as well as its steps do, it is a trend: no step.

    Of 52 weeks without a step, under 1 % of the series get one if their weeks are independent (2 % if they are few
    counts or heavy-tailed), 5, 15 and 25 % with an autocorrelation of 0.3, 0.5 and 0.7. Of those whose level rises
    halfway by 30, 50 and 100 % under a noise of 30 % a week, 26, 61 and 85 % do.
    """
    step = max(1, _CELLS // max(1, values.shape[1] ** 2))
    return tuple(one for start in range(0, len(values), step) for one in _found(values[start : start + step]))


def _found(values: Floats) -> list[tuple[Step, ...]]:
    count = (~np.isnan(values)).sum(axis=1)
    n = int(count.max(initial=0))
    found: list[tuple[Step, ...]] = [()] * len(values)
    if n < 2 * SHORTEST:
        return found
    order = np.argsort(np.isnan(values), axis=1, kind="stable")[:, :n]
    roots = np.sqrt(np.maximum(np.take_along_axis(values, order, axis=1), 0.0))  # known weeks first, then NaN
    scale, related = noise(roots)
    usable = (count >= 2 * SHORTEST) & (scale > 0)
    clipped = without_spikes(roots, _SPIKE * scale)
    more = (1 + related) / (1 - related)
    penalty = PENALTY * more * scale**2 * np.log(np.maximum(count, 2))
    best, before = partition(np.where(np.isnan(clipped), 0.0, clipped), np.where(usable, penalty, 0.0), SHORTEST)
    reached = best[np.arange(len(values)), count]
    for row in np.flatnonzero(usable & (reached < _line(clipped) + penalty)).tolist():
        bounds = cuts(before[row], int(count[row]))
        known = values[row, order[row, : count[row]]]
        means = [float(known[a:b].mean()) for a, b in zip([0, *bounds], [*bounds, None], strict=True)]
        found[row] = tuple(
            Step(int(order[row, at]), low, high) for at, low, high in zip(bounds, means[:-1], means[1:], strict=True)
        )
    return found


def noise(roots: Floats) -> tuple[Floats, Floats]:
    """Scale and autocorrelation of the noise of each series [niches], whatever its levels do.

    From the median absolute differences over one week and two; where many weeks equal the one before, the mean square
    of the differences stands in, and no autocorrelation is known.
    """
    one, two = np.abs(np.diff(roots, axis=1)), np.abs(roots[:, 2:] - roots[:, :-2])
    near, far = _median(one), _median(two)
    changed = (one > 0).sum(axis=1)
    steps = np.maximum((~np.isnan(one)).sum(axis=1), 1)
    robust = (near > 0) & (changed >= _CHANGING * steps)
    square = np.where(np.isnan(one), 0.0, one**2).sum(axis=1) / steps
    ratio = np.where(robust, far, 1.0) / np.where(robust, near, 1.0)
    related = np.clip(ratio**2 - 1, 0.0, _MOST_RELATED)
    scale = np.where(robust, near / _NORMAL, np.sqrt(square)) / np.sqrt(2 * (1 - related))
    return scale, related


def without_spikes(roots: Floats, most: Floats) -> Floats:
    """Each week held within `most` [niches] of its neighbours' range; the first and last have one neighbour."""
    left, right = np.roll(roots, 1, axis=1), np.roll(roots, -1, axis=1)
    left[:, 0], right[:, -1] = right[:, 0], left[:, -1]
    low, high = np.fmin(left, right), np.fmax(left, right)
    return np.where(np.isnan(roots), np.nan, np.clip(roots, low - most[:, None], high + most[:, None]))


def partition(values: Floats, penalty: Floats, shortest: int) -> tuple[Floats, NDArray[np.int64]]:
    """The least cost of the first t values, t = 0 to n [series, n + 1], and where its last level begins.

    Cost is the squared error about the levels' means plus the penalty [series] per change; a level holds `shortest`
    values or more.
    """
    rows, n = values.shape
    total = running(values)
    square = running(values**2)
    best = np.full((rows, n + 1), np.inf)
    best[:, 0] = -penalty
    before = np.zeros((rows, n + 1), dtype=np.int64)
    at = np.arange(rows)
    size = np.maximum(np.arange(n + 1)[:, None] - np.arange(n + 1), 1)
    costs = square[:, :, None] - square[:, None] - (total[:, :, None] - total[:, None]) ** 2 / size
    for t in range(shortest, n + 1):
        cost = costs[:, t, : t - shortest + 1] + best[:, : t - shortest + 1]
        start = before[:, t] = cost.argmin(axis=1)
        best[:, t] = cost[at, start] + penalty
    return best, before


def cuts(before: NDArray[np.int64], n: int) -> list[int]:
    """Where the levels of the first n values begin, but the first."""
    found: list[int] = []
    while n := int(before[n]):
        found.insert(0, n)
    return found


def _line(values: Floats) -> Floats:
    """The squared error about the straight line that fits each series best."""
    known = ~np.isnan(values)
    n = known.sum(axis=1, keepdims=True)
    x = np.where(known, np.arange(values.shape[1]) - (n - 1) / 2, 0.0)
    y = np.where(known, values, 0.0)
    y = np.where(known, y - y.sum(axis=1, keepdims=True) / np.maximum(n, 1), 0.0)
    spread = np.maximum((x**2).sum(axis=1), 1.0)
    error: Floats = (y**2).sum(axis=1) - (x * y).sum(axis=1) ** 2 / spread
    return error


def _median(values: Floats) -> Floats:
    """The median of the known values of each row, which come first or not; zero where there are none."""
    count = (~np.isnan(values)).sum(axis=1)
    ordered = np.sort(values, axis=1)
    at = np.arange(len(values))
    low, high = ordered[at, np.maximum(count - 1, 0) // 2], ordered[at, np.minimum(count // 2, values.shape[1] - 1)]
    return np.where(count > 0, (low + high) / 2, 0.0)
