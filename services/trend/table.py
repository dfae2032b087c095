"""A file as it comes in, read into a table: CSV of any usual encoding and delimiter, or Parquet."""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

import polars as pl
from polars.exceptions import PolarsError

from services.trend.errors import TableError

ROW = "#row"
"""The column that numbers the rows of the file from 1, the header being row 1."""

_DELIMITERS = (",", ";", "\t")
_SAMPLE_LINES = 50
_ALIKE = 0.8  # the share of sampled lines that must have as many fields as the header
_NEIGHBOURS = re.compile(rb"[\xc0-\xff]{2}")


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


def read_table(content: bytes, filename: str) -> Table:
    """Read a CSV (UTF-8, UTF-16, Windows-1251 or 1252; comma, semicolon or tab) or a Parquet file.

    Raises:
        TableError: the file is empty, has only a header, is no table, or is damaged.
    """
    if not content.strip():
        raise TableError(f"{filename} is empty", "it holds no text", "Export the table again.")
    if content.startswith(b"PAR1") or filename.lower().endswith((".parquet", ".pq")):
        table = _read_parquet(content, filename)
    else:
        table = _read_csv(_decode(content, filename), filename)
    if not table.height:
        raise TableError(
            f"{filename} has a header but no rows",
            f"its columns are {', '.join(table.columns)}",
            "Export it again for a period with sales.",
        )
    return table


def _read_parquet(content: bytes, filename: str) -> Table:
    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except (PolarsError, OSError) as exc:
        raise TableError(
            f"{filename} cannot be read as Parquet", str(exc).partition("\n")[0], "Export it again, or use CSV."
        ) from exc
    return Table(_numbered(frame), _no_rows())


def _decode(content: bytes, filename: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if content.startswith(b"PK\x03\x04") or b"\0" in content:
        raise TableError(
            f"{filename} is not a table that Scout reads",
            "it is a workbook, an archive or another binary file",
            "Save it as CSV (UTF-8) or Parquet and import that.",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Cyrillic words have letters of the upper half side by side; accents of western languages stand alone.
        return content.decode("cp1251" if _NEIGHBOURS.search(content) else "cp1252", errors="replace")


def _read_csv(text: str, filename: str) -> Table:
    delimiter = _delimiter(text, filename)
    try:
        frame = pl.read_csv(text.encode(), separator=delimiter, infer_schema=False)
        broken = _no_rows()
        frame = _numbered(frame)
    except PolarsError:
        frame, broken = _line_by_line(text, delimiter)
    return Table(frame, broken, decimal_comma=delimiter == ";")


def _delimiter(text: str, filename: str) -> str:
    lines = [line for line in io.StringIO(text[: 1 << 20], newline=None) if line.strip()][:_SAMPLE_LINES]
    widths = {mark: [len(fields) for fields in csv.reader(lines, delimiter=mark)] for mark in _DELIMITERS}
    fitting = {
        mark: found[0]
        for mark, found in widths.items()
        if found[0] > 1 and Counter(found)[found[0]] >= _ALIKE * len(found)
    }
    usable = fitting or {mark: found[0] for mark, found in widths.items() if found[0] > 1}
    if not usable:
        raise TableError(
            f"{filename} is not a table",
            f"its first line has no comma, semicolon or tab: {lines[0].strip()[:80]!r}",
            "Save it as CSV with a header, or as Parquet.",
        )
    return max(usable, key=lambda mark: usable[mark])


def _line_by_line(text: str, delimiter: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read a CSV in which some rows do not fit, keeping the rest."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = next(reader)
    width = len(header)
    rows, numbers, broken = [], [], []
    for number, fields in enumerate(reader, start=2):
        if any(fields[width:]):
            broken.append((number, delimiter.join(fields)))
        else:
            rows.append([field or None for field in fields[:width]] + [None] * (width - len(fields)))
            numbers.append(number)
    names = [f"column_{place}" for place in range(width)]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    frame = frame.rename(dict(zip(names, _unlike(header), strict=True)))
    return _numbered(frame, numbers), pl.DataFrame(broken, schema=_no_rows().schema, orient="row")


def _numbered(frame: pl.DataFrame, numbers: list[int] | None = None) -> pl.DataFrame:
    """Strip the header, number the rows as a person counts them in the file, leave out the empty ones."""
    named = frame.rename(dict(zip(frame.columns, _unlike(frame.columns), strict=True)))
    rows = pl.Series(ROW, numbers or range(2, frame.height + 2), dtype=pl.UInt32)
    return named.insert_column(0, rows).filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))


def _unlike(header: list[str]) -> list[str]:
    """Names without blanks around them, no two the same."""
    seen: Counter[str] = Counter()
    names = []
    for place, raw in enumerate(header, start=1):
        name = raw.strip() or f"column {place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _no_rows() -> pl.DataFrame:
    return pl.DataFrame(schema={ROW: pl.UInt32, "text": pl.String})
