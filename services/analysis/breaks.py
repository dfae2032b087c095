"""Natural breaks: where values on a line fall apart into classes that are alike inside."""

from collections.abc import Iterator

import numpy as np

from services.analysis.coded import Codes
from services.analysis.weeks import Floats

MOST = 5
GAIN = 0.45
"""What one more class has to take away of the squares that are left: more than it takes of values without any break.

The fourth class takes 38 % of a bell curve's and 44 % of evenly spread values', so that these become cheap, middle and
dear (the third takes 48 and 56 %); where there are clusters, the last of them takes nearly all."""
CELLS = 128
"""More different values than these are first put into cells of equal width, for the work grows with their square. That
costs at most 0.2 % of the squares left (measured on samples of 200 to 3,000)."""


def natural_breaks(values: Floats, fewest: int) -> Codes:
    """Where each class begins in the sorted `values`: [0] alone where there are no two classes of `fewest` values.

    Classes are the best there are: they have the least sum of squared distances from their means (Fisher 1958, Jenks
    1967), found by dynamic programming. Their number is 2 to 5: another one counts as long as it takes away `GAIN` of
    the squares that are left, which is to say as long as the goodness of variance fit rises by as much of what lacks.
    """
    chosen, left = np.zeros(1, dtype=np.int64), np.inf
    for count, (begins, squares) in enumerate(partitions(values, fewest), 1):
        if count > MOST or (count > 2 and squares > (1 - GAIN) * left):  # noqa: PLR2004 - two are always drawn
            break
        chosen, left = begins, squares
    return chosen


def partitions(values: Floats, fewest: int = 1) -> Iterator[tuple[Codes, float]]:
    """The best partitions of sorted values into 1, 2, 3 ... classes: where these begin, and the squares left.

    No class has under `fewest` values, and equal values are never parted; it ends where that leaves no partition.
    """
    if len(values) < max(fewest, 1):
        return
    starts = _cells(values)
    cost = _costs(values, starts, fewest)
    best, steps, every = cost[:, 0], list[Codes](), np.arange(len(starts))
    while np.isfinite(best[-1]):
        yield starts[_begins(steps)], float(best[-1])
        # The last class of cells 0 to `stop` may begin at any cell: its squares, and the best of what lies before.
        either = cost + np.concatenate(([np.inf], best[:-1]))
        steps.append(either.argmin(axis=1))
        best = either[every, steps[-1]]


def _cells(values: Floats) -> Codes:
    """Where each different value begins, or where each cell does if there are too many of them."""
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
    if len(starts) <= CELLS:
        return starts
    low, high = values[0], values[-1]
    cell = np.minimum(((values - low) * (CELLS / (high - low))).astype(np.int64), CELLS - 1)
    return np.flatnonzero(np.diff(cell, prepend=-1))


def _costs(values: Floats, starts: Codes, fewest: int) -> Floats:
    """Squared distances from their mean of the values from cell `start` to cell `stop`, both counted: [stop, start].

    Infinite where these are under `fewest`.
    """
    apart = values - values.sum() / len(values)  # sums of squares lose their digits far from zero
    total, square = np.zeros(len(values) + 1), np.zeros(len(values) + 1)
    np.cumsum(apart, out=total[1:])
    np.cumsum(apart * apart, out=square[1:])
    ends = np.append(starts[1:], len(values))
    count = ends[:, None] - starts
    sums = total[ends][:, None] - total[starts]
    squares = np.maximum(square[ends][:, None] - square[starts] - sums * sums / np.maximum(count, 1), 0.0)
    return np.where(count >= max(fewest, 1), squares, np.inf)


def _begins(steps: list[Codes]) -> Codes:
    """The cells at which classes begin, read back from the last: each step says where the class before `stop` did."""
    begins, stop = list[int](), -1
    for step in reversed(steps):
        begin = int(step[stop])
        begins.append(begin)
        stop = begin - 1
    return np.array([0, *reversed(begins)])
