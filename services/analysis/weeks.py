"""From observations to full ISO weeks: numpy arrays that every statistic works on."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.analysis.span import Span

Floats = NDArray[np.float64]

BASE = 8
"""Weeks that every growth is measured against, by specification."""

_MONDAY_SHIFT = 3  # 1970-01-01, day 0, was a Thursday: three days after its Monday


def week_number(day: date) -> int:
    """The number of the ISO week of a day; consecutive weeks have consecutive numbers."""
    return (day.toordinal() - date(1970, 1, 1).toordinal() + _MONDAY_SHIFT) // 7


def monday(number: int) -> date:
    """The Monday of a numbered week."""
    return date(1970, 1, 1) + timedelta(days=number * 7 - _MONDAY_SHIFT)


def week_of(day: str = "day") -> pl.Expr:
    """The week number of a Date column, as a polars expression."""
    return ((pl.col(day).to_physical().cast(pl.Int32) + _MONDAY_SHIFT) // 7).alias("week")


def span_of(frame: pl.DataFrame, as_of: date) -> Span | None:
    """The span of a market's observations up to `as_of`; `None` if there are none.

    Rows that are all dated on Mondays are weeks, so the last one reaches to its Sunday.
    """
    days = frame.lazy().filter(pl.col("day") <= as_of).select(pl.col("day").unique().sort()).collect()["day"].to_list()
    if not days:
        return None
    weekly = all(day.weekday() == 0 for day in days)
    present = {week_number(day) for day in days}
    gaps = tuple(monday(number) for number in range(min(present), max(present)) if number not in present)
    return Span(days[0], days[-1] + timedelta(days=6 if weekly else 0), gaps)


def full_weeks(span: Span, as_of: date) -> range:
    """The numbers of the weeks that lie wholly inside the span and end by `as_of`."""
    last = min(span.last, as_of)
    first = week_number(span.first + timedelta(days=6))  # a week that began before the span is not whole
    return range(first, max(first, week_number(last + timedelta(days=1))))


def known_weeks(span: Span, numbers: range) -> NDArray[np.bool_]:
    """Which of the weeks the market has data for at all."""
    gaps = {week_number(day) for day in span.gaps}
    return np.array([number not in gaps for number in numbers], dtype=np.bool_)


def spread(index: tuple[Sequence[int] | NDArray[np.intp], ...], values: Floats, shape: tuple[int, ...]) -> Floats:
    """Put values at their places in an array of zeros."""
    out = np.zeros(shape)
    out[index] = values
    return out
