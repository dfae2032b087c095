"""Which column of a table holds what: guessed by the words of its header, in English and Russian."""

import re
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from contracts.observation import Mapping
from services.trend.errors import TableError
from services.trend.headers import NAMES, OTHER_THINGS, SALES

EXACT, SHORTENED, PARTLY, STAND_IN, SALES_BESIDE, SALES_ALONE = 1.0, 0.9, 0.6, 0.5, 0.7, 0.4


@dataclass(frozen=True, slots=True)
class Columns:
    """The column of each field that has one, and how sure that is: 1 is named by a person or in so many words."""

    column: Dictionary[str, str]
    confidence: Dictionary[str, float]
    given: Mapping

    @property
    def mapping(self) -> Mapping:
        """The columns as a mapping that can be sent again."""
        return self.given.model_copy(update=dict(self.column))


class _Match(NamedTuple):
    """A field that a column may hold; of equally sure ones that of the lower `order` is taken."""

    confidence: float
    order: int
    field: str
    column: str


def find_columns(header: list[str], given: Mapping | None = None) -> Columns:
    """Guess the columns of a header; what `given` names is taken as it says.

    Raises:
        TableError: there is no column for the day, the product or any figure of sales, or `given` names a column
            that is not there.
    """
    given = given or Mapping()
    _try_format(given.date_format)
    named = given.model_dump(exclude_none=True, exclude={"date_format", "decimal"})
    for field, column in named.items():
        alike = [name for name in header if squeeze(name) == squeeze(column)]
        if column not in header and len(alike) == 1:
            named[field] = alike[0]
        elif column not in header:
            raise TableError(
                f"the mapping {field}={column} fits no column",
                f"the columns are {_listed(header)}",
                f"Say --mapping {field}=COLUMN with one of them.",
            )
    found = dict(named)
    confidence = dict.fromkeys(named, EXACT)
    for match in sorted(_matches(header), key=lambda match: (-match.confidence, match.order)):
        if match.field not in found and match.column not in found.values():
            found[match.field] = match.column
            confidence[match.field] = match.confidence
    _place_sales(header, found, confidence)
    if "product" not in found and "title" in found:
        found["product"], confidence["product"] = found["title"], STAND_IN
    _demand(header, found)
    return Columns(found, confidence, given)


def _try_format(date_format: str | None) -> None:
    if date_format is None:
        return
    day = datetime(2001, 2, 3, tzinfo=UTC)
    try:
        same = datetime.strptime(day.strftime(date_format), date_format).replace(tzinfo=UTC) == day
    except ValueError:
        same = False
    if not same:
        raise TableError(
            f"date_format={date_format} does not write a day",
            "it needs a year, a month and a day",
            "Say --mapping date_format=%d.%m.%Y for 31.01.2025.",
        )


def _matches(header: list[str]) -> list[_Match]:
    return [
        match
        for column in header
        for match in (
            *_whole(column, column, EXACT),
            *_whole(re.split(r"[,(\[]", column)[0], column, SHORTENED),
            *_part(column),
        )
    ]


def _whole(text: str, column: str, confidence: float) -> list[_Match]:
    key = squeeze(text)
    return [
        _Match(confidence, place, field, column)
        for field, names in NAMES.items()
        for place, name in enumerate(names)
        if squeeze(name) == key
    ]


def _part(column: str) -> list[_Match]:
    words = f" {_words(column)} "
    if any(f" {other}" in words for other in OTHER_THINGS):
        return []
    return [
        _Match(PARTLY, -len(name), field, column)
        for field, names in NAMES.items()
        for name in names
        if f" {name} " in words
    ]


def _place_sales(header: list[str], found: dict[str, str], confidence: dict[str, float]) -> None:
    """A column called "sales" is of pieces beside one of revenue, and of revenue otherwise."""
    for column in header:
        if squeeze(column) not in SALES or column in found.values():
            continue
        field = "units" if "revenue" in found and "units" not in found else "revenue"
        if field not in found:
            confidence[field] = SALES_BESIDE if {"units", "revenue"} & found.keys() else SALES_ALONE
            found[field] = column


def _demand(header: list[str], found: Dictionary[str, str]) -> None:
    for field, example in (("day", "the day of a sale"), ("product", "the product's id or name")):
        if field not in found:
            raise TableError(
                f"no column was recognised as {example}",
                f"the columns are {_listed(header)}",
                f"Name it: --mapping {field}=COLUMN.",
            )
    if not {"price", "units", "revenue"} & found.keys():
        raise TableError(
            "no column was recognised as revenue, units or price",
            f"the columns are {_listed(header)}",
            "Name one: --mapping revenue=COLUMN, --mapping units=COLUMN or --mapping price=COLUMN.",
        )


def squeeze(text: str) -> str:
    """A header without case, blanks and marks: `Unit_Price` and `unit price` are the same."""
    return re.sub(r"[\W_]+", "", text.casefold().replace("ё", "е"))


def _words(text: str) -> str:
    parted = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я])", " ", text.replace("ё", "е"))
    return re.sub(r"[\W_]+", " ", parted.casefold()).strip()


def _listed(header: list[str]) -> str:
    return ", ".join(header)
