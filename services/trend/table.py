"""A file of sales as it is: rows that are numbered, and nothing read into them yet."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

ROW = "#row"
"""The column that numbers the rows of the file from 1, the header being row 1."""

_TWIN = re.compile(r"_duplicated_\d+$")  # what polars makes of a name that is there already


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a file as they are: text where it is a CSV. `frame` has `ROW` and the file's columns.

    `decimal_comma` says that the file's form speaks for 1,5 meaning one and a half. `broken` are rows with more
    fields than the header (`ROW` and `text`); they are not in `frame`.
    """

    frame: pl.DataFrame
    broken: pl.DataFrame
    decimal_comma: bool = False

    @property
    def columns(self) -> list[str]:
        """The names of the file's columns, in its order."""
        return [name for name in self.frame.columns if name != ROW]

    @property
    def height(self) -> int:
        """Rows of the file without its header and its empty rows."""
        return self.frame.height + self.broken.height


def numbered(frame: pl.DataFrame, numbers: Sequence[int] | None = None) -> pl.DataFrame:
    """Number the rows as a person counts them in the file, and leave out the empty ones.

    Names lose the blanks around them, and no two stay the same. `numbers` are 2 and so on where nothing is said.
    """
    named = frame.rename(dict(zip(frame.columns, distinct(frame.columns), strict=True)))
    rows = pl.Series(ROW, range(2, frame.height + 2) if numbers is None else numbers, dtype=pl.UInt32)
    named = named.drop(ROW, strict=False)  # the file of refused rows has it, and may come back mended
    return named.insert_column(0, rows).filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))


def broken_rows(rows: Sequence[tuple[int, str]] = ()) -> pl.DataFrame:
    """Rows that do not fit the header, by number and text."""
    return pl.DataFrame(list(rows), schema={ROW: pl.UInt32, "text": pl.String}, orient="row")


def distinct(header: Sequence[str]) -> list[str]:
    """Names without blanks around them, no two the same."""
    seen: Counter[str] = Counter()
    names = []
    for place, raw in enumerate(header, start=1):
        name = _TWIN.sub("", raw).strip() or f"column {place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names
