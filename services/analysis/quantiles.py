"""Quantiles of small arrays that are in order already: what numpy checks costs more than the sum itself."""

from collections.abc import Sequence

import numpy as np

from services.analysis.weeks import Floats


def median(values: Floats) -> float:
    """The median of values, of which there is one at least."""
    ordered = np.sort(values)
    middle = len(ordered) // 2
    return float(ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2)


def deviation(values: Floats) -> float:
    """The standard deviation of all that there is (a population), of one value at least."""
    apart = values - values.sum() / len(values)
    return float(np.sqrt(apart @ apart / len(values)))


ENDS = (0.025, 0.975)
"""The ends of a 95 % interval."""


def quantiles(ordered: Floats, shares: Sequence[float]) -> Floats:
    """Quantiles [shares, ...] of values in order [values, ...], linear between them (Hyndman and Fan 1996, type 7)."""
    place = np.array(shares) * (len(ordered) - 1)
    below = place.astype(np.int64)
    low, high = ordered[below], ordered[np.minimum(below + 1, len(ordered) - 1)]
    return np.asarray(low + ((high - low).T * (place - below)).T)
