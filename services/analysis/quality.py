"""What the rows are worth: what is dropped and why, and what an analysis stands on."""

from datetime import date

import polars as pl

from contracts.findings import Quality
from services.analysis.span import Span
from services.analysis.weeks import full_weeks, week_of

OUTLIER = 10.0
"""A price this many times over or under its product's median is an error of the source, not a price."""
FEWEST_PRICES = 3

SHORT_WEEKS, STALE_DAYS, GAP_SHARE = 26, 14, 0.1

_KEY = ("niche_id", "product_id", "seller_id", "day")


def valid(frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Rows that can be true, and how many were dropped by reason; each is judged without any other day.

    Price and revenue are filled where the other two of price, units and revenue give them; a row without data keeps
    its place (its week is unknown, not zero) but loses its numbers.
    """
    negative = pl.any_horizontal(pl.col("price", "units", "revenue").fill_null(0) < 0)
    kept = frame.filter(~negative)
    dropped = {"negative": frame.height - kept.height}
    single = kept.unique(subset=_KEY, keep="last", maintain_order=True)
    dropped["duplicate"] = kept.height - single.height
    numbers = single.with_columns(
        pl.when(pl.col("has_data")).then(pl.col(name)).alias(name) for name in ("price", "units", "revenue")
    )
    filled = numbers.with_columns(
        pl.col("revenue").fill_null(pl.col("price") * pl.col("units")),
        pl.col("price").fill_null(
            pl.when((pl.col("units") > 0) & (pl.col("revenue") > 0)).then(pl.col("revenue") / pl.col("units"))
        ),
    )
    return filled, dropped


def without_outliers(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose price is within ten times of their product's median price in these very rows.

    Of two prices nobody can say which is wrong, so a product needs three to be judged.
    """
    product = ("niche_id", "product_id")
    price = pl.col("price")
    # Only a product whose extremes are that far apart can have an outlier; few have, so the median is taken of few.
    wide = (
        rows.lazy()
        .filter(price > 0)
        .group_by(product)
        .agg(price.min().alias("low"), price.max().alias("high"), pl.len().alias("prices"))
        .filter((pl.col("high") > OUTLIER * pl.col("low")) & (pl.col("prices") >= FEWEST_PRICES))
        .select(product)
        .collect()
    )
    if wide.is_empty():
        return rows
    median = price.filter(price > 0).median().over(product)
    odd = (
        rows.join(wide, on=product, how="semi")
        .filter((price > OUTLIER * median) | ((price > 0) & (price < median / OUTLIER)))
        .select(_KEY)
    )
    return rows.join(odd, on=_KEY, how="anti", nulls_equal=True) if odd.height else rows


def tidy(frame: pl.DataFrame, as_of: date) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows that count as of a day, and how many others there were, by reason (reasons with none are left out)."""
    past = frame.filter(pl.col("day") <= as_of)
    rows, dropped = valid(past)
    kept = without_outliers(rows)
    counts = {"after_as_of": frame.height - past.height, **dropped, "price_outlier": rows.height - kept.height}
    return kept, {reason: count for reason, count in counts.items() if count}


def quality(rows: pl.DataFrame, dropped: dict[str, int], span: Span, as_of: date) -> Quality:
    """Describe tidy rows: how long, how many, how fresh, what is missing."""
    numbers = full_weeks(span, as_of)
    days = rows["day"].unique().sort()
    if days.is_empty():
        return Quality(days=0, weeks=len(numbers), rows=0, products=0, dropped=dropped, flags=("no_rows",))
    weeks = rows.select(week_of())["week"]
    start = max(numbers.start, int(str(weeks.min())))
    present = weeks.filter(weeks.is_between(start, numbers.stop - 1)).n_unique()
    missing = max(0, numbers.stop - start - present)
    freshness = max(0, (as_of - span.last).days)
    flags = {
        "short_history": len(numbers) < SHORT_WEEKS,
        "stale": freshness > STALE_DAYS,
        "gaps": missing > GAP_SHARE * max(1, numbers.stop - start),
        "no_units": rows["units"].count() == 0,
        "no_revenue": rows["revenue"].count() == 0,
        "no_sellers": rows["seller_id"].count() == 0,
        "no_listing_dates": rows["listed_on"].count() == 0,
        "price_outliers": dropped.get("price_outlier", 0) > 0,
        "duplicates": dropped.get("duplicate", 0) > 0,
        "negatives": dropped.get("negative", 0) > 0,
    }
    return Quality(
        days=len(days),
        weeks=len(numbers),
        rows=rows.height,
        products=rows["product_id"].n_unique(),
        sources=tuple(rows["source"].unique().sort().to_list()),
        first_day=days[0],
        last_day=days[-1],
        freshness=freshness,
        missing=missing,
        dropped=dropped,
        flags=tuple(flag for flag, raised in flags.items() if raised),
    )
