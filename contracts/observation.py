"""Observations: a table of sales as it comes in, how its columns were read, and what was kept of it."""

from datetime import date
from typing import Literal

from pydantic import Field

from contracts.message import Event, Failed, FileRef, Input, Shape
from contracts.niche import NicheKind


class Mapping(Input):
    """Which column of a file holds what; what is not named is guessed by the header."""

    day: str | None = None
    product: str | None = None
    title: str | None = None
    niche: str | None = None
    price: str | None = None
    units: str | None = None
    revenue: str | None = None
    seller: str | None = None
    brand: str | None = None
    rating: str | None = None
    reviews: str | None = None
    in_stock: str | None = None
    listed_on: str | None = None


class Upload(Input):
    """What to import: a file that was uploaded, or a market that Scout knows (`builtin`)."""

    market: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    market_name: str | None = None
    currency: str | None = None
    tz: str = "Europe/Moscow"
    file: FileRef | None = None
    filename: str | None = None
    builtin: Literal["complete-journey"] | None = None
    mapping: Mapping | None = None
    kind: NicheKind = "category"


class Rejection(Shape):
    """Rows that were not kept for one reason; `examples` are rows of the file, counted from 1, the header included."""

    why: str
    column: str
    count: int
    examples: tuple[int, ...] = ()


class ImportReport(Shape):
    """One import: what was read, what was kept, what was not and why. `part` is the parquet of its observations."""

    id: str
    market: str
    market_name: str
    currency: str
    tz: str
    grain: Literal["day", "week"]
    source: str
    file: FileRef | None = None
    part: FileRef
    niches: FileRef
    niche_count: int
    mapping: Mapping | None = None
    rows: int
    kept: int
    merged: int
    rejected_count: int
    rejected: tuple[Rejection, ...] = ()
    rejected_rows: FileRef | None = None
    first_day: date
    last_day: date


class ObservationsImported(Event):
    """A table of sales is part of a market now."""

    market: str
    report: ImportReport


class ImportFailed(Failed):
    """A table of sales could not be read."""

    market: str
