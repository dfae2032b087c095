"""Niches' tidy rows as numpy arrays: by product and week, and by listing and seller in a window of weeks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.analysis.coded import FIGURES, UNKNOWN, Coded, Codes, coded
from services.analysis.span import Span
from services.analysis.weeks import Floats, full_weeks, known_weeks

REVIEW_WEEKS = 26
"""How far back the pace of reviews is measured."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Rows of full weeks (arrays of one length) and what is known of each product (arrays [products]).

    `week` counts from the first of `numbers`; `listed` is the week of a product's listing on the same count, NaN if
    unknown. `revenue` and `units` are [products, weeks], the latter NaN where pieces were sold
    and not counted; `known` tells the weeks whose total is known. `present` says
    in which weeks a product had a row, `in_stock` [products, weeks] which share of these rows could be bought (NaN
    where no row tells; `None` if none ever does). `rating` and `reviews` are the last known of each product,
    `review_pace` is how many reviews it gained a week over its known rows of the last 26 weeks; NaN where not known.
    """

    numbers: range
    products: tuple[str, ...]
    sellers: tuple[str, ...]
    brands: tuple[str, ...]
    week: Codes
    product: Codes
    seller: Codes
    price: Floats
    sales: Floats
    brand: Codes
    listed: Floats
    revenue: Floats
    units: Floats | None
    known: NDArray[np.bool_]
    present: NDArray[np.bool_]
    in_stock: Floats | None
    rating: Floats
    reviews: Floats
    review_pace: Floats

    @property
    def weekly(self) -> Floats:
        """Revenue of the niche per week; NaN where it is not known."""
        return np.where(self.known, self.revenue.sum(axis=0), np.nan)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What was on sale in a window of weeks.

    Per product: `present` (had a row), `sold` (revenue), `price` (median asked, NaN unknown). Per pair of product and
    seller, in the order of sellers, unknown ones first: `pair_product`, `pair_seller`, `pair_sold`.
    """

    present: NDArray[np.bool_]
    sold: Floats
    price: Floats
    pair_product: Codes
    pair_seller: Codes
    pair_sold: Floats


def ledger(rows: pl.DataFrame, span: Span, as_of: date) -> Ledger:
    """Arrange one niche's tidy rows (see `quality.tidy`) by full weeks."""
    (only,) = ledgers(rows, (rows["niche_id"][0] if rows.height else "",), span, as_of)
    return only


def ledgers(rows: pl.DataFrame, niches: Sequence[str], span: Span, as_of: date) -> tuple[Ledger, ...]:
    """Arrange the tidy rows of many niches by full weeks, one ledger for each of `niches` in their order.

    A week in which a niche has no row sold nothing, unless the whole market is silent in it; a week in which it has
    rows but none with revenue is not known.
    """
    numbers = full_weeks(span, as_of)
    of = coded(rows, numbers)
    whole = _market(of, numbers, known_weeks(span, numbers))
    weeks = (len(of.places) + 1, len(numbers))
    cell, told = of.niche * len(numbers) + of.week, ~np.isnan(of.figures["revenue"])
    known = whole.known & ((_count(cell, weeks) == 0) | (_count(cell[told], weeks) > 0))
    units, stock = (_count(of.niche[~np.isnan(of.figures[name])], weeks[:1]) > 0 for name in ("units", "in_stock"))
    found = []
    for place in (of.places.get(niche, len(of.places)) for niche in niches):
        row, goods = (slice(*edges[place : place + 2].tolist()) for edges in (of.rows_at, of.products_at))
        found.append(
            Ledger(
                numbers=numbers,
                products=whole.products[goods],
                sellers=of.sellers[place],
                brands=of.brands[place],
                week=whole.week[row],
                product=whole.product[row] - goods.start,
                seller=whole.seller[row],
                price=whole.price[row],
                sales=whole.sales[row],
                brand=whole.brand[goods],
                listed=whole.listed[goods],
                revenue=whole.revenue[goods],
                units=whole.units[goods] if whole.units is not None and units[place] else None,
                known=known[place],
                present=whole.present[goods],
                in_stock=whole.in_stock[goods] if whole.in_stock is not None and stock[place] else None,
                rating=whole.rating[goods],
                reviews=whole.reviews[goods],
                review_pace=whole.review_pace[goods],
            )
        )
    return tuple(found)


