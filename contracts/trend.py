"""Trends: outside interest in a niche over time, and its own demand series."""

from datetime import date, datetime

from contracts.message import Event, Failed, FileRef, Shape


class TrendPoint(Shape):
    """One day of a trend, or the Monday of one week; `has_data` tells a missing one (no value) from a zero."""

    day: date
    value: float | None = None
    has_data: bool = True


class Trend(Shape):
    """The series of one niche from one source, oldest point first; `partial` says that the source left gaps in it."""

    id: str
    niche_id: str
    market: str
    source: str
    unit: str
    points: tuple[TrendPoint, ...] = ()
    partial: bool = False
    fetched_at: datetime


class TrendUpdated(Event):
    """The trend of a niche is up to date: how many points it has, and the last that is known."""

    niche_id: str
    market: str
    source: str
    unit: str
    points: int
    last_day: date | None = None
    last_value: float | None = None
    trend: FileRef | None = None


class TrendFailed(Failed):
    """The trend of a niche could not be brought up to date."""

    niche_id: str
    market: str
    source: str


class TrendsRefreshed(Event):
    """The update of all trends is over; `left` were not reached before its deadline and are first tomorrow."""

    updated: int
    failed: int
    left: int
    last_update: datetime
