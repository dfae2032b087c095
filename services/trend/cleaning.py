"""From the rows of a file to observations, and a reason for each row that is none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from contracts.observation import Rejection
from services.trend.days import ambiguous, days
from services.trend.errors import TableError
from services.trend.figures import numbers, text, truths
from services.trend.mapping import Columns
from services.trend.table import ROW, Table

EXAMPLES = 5
"""Rows that a rejection names."""

_NUMBERS = ("price", "units", "revenue", "rating", "reviews")
_TEXTS = ("product", "title", "niche", "seller", "brand")
_DAYS = ("day", "listed_on")
_KINDS = dict.fromkeys(_TEXTS, pl.String) | dict.fromkeys(_DAYS, pl.Date) | {"in_stock": pl.Boolean}
_OPTIONAL = ("rating", "reviews", "in_stock", "listed_on")
_MOST_STARS = 5.0
_UNREADABLE = pl.lit("the value cannot be read").alias("why")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`kept` has one column per field (null where the table has none) beside `ROW`.

    `refused` has one row per refused row of the file: `ROW`, `column` and `why`; `unread` likewise one per value of a
    kept row that could not be read and is not needed.
    """

    kept: pl.DataFrame
    refused: pl.DataFrame
    unread: pl.DataFrame


def group(rows: pl.DataFrame) -> tuple[Rejection, ...]:
    """The reasons of `refused` or `unread`, the most frequent first, with examples."""
    groups = (
        rows.sort(ROW)
        .group_by("column", "why")
        .agg(pl.len().alias("count"), pl.col(ROW).head(EXAMPLES).alias("examples"))
        .sort("count", "why", "column", descending=[True, False, False])
    )
    return tuple(
        Rejection(why=row["why"], column=row["column"], count=row["count"], examples=tuple(row["examples"]))
        for row in groups.iter_rows(named=True)
    )


def clean(table: Table, columns: Columns, *, tz: str, today: date) -> Cleaned:
    """Read every field of every row and part the rows into those that are observations and those that are not.

    A row is refused for the first reason that holds. Revenue that is absent is price times units, and price that is
    absent is revenue by unit. Units of 0 are a day without a sale, and kept; negative ones are a return.

    Raises:
        TableError: no value of the column of days tells the day from the month.
    """
    _tell_day_from_month(table, columns)
    rows = table.frame.select(ROW, *_fields(table, columns, tz)).with_columns(
        pl.col("rating?") | ~pl.col("rating").is_between(0, _MOST_STARS),
        pl.col("reviews?") | (pl.col("reviews") < 0),
    )
    why = pl.coalesce(
        *(
            pl.when(wrong).then(pl.struct(pl.lit(column).alias("column"), pl.lit(reason).alias("why")))
            for wrong, column, reason in _reasons(columns, today)
        )
    )
    judged = rows.with_columns(why.alias("refused"))
    refused = judged.filter(pl.col("refused").is_not_null()).select(ROW, "refused").unnest("refused")
    kept = judged.filter(pl.col("refused").is_null()).drop("refused")
    unread = pl.concat(
        [
            kept.filter(f"{field}?").select(ROW, pl.lit(columns.column.get(field, "")).alias("column"), _UNREADABLE)
            for field in _OPTIONAL
        ]
    )
    broken = table.broken.select(ROW, pl.lit("").alias("column"), pl.lit("more fields than the header").alias("why"))
    return Cleaned(_complete(kept), pl.concat([refused, broken]).sort(ROW), unread)


def _tell_day_from_month(table: Table, columns: Columns) -> None:
    name = columns.column["day"]
    value = ambiguous(table.frame[name]) if columns.given.date_format is None else None
    if value is not None:
        raise TableError(
            f"the days of {name} can be read in two ways",
            f"nothing tells the day from the month in values like {value}",
            "Say --mapping date_format=%d/%m/%Y or --mapping date_format=%m/%d/%Y.",
        )


def _fields(table: Table, columns: Columns, tz: str) -> list[pl.Series]:
    """Each field as a column, and beside each that can be misread `field?`: whether it says something unreadable."""
    given = columns.given
    comma = table.decimal_comma if given.decimal is None else given.decimal == ","
    readers: dict[str, Callable[[pl.Series], pl.Series]] = {
        **dict.fromkeys(_TEXTS, text),
        **dict.fromkeys(_NUMBERS, lambda values: numbers(values, decimal_comma=comma)),
        **dict.fromkeys(_DAYS, lambda values: days(values, tz, given.date_format)),
        "in_stock": truths,
    }
    found = []
    for field, reader in readers.items():
        if field in columns.column:
            raw = table.frame[columns.column[field]].alias(field)
            read = reader(raw)
        else:
            raw = read = pl.Series(field, [None], _KINDS.get(field, pl.Float64)).new_from_index(0, table.frame.height)
        found += [read, _unread(raw, read)]
    return found


def _unread(raw: pl.Series, read: pl.Series) -> pl.Series:
    return (text(raw).is_not_null() & read.is_null()).alias(f"{read.name}?")


def _reasons(columns: Columns, today: date) -> list[tuple[pl.Expr, str, str]]:
    """What makes a row unusable, in the order of asking: condition, column of the file, reason."""
    c = pl.col
    asked = [
        ("day", c("day?"), "the day cannot be read"),
        ("day", c("day").is_null(), "the day is missing"),
        ("day", c("day") > today, "the day is in the future"),
        ("product", c("product").is_null(), "the product is missing"),
        ("niche", c("niche").is_null(), "the niche is missing"),
        *((field, c(f"{field}?"), "the number cannot be read") for field in ("price", "units", "revenue")),
        ("units", c("units") < 0, "a return: units are below zero"),
        ("price", c("price") < 0, "the price is below zero"),
        ("revenue", c("revenue") < 0, "a refund: revenue is below zero"),
        ("price", (c("price") == 0) & (c("units").is_null() | (c("units") > 0)), "the price is zero"),
        ("units", (c("units") == 0) & (c("revenue") > 0), "revenue without units"),
        ("revenue", (c("revenue") == 0) & (c("units") > 0), "units without revenue"),
    ]
    told = [(wrong, columns.column[field], why) for field, wrong, why in asked if field in columns.column]
    figures = [columns.column[field] for field in ("price", "units", "revenue") if field in columns.column]
    nothing = pl.all_horizontal(pl.col("price", "units", "revenue", "in_stock").is_null())
    return [*told, (nothing, ", ".join(figures), "no number of sales")]


def _complete(rows: pl.DataFrame) -> pl.DataFrame:
    """Derive what follows from the rest; a price of 0 on a day without a sale, and 0 stars, are not known."""
    price = pl.when(pl.col("price") > 0).then("price")
    nothing_sold = pl.when(pl.col("units") == 0).then(0.0)
    revenue = pl.coalesce("revenue", price * pl.col("units"), nothing_sold)
    by_unit = pl.when(pl.col("units") > 0).then(revenue / pl.col("units"))
    return rows.with_columns(
        revenue.alias("revenue"),
        pl.coalesce(price, by_unit).alias("price"),
        pl.when(pl.col("rating").is_between(0, _MOST_STARS, closed="right")).then("rating"),
        pl.when(pl.col("reviews") >= 0).then("reviews").cast(pl.Int64),
    )
