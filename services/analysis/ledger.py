"""One niche's tidy rows as numpy arrays: by product and week, and by listing and seller in a window of weeks."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.analysis.span import Span
from services.analysis.weeks import Floats, full_weeks, known_weeks, week_of

Codes = NDArray[np.int64]
UNKNOWN = -1
"""The code of a seller or brand that a row does not name."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Rows of full weeks (arrays of one length) and what is known of each product (arrays [products]).

    `week` counts from the first of `numbers`; `listed` is the week of a product's listing on the same count, NaN if
    unknown. `revenue` and `units` are [products, weeks]; `known` tells the weeks whose total is known.
    """

    numbers: range
    products: tuple[str, ...]
    sellers: tuple[str, ...]
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
    """Arrange one niche's tidy rows (see `quality.tidy`) by full weeks.

    A week in which the niche has no row sold nothing, unless the whole market is silent in it; a week in which it
    has rows but none with revenue is not known.
    """
    numbers = full_weeks(span, as_of)
    full = rows.with_columns(week_of()).filter(pl.col("week").is_between(numbers.start, numbers.stop - 1))
    products, sellers, brands = (
        full[name].drop_nulls().unique().sort() for name in ("product_id", "seller_id", "brand")
    )
    table = full.select(
        pl.col("week").cast(pl.Int64) - numbers.start,
        _code("product_id", products).alias("product"),
        _code("seller_id", sellers).alias("seller"),
        _code("brand", brands).alias("brand"),
        week_of("listed_on").cast(pl.Float64).fill_null(np.nan).alias("listed"),
        "price",
        "units",
        "revenue",
    )
    week, product = table["week"].to_numpy(), table["product"].to_numpy()
    shape = (len(products), len(numbers))
    seen = np.bincount(week, weights=table["revenue"].is_not_null().to_numpy(), minlength=shape[1])
    blind = (np.bincount(week, minlength=shape[1]) > 0) & (seen == 0)
    brand, listed = np.full(shape[0], UNKNOWN), np.full(shape[0], np.inf)
    np.maximum.at(brand, product, table["brand"].to_numpy())
    np.fmin.at(listed, product, table["listed"].to_numpy() - numbers.start)
    return Ledger(
        numbers=numbers,
        products=tuple(products.to_list()),
        sellers=tuple(sellers.to_list()),
        week=week,
        product=product,
        seller=table["seller"].to_numpy(),
        price=table["price"].fill_null(np.nan).to_numpy(),
        sales=table["revenue"].fill_null(0.0).to_numpy(),
        brand=brand,
        listed=np.where(np.isinf(listed), np.nan, listed),
        revenue=_by_week(week, product, table["revenue"], shape),
        units=_by_week(week, product, table["units"], shape) if table["units"].count() else None,
        known=known_weeks(span, numbers) & ~blind,
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
        price=_medians(product, of.price[inside], size),
        pair_product=pair % max(size, 1),
        pair_seller=np.minimum(pair // max(size, 1), width) + UNKNOWN,
        pair_sold=np.bincount(place, weights=sales, minlength=len(pair)).astype(np.float64),
    )


def _code(name: str, names: pl.Series) -> pl.Expr:
    return pl.col(name).cast(pl.Enum(names)).to_physical().cast(pl.Int64).fill_null(UNKNOWN)


def _by_week(week: Codes, product: Codes, values: pl.Series, shape: tuple[int, int]) -> Floats:
    flat = np.bincount(
        product * shape[1] + week, weights=values.fill_null(0.0).to_numpy(), minlength=shape[0] * shape[1]
    )
    return flat.astype(np.float64).reshape(shape)


def _medians(group: Codes, values: Floats, size: int) -> Floats:
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
