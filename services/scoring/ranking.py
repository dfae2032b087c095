"""How well one order agrees with another: ranks that know ties and weights, and what is measured with them.

Every function takes `weights` [draws, n]: how often each of n items counts in each bootstrap draw. A row of ones is
the data as it is, so that one pass gives the figure and its draws.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

TOP_TENTH, TOP_QUARTER = 0.1, 0.25
GRADES = 10


@dataclass(frozen=True, slots=True)
class Order:
    """Items sorted once: `items` from the lowest value up, `starts` of the runs of equal values, `run` of each item."""

    items: Codes
    starts: Codes
    run: Codes

    @classmethod
    def of(cls, values: Floats) -> "Order":
        """Sort finite values [n]."""
        items = np.argsort(values, kind="stable")
        ordered = values[items]
        new = np.ones(len(values), dtype=bool)
        new[1:] = ordered[1:] != ordered[:-1]
        run = np.empty(len(values), dtype=np.int64)
        run[items] = np.cumsum(new) - 1
        return cls(items, np.flatnonzero(new), run)

    def runs(self, weights: Floats) -> Floats:
        """The weight of each run of equal values [draws, runs]."""
        if len(self.starts) == len(self.items):
            return weights[:, self.items]
        return np.add.reduceat(weights[:, self.items], self.starts, axis=1)


def places(order: Order, weights: Floats) -> Floats:
    """Mid-ranks as shares of the whole, 0 to 1 [draws, n]; equal values share theirs, NaN in a draw without weight."""
    runs = order.runs(weights)
    upto = np.cumsum(runs, axis=1)
    whole = np.where(upto[:, -1:] > 0, upto[:, -1:], np.nan)
    return np.asarray(((upto - runs / 2) / whole)[:, order.run])


def in_top(order: Order, weights: Floats, share: float) -> Floats:
    """How much of each item is in the top `share` of the weight, 0 to 1 [draws, n].

    Where the border runs through equal values, each of them is in it in part: what a coin would give on average.
    """
    runs = order.runs(weights)
    upto = np.cumsum(runs, axis=1)
    above = upto[:, -1:] - upto
    room = share * upto[:, -1:] - above
    inside = np.clip(room / np.where(runs > 0, runs, 1.0), 0.0, 1.0)
    return np.asarray(inside[:, order.run])


def moments(one: Floats, other: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Weighted covariance and both variances of places [draws], each times the weight (the mean of places is 1/2)."""
    x, y = one - 0.5, other - 0.5
    wx = weights * x
    return (
        np.einsum("dn,dn->d", wx, y),
        np.einsum("dn,dn->d", wx, x),
        np.einsum("dn,dn->d", weights * y, y),
    )


def correlation(covariance: Floats, one: Floats, other: Floats) -> Floats:
    """Covariance over both spreads; NaN where nothing varies."""
    spread = np.sqrt(one * other)
    usable = spread > 0
    return np.where(usable, covariance / np.where(usable, spread, 1.0), np.nan)


def spearman(one: Floats, other: Floats) -> float:
    """Spearman's rank correlation with mid-ranks for ties (Spearman 1904); NaN where one of them does not vary."""
    ones = np.ones((1, len(one)))
    pair = places(Order.of(one), ones), places(Order.of(other), ones)
    return float(correlation(*moments(*pair, ones))[0])


def hit_rate(score: Order, outcome: Floats, weights: Floats, share: float = TOP_TENTH) -> Floats:
    """The mean outcome (0 to 1) of the score's top `share` [draws]; NaN in a draw without weight."""
    inside = in_top(score, weights, share) * weights
    size = inside.sum(axis=1)
    usable = size > 0
    hits = (inside * outcome).sum(axis=1)
    return np.where(usable, hits / np.where(usable, size, 1.0), np.nan)


def ndcg(score: Floats, outcome: Floats, top: int = 10) -> float:
    """Normalised discounted cumulative gain of the first `top` (Järvelin and Kekäläinen 2002).

    The gain is 2^grade - 1 (Burges 2005) with the grade from 0 to 10 by the outcome's place; of equal scores each gets
    the mean gain (McSherry and Najork 2008).
    """
    ones = np.ones((1, len(score)))
    gain = np.exp2(GRADES * places(Order.of(outcome), ones)[0]) - 1
    order = Order.of(score)
    mean = np.bincount(order.run, weights=gain) / np.bincount(order.run)
    first = mean[order.run][order.items[::-1]][:top]
    discount = 1 / np.log2(np.arange(2, len(first) + 2))
    return float((first * discount).sum() / (np.sort(gain)[::-1][:top] * discount).sum())
