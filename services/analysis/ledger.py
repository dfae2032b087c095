"""Niches' tidy rows as numpy arrays: by product and week, and by listing and seller in a window of weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.analysis.span import Span
from services.analysis.weeks import Floats, full_weeks, known_weeks, week_of

Codes = NDArray[np.int64]
UNKNOWN = -1
"""The code of a seller or brand that a row does not name."""

REVIEW_WEEKS = 26
"""How far back the pace of reviews is measured."""

_NAMES = ("seller_id", "brand")
_KEY = ("niche_id", "product_id", "seller_id", "day")
_FIGURES = ("price", "units", "revenue", "rating", "reviews", "in_stock")


@dataclass(frozen=True, slots=True)
class Ledger:
    """Rows of full weeks (arrays of one length) and what is known of each product (arrays [products]).

    `week` counts from the first of `numbers`; `listed` is the week of a product's listing on the same count, NaN if
    unknown. `revenue` and `units` are [products, weeks]; `known` tells the weeks whose total is known. `present` says
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
    known = known_weeks(span, numbers)
    names = {name: rows[name].drop_nulls().unique().sort() for name in _NAMES}
    # In the order of niches and their products these are numbered by where another one begins; to sort them costs next
    # to nothing where they are in order already, as they are in a part.
    table = (
        rows.lazy()
        .sort(_KEY)
        .with_columns(week_of())
        .filter(pl.col("week").is_between(numbers.start, numbers.stop - 1))
        .select(
            "niche_id",
            "product_id",
            "day",
            pl.col("week").cast(pl.Int64) - numbers.start,
            pl.col("niche_id").rle_id().cast(pl.Int64).alias("niche"),
            pl.struct("niche_id", "product_id").rle_id().cast(pl.Int64).alias("product"),
            (week_of("listed_on").cast(pl.Float64) - numbers.start).fill_null(np.nan).alias("listed"),
            *(_code(name, names[name]) for name in _NAMES),
            *(pl.col(name).cast(pl.Float64).fill_null(np.nan) for name in _FIGURES),
        )
        .collect()
    )
    columns = {name: table[name].to_numpy() for name in table.columns[2:]}
    texts = {name: names[name].to_list() for name in _NAMES}
    starts = np.flatnonzero(np.diff(columns["product"], prepend=-1))
    texts["product_id"] = table["product_id"].gather(starts).to_list()
    edges = np.append(np.flatnonzero(np.diff(columns["niche"], prepend=-1)), table.height)
    codes = {niche: code for code, niche in enumerate(table["niche_id"].gather(edges[:-1]).to_list())}
    found = []
    for niche in niches:
        code = codes.get(niche)
        of = slice(0, 0) if code is None else slice(int(edges[code]), int(edges[code + 1]))
        found.append(_ledger({name: values[of] for name, values in columns.items()}, texts, numbers, known))
    return tuple(found)


def _ledger(
    columns: dict[str, NDArray[Any]], texts: dict[str, list[str]], numbers: range, market: NDArray[np.bool_]
) -> Ledger:
    week, first = columns["week"], int(columns["product"][0]) if len(columns["product"]) else 0
    product = columns["product"] - first
    begins = np.flatnonzero(np.diff(product, prepend=-1))
    sellers, seller = _local(columns["seller_id"])
    brands, brand_row = _local(columns["brand"])
    price, units, sales, rating, reviews, stock = (columns[name] for name in _FIGURES)
    size, width = len(begins), len(numbers)
    cell = product * width + week
    unsold, some_units, some_stock = np.isnan(sales), ~np.isnan(units), ~np.isnan(stock)
    seen, told = np.bincount(week, minlength=width), np.bincount(week[~unsold], minlength=width)
    sales = np.where(unsold, 0.0, sales)
    late = np.argsort(columns["day"], kind="stable") if not (np.isnan(rating) & np.isnan(reviews)).all() else begins[:0]
    return Ledger(
        numbers=numbers,
        products=tuple(texts["product_id"][first : first + size]),
        sellers=tuple(texts["seller_id"][code] for code in sellers.tolist()),
        brands=tuple(texts["brand"][code] for code in brands.tolist()),
        week=week,
        product=product,
        seller=seller,
        price=price,
        sales=sales,
        brand=np.maximum.reduceat(brand_row, begins) if size else begins,
        listed=np.fmin.reduceat(columns["listed"], begins) if size else np.zeros(0),
        revenue=_sums(cell, sales, (size, width)),
        units=_sums(cell, np.where(some_units, units, 0.0), (size, width)) if some_units.any() else None,
        known=market & ((seen == 0) | (told > 0)),
        present=_sums(cell, None, (size, width)) > 0,
        in_stock=_means(cell[some_stock], stock[some_stock], (size, width)) if some_stock.any() else None,
        rating=_last(product[late], rating[late], size),
        reviews=_last(product[late], reviews[late], size),
        review_pace=_pace(product[late], week[late], reviews[late], size, width - REVIEW_WEEKS),
    )


def shelf(of: Ledger, start: int, stop: int) -> Shelf:
    """What was on sale from week `start` until before week `stop` (counted from the first, clipped to those known)."""
    inside = (of.week >= start) & (of.week < stop)
    size, width = len(of.products), len(of.sellers) + 1
    product, seller = of.product[inside], of.seller[inside]
    sales = of.sales[inside]
    pair, place = np.unique((seller - UNKNOWN) * max(size, 1) + product, return_inverse=True)
    return Shelf(
        present=np.bincount(product, minlength=size) > 0,
        sold=np.bincount(product, weights=sales, minlength=size).astype(np.float64),
        price=medians(product, of.price[inside], size),
        pair_product=pair % max(size, 1),
        pair_seller=np.minimum(pair // max(size, 1), width) + UNKNOWN,
        pair_sold=np.bincount(place, weights=sales, minlength=len(pair)).astype(np.float64),
    )


def _code(name: str, names: pl.Series) -> pl.Expr:
    return pl.col(name).cast(pl.Enum(names)).to_physical().cast(pl.Int64).fill_null(UNKNOWN)


def _local(codes: Codes) -> tuple[Codes, Codes]:
    """The codes that occur, in order, and each row's place among them; an unknown one stays unknown."""
    occurs = np.bincount(codes - UNKNOWN)
    found = np.flatnonzero(occurs[1:])
    place = np.full(len(occurs), UNKNOWN)
    place[found + 1] = np.arange(len(found))
    return found, place[codes - UNKNOWN]


def _sums(cell: Codes, values: Floats | None, shape: tuple[int, int]) -> Floats:
    """The sum of the values in each cell, or the number of rows where there are none."""
    flat = np.bincount(cell, weights=values, minlength=shape[0] * shape[1])
    return flat.astype(np.float64, copy=False).reshape(shape)


def _means(cell: Codes, values: Floats, shape: tuple[int, int]) -> Floats:
    count = _sums(cell, None, shape)
    return np.where(count > 0, _sums(cell, values, shape) / np.maximum(count, 1.0), np.nan)


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
