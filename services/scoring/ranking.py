"""How well one order agrees with another: ranks that know ties and weights, and what is measured with them.

`weights` are [n, draws]: how often each of n items counts in each bootstrap draw. A column of ones is the data as they
are, so that one pass gives a figure and its draws. Items of equal value form a run; most is computed by run.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

GRADES = 10


@dataclass(frozen=True, slots=True)
class Order:
    """Items sorted once: `items` from the lowest value up, `starts` of the runs in it, and the `run` of each item."""

    items: Codes
    starts: Codes
    run: Codes

    @classmethod
    def of(cls, values: Floats) -> Self:
        """Sort finite values [n]."""
        items = np.argsort(values, kind="stable")
        ordered = values[items]
        new = np.ones(len(values), dtype=bool)
        new[1:] = ordered[1:] != ordered[:-1]
        run = np.empty(len(values), dtype=np.int64)
        run[items] = np.cumsum(new) - 1
        return cls(items, np.flatnonzero(new), run)

    def sums(self, values: Floats) -> Floats:
        """The sum of `values` [n, ...] in each run [runs, ...]."""
        ordered = np.take(values, self.items, axis=0)
        return ordered if len(self.starts) == len(self.items) else np.add.reduceat(ordered, self.starts, axis=0)


def places(runs: Floats) -> Floats:
    """Mid-ranks as shares of the whole, 0 to 1, from the weights of runs [runs, draws]; NaN in a draw without any."""
    whole = runs.sum(axis=0)
    return np.asarray((np.cumsum(runs, axis=0) - runs / 2) / np.where(whole > 0, whole, np.nan))


def top(runs: Floats, share: float) -> Floats:
    """How much of each run is in the top `share` of the weight, 0 to 1 [runs, draws].

    A run that the border goes through is in it in part, as if a coin had ordered its items.
    """
    whole = runs.sum(axis=0)
    above = whole - np.cumsum(runs, axis=0)
    return np.asarray(np.clip((share * whole - above) / np.where(runs > 0, runs, 1.0), 0.0, 1.0))


def bottom(runs: Floats, share: float) -> Floats:
    """The same for the bottom."""
    return np.asarray(top(runs[::-1], share)[::-1])


def ratio(over: Floats, under: Floats) -> Floats:
    """The quotient; NaN where there is nothing to divide by."""
    usable = under > 0
    return np.where(usable, over / np.where(usable, under, 1.0), np.nan)


def correlation(covariance: Floats, one: Floats, other: Floats) -> Floats:
    """Covariance over both spreads; NaN where nothing varies."""
    return ratio(covariance, np.sqrt(one * other))


def ranks(values: Floats) -> Floats:
    """Places of unweighed values [n] around their mean, -1/2 to 1/2; equal ones share theirs."""
    order = Order.of(values)
    return np.asarray(places(order.sums(np.ones((len(values), 1))))[order.run, 0] - 0.5)


def spearman(one: Floats, other: Floats) -> float:
    """Spearman's rank correlation with mid-ranks for ties (Spearman 1904); NaN where one of them does not vary."""
    x, y = ranks(one), ranks(other)
    return float(correlation(np.array(x @ y), np.array(x @ x), np.array(y @ y)))


def ndcg(score: Floats, outcome: Floats, first: int = 10) -> float:
    """Normalised discounted cumulative gain of the `first` items (Järvelin and Kekäläinen 2002).

    The gain is 2^grade - 1 (Burges 2005) with the grade from 0 to 10 by the outcome's place; of equal scores each gets
    the mean gain (McSherry and Najork 2008).
    """
    gain = np.exp2(GRADES * (ranks(outcome) + 0.5)) - 1
    order = Order.of(score)
    mean = np.bincount(order.run, weights=gain) / np.bincount(order.run)
    found = mean[order.run][order.items[::-1]][:first]
    discount = 1 / np.log2(np.arange(2, len(found) + 2))
    return float((found * discount).sum() / (np.sort(gain)[::-1][: len(found)] * discount).sum())
