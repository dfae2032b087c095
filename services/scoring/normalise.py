"""A raw value's place in its market: the percentile among 101 quantiles, without any number library."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence


def percentile(value: float, quantiles: Sequence[float]) -> float:
    """The place of `value` among rising `quantiles`, 0 to 1: linear between two, the middle of equal ones (mid-rank).

    Never falls as `value` rises; 0 below the first quantile and 1 above the last.
    """
    last = len(quantiles) - 1
    right = bisect_right(quantiles, value)
    if right == 0:
        return 0.0
    below = quantiles[right - 1]
    if below == value:
        return (bisect_left(quantiles, value) + right - 1) / 2 / last
    if right > last:
        return 1.0
    return (right - 1 + (value - below) / (quantiles[right] - below)) / last


def percentiles(values: Sequence[float], quantiles: Sequence[float]) -> list[float]:
    """The places of many values, such as the bootstrap draws of a term."""
    last = len(quantiles) - 1
    found = []
    for value in values:
        right = bisect_right(quantiles, value)
        if 0 < right <= last and (below := quantiles[right - 1]) != value:
            found.append((right - 1 + (value - below) / (quantiles[right] - below)) / last)
        else:
            found.append(percentile(value, quantiles))
    return found
