"""What every report is made of: sections of a table each, in one form that the writers share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from contracts.analysis import RedFlag
from contracts.report import Lang, ReportKind
from contracts.score import Evidence

Kind = Literal[
    "text", "code", "codes", "flags", "lacks", "date", "own",
    "count", "number", "money", "price", "share", "change", "ratio", "points", "signed", "chance",
]  # fmt: skip
"""How a value is written.

Shares and changes are fractions (0.1 is 10 %), points run from 0 to 100, a chance from 0 to 1; for `own` see
`Quantity`.
"""

NUMERIC = frozenset(
    {"count", "number", "money", "price", "share", "change", "ratio", "points", "signed", "chance", "own"}
)
Drawing = Literal["bar", "dot", "steps", "share"]
Chart = Literal["scores", "fan"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that brings its own kind, for tables whose rows measure different things."""

    value: float
    kind: Kind
    digits: int = 0


Plain = str | int | float | date | tuple[str | RedFlag | Evidence, ...] | None
Value = Plain | Quantity
Row = Mapping[str, Value]
"""A row by column. `None` says that the value is not known; a column that is not there does not apply to the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `key` is stable and never translated; `words` names the vocabulary of its codes.

    `part_of` says that a page writes it under another column (`lo` and `hi` as one interval); `on_page` false leaves
    it to the other files; `draw` puts a small drawing beside the number; `absent` is the phrase for what is not known.
    """

    key: str
    kind: Kind = "text"
    digits: int = 0
    unit: str | None = None
    words: str = ""
    part_of: str | None = None
    on_page: bool = True
    draw: Drawing | None = None
    absent: str = "unknown"
    width: int = 12

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers, and so stand at the right."""
        return self.kind in NUMERIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table with its finding. `title` and `note` are for a person; `empty` says why there are no rows."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    note: str = ""
    empty: str = ""
    chart: Chart | None = None
    sheet: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report in one language.

    `stamp` says what day the data are of, `lead` are the first sentences, `about` what a reader has to know.
    """

    kind: ReportKind
    lang: Lang
    market: str
    market_name: str
    currency: str
    as_of: date
    stamp: str
    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    about: tuple[str, ...] = ()
    niche_ids: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)


def cell(row: Row, column: Column) -> tuple[Plain, Kind, int]:
    """The value of a cell with its kind and number of decimals; absent is `None`."""
    value = row.get(column.key)
    if isinstance(value, Quantity):
        return value.value, value.kind, value.digits
    return value, column.kind, column.digits
