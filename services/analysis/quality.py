"""What the rows are worth: what is left out and why, and what an analysis stands on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import Any

import polars as pl

from contracts.quality import BadRow, Quality
from services.analysis.badrows import all_but, bad, nameless, odd_prices, valid
from services.analysis.span import Span
from services.analysis.weeks import full_weeks, week_of

SHORT_WEEKS, STALE_DAYS, GAP_SHARE = 26, 14, 0.1
EXAMPLES = 3
"""Bad rows shown for each reason: enough to see what the source does, few enough to read."""

_SAID = {
    "price_outlier": "price_outliers",
    "duplicate": "duplicates",
    "negative": "negatives",
    "inconsistent": "inconsistent",
    "future": "future_rows",
}
_LACKING = {
    "no_units": "units",
    "no_revenue": "revenue",
    "no_sellers": "seller_id",
    "no_listing_dates": "listed_on",
    "no_stock_data": "in_stock",
    "no_reviews": "reviews",
}


@dataclass(frozen=True, slots=True)
class Tidied:
    """The rows that count, in their order, and by niche what does not: how many by reason, and a few of each.

    `pseudo` are the niches in which pseudo sellers sold.
    """

    rows: pl.DataFrame
    dropped: Mapping[str, dict[str, int]] = field(default_factory=dict)
    examples: Mapping[str, tuple[BadRow, ...]] = field(default_factory=dict)
    pseudo: frozenset[str] = frozenset()


def tidy(frame: pl.DataFrame, as_of: date, asked_on: date | None = None, pseudo: Collection[str] = ()) -> Tidied:
    """Sift the observations of one niche or many as of a day; see `badrows` for what makes a row bad.

    Later rows are left out and change nothing but their count. Those dated after `asked_on`, the day on which somebody
    asks, cannot be true even if `as_of` is later still; they count as `future`, the others as `after_as_of`.
    """
    day = pl.col("day")
    last = as_of if asked_on is None else min(as_of, asked_on)
    late = frame.filter(day > last)
    past = frame.filter(day <= last) if late.height else frame
    rows, found = valid(past)
    if late.height:
        future = pl.lit(value=False) if asked_on is None else day > asked_on
        found.append(bad(late, pl.when(future).then(pl.lit("future")).otherwise(pl.lit("after_as_of"))))
    odd = odd_prices(rows)
    if odd is not None:
        outliers = rows[odd["at"]].with_columns(odd["median"])
        found.append(bad(outliers, "price_outlier", pl.col("price"), pl.col("median")))
        rows = all_but(rows, odd["at"])
    nobody = rows.filter(pl.col("seller_id").is_in(list(pseudo)))["niche_id"].unique() if pseudo else ()
    rows = nameless(rows, pseudo)
    if not found:
        return Tidied(rows, pseudo=frozenset(nobody))
    left_out = pl.concat(found)
    return Tidied(rows, _counts(left_out), _examples(left_out), frozenset(nobody))


def _counts(left_out: pl.DataFrame) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for niche, why, count in left_out.group_by("niche_id", "why").len().sort("niche_id", "why").iter_rows():
        counts.setdefault(niche, {})[why] = count
    return counts


def _examples(left_out: pl.DataFrame) -> dict[str, tuple[BadRow, ...]]:
    """A few bad rows of each niche and reason; a row that is only later than the day asked for is no bad one."""
    some = left_out.filter(pl.col("why") != "after_as_of")
    if some.is_empty():
        return {}
    order = ("niche_id", "why", "product_id", "day", "seller_id", "value")
    few = some.sort(order).group_by("niche_id", "why", maintain_order=True).head(EXAMPLES)
    examples: dict[str, list[BadRow]] = {}
    for row in few.iter_rows(named=True):
        shown = BadRow(
            why=row["why"],
            product=row["product_id"],
            seller=row["seller_id"],
            day=row["day"],
            value=_finite(row["value"]),
            limit=_finite(row["limit"]),
        )
        examples.setdefault(row["niche_id"], []).append(shown)
    return {niche: tuple(found) for niche, found in examples.items()}


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def qualities(tidied: Tidied, niches: Sequence[str], span: Span, as_of: date) -> tuple[Quality, ...]:
    """Describe the tidy rows of each of `niches`: how long, how many, how fresh, what is missing.

    `span` are the days that the whole market has data of.
    """
    numbers = full_weeks(span, as_of)
    week, seller = pl.col("week"), pl.col("seller_id")
    table = (
        tidied.rows.lazy()
        .with_columns(week_of())
        .group_by("niche_id")
        .agg(
            pl.len().alias("rows"),
            pl.col("product_id").n_unique().alias("products"),
            seller.drop_nulls().n_unique().alias("sellers"),
            pl.col("source").unique().sort().alias("sources"),
            pl.col("day").n_unique().alias("days"),
            pl.col("day").min().alias("first_day"),
            pl.col("day").max().alias("last_day"),
            week.min().alias("first_week"),
            week.filter(week.is_between(numbers.start, numbers.stop - 1)).n_unique().alias("present"),
            *(pl.col(column).count().alias(flag) for flag, column in _LACKING.items()),
        )
        .collect()
    )
    told = {row["niche_id"]: row for row in table.iter_rows(named=True)}
    return tuple(_quality(tidied, niche, told.get(niche), numbers, (as_of - span.last).days) for niche in niches)


def _quality(tidied: Tidied, niche: str, row: dict[str, Any] | None, numbers: range, age: int) -> Quality:
    dropped, examples = tidied.dropped.get(niche, {}), tidied.examples.get(niche, ())
    faults = tuple(flag for why, flag in _SAID.items() if why in dropped)
    if row is None:
        return Quality(
            days=0, weeks=len(numbers), rows=0, products=0, dropped=dropped, examples=examples,
            flags=("no_rows", *faults),
        )  # fmt: skip
    length = max(0, numbers.stop - max(numbers.start, row["first_week"]))
    missing = max(0, length - row["present"])
    lacks = {
        "short_history": len(numbers) < SHORT_WEEKS,
        "stale": age > STALE_DAYS,
        "gaps": missing > GAP_SHARE * max(1, length),
        **{flag: row[flag] == 0 for flag in _LACKING},
        "pseudo_sellers": niche in tidied.pseudo,
    }
    return Quality(
        days=row["days"],
        weeks=len(numbers),
        rows=row["rows"],
        products=row["products"],
        sellers=row["sellers"] or None,
        sources=tuple(row["sources"]),
        first_day=row["first_day"],
        last_day=row["last_day"],
        freshness=max(0, age),
        missing=missing,
        dropped=dropped,
        examples=examples,
        flags=(*(flag for flag, raised in lacks.items() if raised), *faults),
    )
