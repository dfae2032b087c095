"""What could not be bought, what that cost, and how the niche moved apart from it."""

import numpy as np
from numpy.typing import NDArray

from contracts.demand import Stock
from services.analysis.ledger import Ledger
from services.analysis.silence import LONGEST, MEMORY, STEADY, OffShelf, inferred, told
from services.analysis.sums import running
from services.analysis.terms import log_ratio, mean_of
from services.analysis.weeks import BASE, Floats

PACE_WEEKS = 4
"""On the shelf, of the eight before a product went off it: what it sells in a week is not known from fewer."""

_AT_ONCE = 10_000  # products: a niche of 200,000 should not need a gigabyte
# The last eight known weeks, the eight before, and what tells about a silence that began earlier.
_LOOK = 2 * BASE + LONGEST + MEMORY


def stock(of: Ledger) -> Stock | None:
    """What was off the shelf in the last eight weeks; `None` where nothing can be said of them.

    The rows' flags tell where there are any in the last sixteen weeks; else silence does (see `inferred`). A product
    sells in a week off the shelf what it sold in a week on it in the eight weeks before it went; one with fewer than
    four such weeks adds nothing. Products are judged from their first sale on; who is off the shelf for more than
    eight weeks without coming back is gone: no loss, and no part of `out_share`.
    """
    weeks = len(of.numbers)
    columns = np.flatnonzero(of.known)[-_LOOK:]
    recent = columns >= weeks - BASE
    if weeks < BASE or not recent.any():
        return None
    flags = of.in_stock if of.in_stock is not None and not np.isnan(of.in_stock[:, -2 * BASE :]).all() else None
    sold = of.revenue[:, columns] > 0
    able = np.flatnonzero(sold.any(axis=1) if flags is not None else sold.sum(axis=1) >= STEADY)
    judged, out, missed = 0, 0.0, np.zeros(len(columns))
    products_out = returned = 0
    for start in range(0, len(able), _AT_ONCE):
        some = able[start : start + _AT_ONCE]
        seen = _seen(of, flags, some, columns)
        left = seen.out.any(axis=1)
        went = OffShelf(out=seen.out[left], known=seen.known[left], on=seen.on[left])
        judged += int(seen.known[:, recent].sum())
        out += float(went.out[:, recent].sum())
        products_out += int(went.off[:, recent].any(axis=1).sum())
        returned += int((returns(went) & recent).any(axis=1).sum())
        missed += np.nan_to_num(went.out * pace(of.revenue[some[left]][:, columns], went)).sum(axis=0)
    if not judged:
        return None
    return Stock(
        out_share=out / judged,
        inferred=flags is None,
        products_out=products_out,
        returned=returned,
        lost_revenue=float(missed[recent].mean()),
        change=_change(of, columns, missed),
    )


def _seen(of: Ledger, flags: Floats | None, some: NDArray[np.int64], columns: NDArray[np.int64]) -> OffShelf:
    """What was off the shelf of some products in some weeks."""
    revenue = of.revenue[some][:, columns]
    if flags is None:
        return inferred(revenue, of.weekly[columns])
    sold = revenue > 0
    sold[:, 0] |= (of.revenue[some, : columns[0] + 1] > 0).any(axis=1)  # a first sale before these weeks counts too
    return told(flags[some][:, columns], sold)


def pace(revenue: Floats, seen: OffShelf) -> Floats:
    """What each product sold in a week on the shelf before each week [products, weeks]; NaN where not known.

    In a week off the shelf it is that of the eight weeks before it left.
    """
    on = np.where(seen.known | seen.on, 1 - seen.out, 0.0)
    window = on.shape[1]
    begin = np.maximum(np.arange(window) - BASE, 0)
    time = running(on)
    money = running(np.where(on > 0, revenue, 0.0))
    time, money = time[:, :-1] - time[:, begin], money[:, :-1] - money[:, begin]
    stays = np.zeros(on.shape, dtype=np.bool_)
    stays[:, 1:] = seen.off[:, :-1]
    usable = (time >= PACE_WEEKS) & ~stays
    latest = np.maximum.accumulate(np.where(usable, np.arange(window), -1), axis=1)
    rate = np.where(usable, np.maximum(money, 0.0) / np.where(usable, time, 1.0), np.nan)
    return np.where(latest >= 0, np.take_along_axis(rate, np.maximum(latest, 0), axis=1), np.nan)


def returns(seen: OffShelf) -> NDArray[np.bool_]:
    """The weeks in which a product stood on the shelf again, having been off it when last heard of."""
    week = np.arange(seen.out.shape[1])
    heard = np.maximum.accumulate(np.where(seen.off | seen.on, week, -1), axis=1)
    before = np.full(heard.shape, -1)
    before[:, 1:] = heard[:, :-1]
    was_off = (before >= 0) & np.take_along_axis(seen.off, np.maximum(before, 0), axis=1)
    return seen.on & ~seen.off & was_off


def _change(of: Ledger, columns: NDArray[np.int64], missed: Floats) -> float | None:
    """The last eight weeks over the eight before, both with what was missed; under sixteen weeks: `None`."""
    if len(of.numbers) < 2 * BASE:
        return None
    filled = of.weekly[None]
    filled[0, columns] += missed
    moved = log_ratio(mean_of(filled[:, -BASE:]), mean_of(filled[:, -2 * BASE : -BASE]))[0]
    return None if np.isnan(moved) else float(np.expm1(moved))