def _market(of: Coded, numbers: range, known: NDArray[np.bool_]) -> Ledger:
    """The ledger of all niches together, which those of each are cut from."""
    size, width = len(of.products), len(numbers)
    price, units, revenue, rating, reviews, stock = (of.figures[name] for name in FIGURES)
    cell, sales = of.product * width + of.week, np.where(np.isnan(revenue), 0.0, revenue)
    some_units, some_stock = ~np.isnan(units), ~np.isnan(stock)
    first = np.searchsorted(of.product, np.arange(size))
    rated = np.flatnonzero(~np.isnan(rating) | ~np.isnan(reviews))
    rated = rated[np.argsort(of.day[rated], kind="stable")]
    product, rating, reviews = of.product[rated], rating[rated], reviews[rated]
    return Ledger(
        numbers=numbers,
        products=tuple(of.products),
        sellers=(),
        brands=(),
        week=of.week,
        product=of.product,
        seller=of.seller,
        price=price,
        sales=sales,
        brand=np.maximum.reduceat(of.brand, first),
        listed=np.fmin.reduceat(of.listed, first),
        revenue=_sums(cell, sales, (size, width)),
        # Pieces that were sold and not counted make their sum unknown: a bare zero would say that none were.
        units=_sums(cell, np.where(some_units | ~(sales > 0), np.where(some_units, units, 0.0), np.nan), (size, width))
        if some_units.any()
        else None,
        known=known,
        present=_count(cell, (size, width)) > 0,
        in_stock=_means(cell[some_stock], stock[some_stock], (size, width)) if some_stock.any() else None,
        rating=_last(product, rating, size),
        reviews=_last(product, reviews, size),
        review_pace=_pace(product, of.week[rated], reviews, size, width - REVIEW_WEEKS),
    )


def shelf(of: Ledger, start: int, stop: int) -> Shelf:
    """What was on sale in one niche (see `shelves`)."""
    (only,) = shelves((of,), start, stop)
    return only


def shelves(books: Sequence[Ledger], start: int, stop: int) -> list[Shelf]:
    """What was on sale in niches from week `start` until before week `stop`, counted from the first."""
    if not books:
        return []
    goods = np.cumsum([0, *(len(of.products) for of in books)])
    names = np.cumsum([0, *(1 + len(of.sellers) for of in books)])  # of each niche the first stands for unknown ones
    size, columns = int(goods[-1]), []
    for of, good, name in zip(books, goods.tolist(), names.tolist(), strict=False):
        use = np.flatnonzero((of.week >= start) & (of.week < stop))
        columns.append((of.product[use] + good, of.seller[use] - UNKNOWN + name, of.sales[use], of.price[use]))
    product, seller, sales, price = (np.concatenate(column) for column in zip(*columns, strict=True))
    pair, place = np.unique(seller * size + product, return_inverse=True)
    pair_seller, pair_product = np.divmod(pair, max(size, 1))
    pair_sold = _sums(place, sales, (len(pair),))
    present, sold = np.bincount(product, minlength=size) > 0, _sums(product, sales, (size,))
    asked = medians(product, price, size)
    found = []
    for niche in range(len(books)):
        own = slice(*goods[niche : niche + 2].tolist())
        pairs = slice(*np.searchsorted(pair_seller, names[niche : niche + 2]).tolist())
        found.append(
            Shelf(
                present=present[own],
                sold=sold[own],
                price=asked[own],
                pair_product=pair_product[pairs] - own.start,
                pair_seller=pair_seller[pairs] - names[niche] + UNKNOWN,
                pair_sold=pair_sold[pairs],
            )
        )
    return found


def _count(cell: Codes, shape: tuple[int, ...]) -> Codes:
    return np.bincount(cell, minlength=math.prod(shape)).reshape(shape)


def _sums(cell: Codes, values: Floats, shape: tuple[int, ...]) -> Floats:
    flat = np.bincount(cell, weights=values, minlength=math.prod(shape))
    return flat.astype(np.float64, copy=False).reshape(shape)


def _means(cell: Codes, values: Floats, shape: tuple[int, ...]) -> Floats:
    count = _count(cell, shape)
    return np.where(count > 0, _sums(cell, values, shape) / np.maximum(count, 1), np.nan)


def _last(product: Codes, values: Floats, size: int) -> Floats:
    """The last known value of each product [size] of rows in the order of days."""
    known = ~np.isnan(values)
    found = np.full(size, np.nan)
    found[product[known]] = values[known]  # of several assignments to a place the last one stays
    return found


def _pace(product: Codes, week: Codes, reviews: Floats, size: int, since: int) -> Floats:
    """Reviews gained a week between the first and the last known row from week `since` on; a loss counts as none."""
    use = ~np.isnan(reviews) & (week >= since)
    product, reviews, when = product[use], reviews[use], week[use].astype(np.float64)
    first, last = _last(product[::-1], reviews[::-1], size), _last(product, reviews, size)
    began, ended = _last(product[::-1], when[::-1], size), _last(product, when, size)
    weeks = ended - began
    return np.where(weeks > 0, np.maximum(last - first, 0.0) / np.where(weeks > 0, weeks, 1.0), np.nan)


def medians(group: Codes, values: Floats, size: int) -> Floats:
    """The median of the known values of each group [size]; NaN for a group with none."""
    known = ~np.isnan(values)
    group, values = group[known], values[known]
    order = np.lexsort((values, group))
    count = np.bincount(group, minlength=size)
    start = np.cumsum(count) - count
    some = count > 0
    result = np.full(size, np.nan)
    ordered = values[order]
    low, high = (start + (count - 1) // 2)[some], (start + count // 2)[some]
    result[some] = (ordered[low] + ordered[high]) / 2
    return result
