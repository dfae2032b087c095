"""Observations: a table of sales as it comes in, how its columns were read, and what was kept of it."""

from datetime import date
from typing import Annotated, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from contracts.message import Event, Failed, FileRef, Input, Shape
from contracts.niche import NicheKind

Grain = Literal["day", "week"]
ColumnType = Literal["text", "day", "number", "count", "flag"]


class Column(NamedTuple):
    """One column of the observations: its type, whether every row has it, and what it means."""

    type: ColumnType
    required: bool
    meaning: str


OBSERVATION_COLUMNS: dict[str, Column] = {
    "niche_id": Column("text", True, "the niche that the product competes in"),
    "product_id": Column("text", True, "the product, by the market's own number"),
    "day": Column("day", True, "the day in the market's time zone; for weekly data the Monday of its week"),
    "price": Column("number", False, "money for one piece"),
    "units": Column("number", False, "pieces sold in the day or week"),
    "revenue": Column("number", False, "money for these pieces"),
    "seller_id": Column("text", False, "who sold them"),
    "brand": Column("text", False, "the product's brand"),
    "rating": Column("number", False, "the product's mean rating, as shown then"),
    "reviews": Column("count", False, "how many reviews it had then"),
    "in_stock": Column("flag", False, "whether it could be bought"),
    "listed_on": Column("day", False, "when the product was launched"),
    "has_data": Column("flag", True, "false: the source knows nothing of this day, which is no zero"),
    "source": Column("text", True, "where the row comes from"),
    "import_id": Column("text", True, "the import that brought it"),
}
"""The table that all services read; one row per (niche, product, seller, day), `None` where a value is not known."""

OBSERVATION_KEY = ("niche_id", "product_id", "seller_id", "day")
"""What makes two rows the same observation: of several, the one of the newest import counts."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError) as exc:
        raise ValueError(f"{name!r} is no time zone; name one like Europe/Moscow or UTC") from exc
    return name


class Mapping(Input):
    """Which column of a file holds what; what is not named is guessed by the header.

    `date_format` says how days are written (as in `%d.%m.%Y`) and `decimal` which sign parts a number's fraction;
    both are found out by the values when absent.
    """

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
    date_format: str | None = None
    decimal: Literal[".", ","] | None = None


class Upload(Input):
    """What to import: a file that was uploaded, or a market that Scout knows (`builtin`).

    `tz` is the zone that moments in the file are turned into days of, `kind` what the niche column holds.
    """

    market: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    market_name: str | None = None
    currency: str | None = None
    tz: Annotated[str, AfterValidator(_zone)] = "Europe/Moscow"
    file: FileRef | None = None
    filename: str | None = None
    builtin: Literal["complete-journey"] | None = None
    mapping: Mapping | None = None
    kind: NicheKind = "category"

    @model_validator(mode="after")
    def _of_one_thing(self) -> Self:
        if (self.file is None) == (self.builtin is None):
            raise ValueError("name what to import: either file (uploaded before) or builtin (a market Scout knows)")
        return self


class RejectedRow(Shape):
    """A row that was not kept: its number in the file (the header counts as 1), the column, and why."""

    row: int
    column: str
    why: str


class Rejection(Shape):
    """Rows that were not kept for one reason; `examples` are rows of the file, counted from 1, the header included."""

    why: str
    column: str
    count: int
    examples: tuple[int, ...] = ()


class ImportReport(Shape):
    """One import: what was read, what was kept, what was not and why. `part` is the parquet of its observations.

    `rows` = `kept` (observations) + `merged` (rows summed into one of them) + `rejected_count`. `unread` counts values
    (of rating, reviews, stock, listing day) that could not be read, while their rows were kept.
    """

    id: str
    market: str
    market_name: str
    currency: str
    tz: str
    grain: Grain
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
    unread: tuple[Rejection, ...] = ()
    first_day: date
    last_day: date


class ObservationsImported(Event):
    """A table of sales is part of a market now."""

    market: str
    report: ImportReport


class ImportFailed(Failed):
    """A table of sales could not be read."""

    market: str
