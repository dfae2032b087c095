"""All niches of a market at once: the terms that one niche's analysis has, for reference and backtest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.analysis.badrows import valid, without_outliers
from services.analysis.listings import base_window, listings
from services.analysis.span import Span
from services.analysis.terms import raw_terms
from services.analysis.weeks import BASE, Floats, full_weeks, known_weeks, span_of, spread, week_of

ACTIVE_SHARE = 0.6
FLOOR_SHARE = 0.075
"""A niche counts from this share of the mean niche's revenue on (on the demo market: about 160 dollars in 8 weeks)."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A market's valid rows with niches, products and sellers as numbers; `niches` are the ids by number."""

    frame: pl.DataFrame
    niches: tuple[str, ...]
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarketTerms:
    """A market as of a day: `revenue` is [niches, weeks], each term and `eligible` [niches].

    `span` are the days that its valid rows lie in: a row that cannot be true moves no week.
    """

    span: Span
    numbers: range
    revenue: Floats
    terms: dict[str, Floats]
    eligible: NDArray[np.bool_]


def coded(frame: pl.DataFrame, pseudo_sellers: Collection[str] = ()) -> Rows:
    """Number a market's valid rows, so that thousands of niches are grouped by numbers instead of names."""
    rows, _ = valid(frame, pseudo_sellers)
    niches = rows["niche_id"].unique().sort()
    products = rows["product_id"].unique().sort()
    sellers = rows["seller_id"].drop_nulls().unique().sort()

    def code(name: str, names: pl.Series) -> pl.Expr:
        return pl.col(name).cast(pl.Enum(names)).to_physical()

    numbered = rows.select(
        code("niche_id", niches),
        code("product_id", products),
        code("seller_id", sellers),
        "day",
        week_of(),
        "price",
        "units",
        "revenue",
        "listed_on",
    )
    return Rows(numbered, tuple(niches.to_list()), tuple(products.to_list()))


def eligible(revenue: Floats, floor: float | None = None) -> NDArray[np.bool_]:
    """Which niches can be compared: sold in the last eight weeks (at least `floor`), active in 60 % of all weeks.

    Without `floor` it is 7.5 % of the mean revenue of the niches that sold in these weeks.
    """
    known = ~np.isnan(revenue)
    sold = np.where(known, revenue, 0.0)[:, -BASE:].sum(axis=1)
    active = (np.where(known, revenue, 0.0) > 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    if floor is None:
        floor = FLOOR_SHARE * float(sold[sold > 0].mean()) if (sold > 0).any() else 0.0
    return np.asarray((sold > 0) & (sold >= floor) & (active >= ACTIVE_SHARE))


def revenue_by_week(rows: pl.DataFrame, niches: int, span: Span, numbers: range) -> Floats:
    """Revenue [niches, weeks]; NaN where the market is silent or a niche has rows but none with revenue."""
    cells = (
        rows.filter(pl.col("week").is_between(numbers.start, numbers.stop - 1))
        .group_by("niche_id", "week")
        .agg(pl.col("revenue").sum(), pl.col("revenue").count().alias("seen"))
    )
    at = (cells["niche_id"].to_numpy(), cells["week"].to_numpy() - numbers.start)
    shape = (niches, len(numbers))
    revenue = spread(at, cells["revenue"].to_numpy(), shape)
    blind = spread(at, (cells["seen"] == 0).to_numpy().astype(np.float64), shape) > 0
    return np.where(blind | ~known_weeks(span, numbers), np.nan, revenue)


def weekly_revenue(frame: pl.DataFrame, span: Span, as_of: date) -> Floats:
    """Revenue [niches, full weeks] of every niche of a market up to a day, in the order of their ids."""
    rows = coded(frame)
    past = without_outliers(rows.frame.filter(pl.col("day") <= as_of))
    return revenue_by_week(past, len(rows.niches), span, full_weeks(span, as_of))


def market_terms(rows: Rows, as_of: date, floor: float | None = None) -> MarketTerms:
    """Every term of every niche from the rows up to a day; raises `ValueError` if there are none."""
    past = rows.frame.filter(pl.col("day") <= as_of)
    span = span_of(past, as_of)
    if span is None:
        raise ValueError(f"the market has no observations up to {as_of}: import earlier ones, or choose a later day")
    past = without_outliers(past)
    numbers = full_weeks(span, as_of)
    size = len(rows.niches)
    revenue = revenue_by_week(past, size, span, numbers)
    window = base_window(numbers)
    recent = past.filter(pl.col("week").is_between(window.start, window.stop - 1)).select(
        niche="niche_id", product="product_id", seller="seller_id", revenue="revenue"
    )
    return MarketTerms(
        span=span,
        numbers=numbers,
        revenue=revenue,
        terms=raw_terms(revenue, listings(recent, size)),
        eligible=eligible(revenue, floor),
    )
