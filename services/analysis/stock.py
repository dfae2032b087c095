"""What could not be bought, what that cost, and how the niche moved apart from it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

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


@dataclass(frozen=True, slots=True)
class _Shelves:
    """What is summed up by niche: judged product-weeks, those off the shelf, products off it and back, money missed."""

    judged: Floats
    out: Floats
    products_out: Floats
    returned: Floats
    missed: Floats


def stock(of: Ledger) -> Stock | None:
    """What was off one niche's shelf in the last eight weeks (see `stocks`)."""
    (only,) = stocks((of,))
    return only


def stocks(books: Sequence[Ledger]) -> list[Stock | None]:
    """What was off the shelf of niches in the last eight weeks; `None` where nothing can be said of them.

    The rows' flags tell where there are any in the last sixteen weeks; else silence does (see `inferred`). A product
    sells in a week off the shelf what it sold in a week on it in the eight weeks before it went; one with fewer than
    four such weeks adds nothing. Products are judged from their first sale on; who is off the shelf for more than
    eight weeks without coming back is gone: no loss, and no part of `out_share`.
    """
    found: list[Stock | None] = [None] * len(books)
    alike = defaultdict[tuple[bytes, bool], list[int]](list)
    for place, of in enumerate(books):
        if len(of.numbers) >= BASE and of.known[-BASE:].any():
            alike[of.known.tobytes(), _flagged(of)].append(place)
    for (_, flagged), places in alike.items():
        some = [books[place] for place in places]
        found_here = _stocks(some, np.flatnonzero(some[0].known)[-_LOOK:], flagged=flagged)
        for place, one in zip(places, found_here, strict=True):
            found[place] = one
    return found


def _flagged(of: Ledger) -> bool:
    return of.in_stock is not None and not np.isnan(of.in_stock[:, -2 * BASE :]).all()


def _stocks(books: Sequence[Ledger], columns: NDArray[np.int64], *, flagged: bool) -> list[Stock | None]:
    """The stock of niches that know the same weeks, by their flags or by silence."""
    recent = columns >= len(books[0].numbers) - BASE
    seen = _shelves(books, columns, recent, flagged=flagged)
    change = _changes(books, columns, seen.missed)
    columns_of = (seen.judged, seen.out, seen.products_out, seen.returned, change)
    return [
        Stock(
            out_share=out / judged,
            inferred=not flagged,
            products_out=int(products),
            returned=int(returned),
            lost_revenue=float(missed[recent].mean()),
            change=moved if moved == moved else None,  # noqa: PLR0124 - not NaN
        )
        if judged
        else None
        for missed, judged, out, products, returned, moved in zip(
            seen.missed, *(column.tolist() for column in columns_of), strict=True
        )
    ]


def _shelves(
    books: Sequence[Ledger], columns: NDArray[np.int64], recent: NDArray[np.bool_], *, flagged: bool
) -> _Shelves:
    """Sum up the products of niches, so many at once as fit the memory."""
    n = len(books)
    sums, missed = np.zeros((4, n)), np.zeros((n, len(columns)))
    totals = np.array([of.weekly[columns] for of in books])
    for rows in _batches(books, columns, flagged=flagged):
        if flagged:
            sold = rows.revenue > 0
            sold[:, 0] |= rows.begun
            seen = told(rows.flags, sold)
        else:
            seen = inferred(rows.revenue, totals[rows.niche])
        left = seen.out.any(axis=1)
        went, of = OffShelf(out=seen.out[left], known=seen.known[left], on=seen.on[left]), rows.niche[left]
        sums[0] += np.bincount(rows.niche, seen.known[:, recent].sum(axis=1), n)
        sums[1] += np.bincount(of, went.out[:, recent].sum(axis=1), n)
        sums[2] += np.bincount(of, went.off[:, recent].any(axis=1), n)
        sums[3] += np.bincount(of, (returns(went) & recent).any(axis=1), n)
        np.add.at(missed, of, np.nan_to_num(went.out * pace(rows.revenue[left], went)))
    judged, out, products_out, returned = sums
    return _Shelves(judged, out, products_out, returned, missed)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Products by week: whose they are, their revenue and flags, and whether they had sold before these weeks."""

    niche: NDArray[np.int64]
    revenue: Floats
    flags: Floats
    begun: NDArray[np.bool_]


def _batches(books: Sequence[Ledger], columns: NDArray[np.int64], *, flagged: bool) -> Iterator[_Rows]:
    """The products that something can be said of, of one niche after the other."""
    waiting: list[_Rows] = []
    size = 0
    for niche, of in enumerate(books):
        revenue = of.revenue[:, columns]
        sold = revenue > 0
        able = np.flatnonzero(sold.any(axis=1) if flagged else sold.sum(axis=1) >= STEADY)
        for start in range(0, len(able), _AT_ONCE):
            some = able[start : start + _AT_ONCE]
            flags = of.in_stock[some][:, columns] if flagged and of.in_stock is not None else revenue[:0]
            begun = np.asarray((of.revenue[some, : columns[0] + 1] > 0).any(axis=1))
            waiting.append(_Rows(np.full(len(some), niche), revenue[some], flags, begun))
            size += len(some)
            if size >= _AT_ONCE:
                yield _stacked(waiting)
                waiting, size = [], 0
    if waiting:
        yield _stacked(waiting)


def _stacked(parts: Sequence[_Rows]) -> _Rows:
    return _Rows(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(_Rows)))


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


def _changes(books: Sequence[Ledger], columns: NDArray[np.int64], missed: Floats) -> Floats:
    """The last eight weeks over the eight before, both with what was missed [niches]; NaN under sixteen weeks."""
    filled = np.array([of.weekly for of in books])
    if filled.shape[1] < 2 * BASE:
        return np.full(len(books), np.nan)
    filled[:, columns] += missed
    return np.expm1(log_ratio(mean_of(filled[:, -BASE:]), mean_of(filled[:, -2 * BASE : -BASE])))
