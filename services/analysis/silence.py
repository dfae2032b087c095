"""Which weeks without a sale were weeks off the shelf: what the data say, or what a steady seller's silence tells."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.analysis.sums import running
from services.analysis.weeks import BASE, Floats

STEADY = 6
"""Of eight weeks a steady seller sells in so many."""

UNLIKELY = 0.01
MEMORY = 2 * BASE
"""Weeks before a silence that tell how often the product sells."""

LONGEST = 13
"""Weeks: a longer silence that ends is a season or a fresh start."""

SLUMP = 0.5
"""What the rest of a niche sells, over what it sold before, when a silence says nothing of the shelf."""

GONE = 8
"""Weeks: who is off the shelf for longer, to the end, is not sold any more."""


@dataclass(frozen=True, slots=True)
class OffShelf:
    """Products by week: `out` is the share of the week off the shelf, 0 where nothing is known.

    `known` are the product-weeks that can be judged, `on` those in which the product was surely on the shelf.
    """

    out: Floats
    known: NDArray[np.bool_]
    on: NDArray[np.bool_]

    @property
    def off(self) -> NDArray[np.bool_]:
        """The product-weeks spent mostly off the shelf."""
        return self.out > 0.5  # noqa: PLR2004 - more than half


def told(in_stock: Floats, sold: NDArray[np.bool_]) -> OffShelf:
    """What the rows say: `in_stock` [products, weeks] as in `Ledger`, `sold` the weeks with a sale.

    A product is not out of stock before its first sale, and no more once it is gone for good.
    """
    begun = np.logical_or.accumulate(sold, axis=1)
    known = ~np.isnan(in_stock) & begun
    out = np.where(known, 1 - in_stock, 0.0)
    on = known & (out <= 0.5)  # noqa: PLR2004 - as above
    week = np.arange(sold.shape[1])
    last = np.where(on | sold, week, -1).max(axis=1, initial=-1, keepdims=True)
    gone = (week > last) & (len(week) - 1 - last > GONE)
    return OffShelf(out=np.where(gone, 0.0, out), known=known & ~gone, on=on)


def inferred(revenue: Floats, total: Floats) -> OffShelf:
    """What silence tells of a product that sold in six of the eight weeks before it.

    Its chance of a week without a sale is put at (silent weeks + 1) / (weeks + 2) of up to sixteen before, from its
    first sale on (Laplace's rule of succession): counts of pieces would promise more, but demand comes in bursts. A
    silence is taken for a stock-out if so many such weeks in a row have a chance below 1 %: two weeks of who sold in
    every one of sixteen, three of who sold in fourteen. A silence over 13 weeks, or over 8 that has not ended, is none;
    nor is one while the rest of the niche sold less than half of what it had: then the season is over.

    `revenue` is [products, weeks], `total` that of each product's whole niche (or of the one niche: [weeks]). Of
    sellers who are never out of stock and sell in 60 to 95 of 100 weeks, 1 to 4 % are wrongly taken to be, within
    eight weeks.
    """
    sold = revenue > 0
    weeks = sold.shape[1]
    week = np.arange(weeks)
    last = np.maximum.accumulate(np.where(sold, week, -1), axis=1)
    following = np.minimum.accumulate(np.where(sold, week, weeks)[:, ::-1], axis=1)[:, ::-1]
    begin = np.where(sold, week, last + 1)
    count = running(sold)
    by_then = np.take_along_axis(count, begin, axis=1)
    steady: NDArray[np.bool_] = by_then - np.take_along_axis(count, np.maximum(begin - BASE, 0), axis=1) >= STEADY
    since = np.maximum(begin - MEMORY, np.where(sold, week, weeks).min(axis=1, initial=weeks, keepdims=True))
    before = np.maximum(begin - since, 0)
    silent = before - (by_then - np.take_along_axis(count, since, axis=1))
    length = following - last - 1
    chance = ((silent + 1) / (before + 2)) ** np.maximum(length, 0)
    gone = ~sold & (length > np.where(following == weeks, GONE, LONGEST))
    out = ~sold & steady & ~gone & (chance < UNLIKELY)
    some = out.any(axis=1)
    whole = np.broadcast_to(total, revenue.shape)[some]
    out[some] &= ~_slump(revenue[some], whole, begin[some], following[some])
    known = steady[:, -BASE:].any(axis=1, keepdims=True) & ~gone
    return OffShelf(out=out.astype(np.float64), known=known, on=sold)


def _slump(revenue: Floats, total: Floats, begin: NDArray[np.int64], following: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the rest of the niche sold far less a week in each silence than in the eight weeks before it."""
    before, length = np.maximum(begin - BASE, 0), np.maximum(following - begin, 1)
    at_begin, at_before, at_end = (
        np.take_along_axis(running(total - revenue), place, axis=1) for place in (begin, before, following)
    )
    # A silent product sold nothing meanwhile: what was sold then was sold by the rest.
    during, rest = (at_end - at_begin) / length, at_begin - at_before
    slump: NDArray[np.bool_] = during < SLUMP * rest / np.maximum(begin - before, 1)
    return slump
