"""A file of sales becomes observations of a market."""

import codecs
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from contracts.niche import Niche
from contracts.observation import Grain, Mapping, Rejection, Upload
from services.trend.cleaning import Cleaned, clean, group
from services.trend.days import grain
from services.trend.errors import TableError
from services.trend.mapping import find_columns
from services.trend.merging import merge
from services.trend.niches import name_niches
from services.trend.reading import read_table
from services.trend.table import ROW, Table

SOURCE = "table"
"""The source of observations that came as a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import found. `frame` are observations (one per niche, product, seller and day).

    Every row of the file is counted once: `rows` = `kept` (observations) + `merged` (summed into one of them) + those
    of `rejected`. `unread` are values that could not be read while their rows were kept. `rejected_csv` has the
    refused rows with their reasons, as Excel opens it. `confidence` is by field, 1 is sure.
    """

    frame: pl.DataFrame
    niches: tuple[Niche, ...]
    mapping: Mapping | None = None
    confidence: dict[str, float] = field(default_factory=dict)
    rows: int
    kept: int
    merged: int
    rejected: tuple[Rejection, ...] = ()
    unread: tuple[Rejection, ...] = ()
    rejected_csv: bytes | None = None
    grain: Grain
    first_day: date
    last_day: date


def import_table(content: bytes, upload: Upload, import_id: str, today: date, known_grain: Grain = "day") -> Imported:
    """Read a file into observations; `today` is the day in the market's time zone, after which no sale is believed.

    `known_grain` is that of the market so far: a file of a few days that are weeks apart cannot tell by itself.

    Raises:
        TableError: the file is no table, lacks a column that is needed, or has no row that can be used.
    """
    filename = upload.filename or "the file"
    table = read_table(content, filename)
    columns = find_columns(table.columns, upload.mapping)
    cleaned = clean(table, columns, tz=upload.tz, today=today)
    if cleaned.kept.is_empty():
        raise TableError(
            f"no row of {filename} can be used",
            "; ".join(
                f"{reason.why} ({reason.column or 'row'}, {reason.count} times)" for reason in group(cleaned.refused)
            ),
            "Look at the columns: " + ", ".join(f"--mapping {f}={c}" for f, c in columns.column.items()) + ".",
        )
    of = grain(cleaned.kept["day"], known_grain)
    week = pl.col("day").dt.truncate("1w") if of == "week" else pl.col("day")
    rows, niches = name_niches(cleaned.kept.with_columns(week), upload.market, upload.kind)
    frame = _observations(rows, import_id)
    return Imported(
        frame=frame,
        niches=niches,
        mapping=columns.mapping,
        confidence=dict(columns.confidence),
        rows=table.height,
        kept=frame.height,
        merged=cleaned.kept.height - frame.height,
        rejected=group(cleaned.refused),
        unread=group(cleaned.unread),
        rejected_csv=_rejected_csv(table, cleaned),
        grain=of,
        first_day=_day(frame["day"].min()),
        last_day=_day(frame["day"].max()),
    )


def _observations(rows: pl.DataFrame, import_id: str) -> pl.DataFrame:
    named = rows.rename({"product": "product_id", "seller": "seller_id"})
    columns = (
        "niche_id", "product_id", "day", "price", "units", "revenue", "seller_id", "brand", "rating", "reviews",
        "in_stock", "listed_on",
    )  # fmt: skip
    return merge(named.select(columns)).with_columns(
        pl.lit(value=True).alias("has_data"), pl.lit(SOURCE).alias("source"), pl.lit(import_id).alias("import_id")
    )


def _rejected_csv(table: Table, cleaned: Cleaned) -> bytes | None:
    if cleaned.refused.is_empty():
        return None
    whole = pl.concat([table.frame, table.broken.rename({"text": table.columns[0]})], how="diagonal_relaxed")
    told = cleaned.refused.rename({"column": "#column", "why": "#why"}).join(whole, on=ROW, how="left")
    return codecs.BOM_UTF8 + told.sort(ROW).write_csv().encode()


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value
