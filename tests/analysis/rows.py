"""Observations that tests make: small frames in which only what matters is named."""

import dataclasses
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from contracts.analysis import AnalyzeParams
from contracts.niche import Niche
from services.analysis.analysis import Background, Question
from services.analysis.weeks import Span

START = date(2017, 1, 2)
"""A Monday."""

SCHEMA = {
    "niche_id": pl.String,
    "product_id": pl.String,
    "day": pl.Date,
    "price": pl.Float64,
    "units": pl.Float64,
    "revenue": pl.Float64,
    "seller_id": pl.String,
    "brand": pl.String,
    "rating": pl.Float64,
    "reviews": pl.Int64,
    "in_stock": pl.Boolean,
    "listed_on": pl.Date,
    "has_data": pl.Boolean,
    "source": pl.String,
    "import_id": pl.String,
}


def monday(week: int) -> date:
    """The Monday of a week counted from the first."""
    return START + timedelta(weeks=week)


def sunday(weeks: int) -> date:
    """The last day of the first so many weeks."""
    return START + timedelta(days=weeks * 7 - 1)


def observation(**fields: Any) -> dict[str, Any]:
    """One product on one day: ten pieces at one."""
    usual = {
        "niche_id": "n",
        "product_id": "p",
        "day": START,
        "price": 1.0,
        "units": 10.0,
        "revenue": 10.0,
        "seller_id": "s",
        "has_data": True,
        "source": "test",
        "import_id": "i",
    }
    return usual | fields


def frame(records: Sequence[dict[str, Any]] = ()) -> pl.DataFrame:
    """Observations as a frame with all its columns."""
    return pl.DataFrame(list(records), schema=SCHEMA)


def whole(table: pl.DataFrame) -> pl.DataFrame:
    """A table as observations: the columns that it lacks are not known."""
    return table.select(
        (pl.col(name) if name in table.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in SCHEMA.items()
    )


def series(values: Sequence[float | None], **fields: Any) -> list[dict[str, Any]]:
    """One product's revenue in each week; `None` is a week without a row."""
    return [
        observation(day=monday(week), revenue=value, units=value, **fields)
        for week, value in enumerate(values)
        if value is not None
    ]


def shop(weeks: int, products: int = 12, **fields: Any) -> list[dict[str, Any]]:
    """A niche whose products sell a little differently from week to week, by six sellers, from 1 to 12 a piece."""
    return [
        observation(
            product_id=f"p{item:02}",
            seller_id=f"s{item % 6}",
            brand=f"b{item % 2}",
            day=monday(week),
            price=1.0 + item,
            units=float(5 + (item * 7 + week * 3) % 5),
            revenue=(1.0 + item) * (5 + (item * 7 + week * 3) % 5),
            **fields,
        )
        for week in range(weeks)
        for item in range(products)
    ]


def span(weeks: int) -> Span:
    """A market with data in so many full weeks."""
    return Span(START, sunday(weeks))


def question(weeks: int, **fields: Any) -> tuple[Background, Question]:
    """Ask for the niche `n` at the end of so many weeks; what is named goes where it belongs."""
    background: dict[str, Any] = {"currency": "USD", "as_of": sunday(weeks), "span": span(weeks)}
    asked: dict[str, Any] = {
        "analysis_id": "a",
        "run_id": "r",
        "niche": Niche(id="n", market="m", kind="category", path="Tea", name="Tea"),
        "params": AnalyzeParams(),
    }
    known = {item.name for item in dataclasses.fields(Background)}
    background |= {name: value for name, value in fields.items() if name in known}
    asked |= {name: value for name, value in fields.items() if name not in known}
    return Background(**background), Question(**asked)
