"""CSV as people have it: any usual encoding and delimiter, and rows that do not fit."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

import polars as pl
from polars.exceptions import PolarsError

from services.trend.errors import TableError
from services.trend.table import Table, broken_rows, distinct, numbered

_DELIMITERS = (",", ";", "\t")
_SAMPLE_LINES = 50
_ALIKE = 0.8  # the share of sampled lines that must have as many fields as the header
_NEIGHBOURS = re.compile(rb"[\xc0-\xff]{2}")
_SAYS_DELIMITER = re.compile(r"sep=(.)\n")  # a line for Excel, above the header


def read_delimited(content: bytes, filename: str) -> Table:
    """Read a CSV in UTF-8, UTF-16, Windows-1251 or 1252, parted by comma, semicolon or tab.

    Raises:
        TableError: it is empty or no table.
    """
    text = _decode(content, filename).replace("\r\n", "\n").replace("\r", "\n")
    said = _SAYS_DELIMITER.match(text)
    text = text[said.end() :] if said else text
    if not text.strip():
        raise TableError(f"{filename} is empty", "it holds no text", "Export the table again.")
    try:
        delimiter = said[1] if said else _delimiter(text, filename)
        frame, broken = _read(text, delimiter)
    except csv.Error as exc:
        raise _no_table(filename, str(exc)) from exc
    return Table(frame, broken, decimal_comma=delimiter == ";")


def _decode(content: bytes, filename: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if content.startswith(b"PK\x03\x04") or b"\0" in content:
        raise _no_table(filename, "it is a workbook, an archive or another binary file")
    if content.lstrip()[:1] in (b"{", b"[", b"<"):
        raise _no_table(filename, "it looks like JSON or a web page")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Cyrillic words have letters of the upper half side by side; accents of western languages stand alone.
        return content.decode("cp1251" if _NEIGHBOURS.search(content) else "cp1252", errors="replace")


def _delimiter(text: str, filename: str) -> str:
    lines = [line for line in text[: 1 << 20].split("\n") if line.strip()][:_SAMPLE_LINES]
    widths = {mark: [len(fields) for fields in csv.reader(lines, delimiter=mark)] for mark in _DELIMITERS}
    parted = {mark: found[0] for mark, found in widths.items() if found[0] > 1}
    alike = {mark: width for mark, width in parted.items() if _is_alike(widths[mark])}
    if not parted:
        raise _no_table(filename, f"its first line has no comma, semicolon or tab: {lines[0].strip()[:80]!r}")
    return max(alike or parted, key=parted.__getitem__)


def _is_alike(widths: list[int]) -> bool:
    return Counter(widths)[widths[0]] >= _ALIKE * len(widths)


def _read(text: str, delimiter: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    try:
        frame, broken = numbered(pl.read_csv(text.encode(), separator=delimiter, infer_schema=False)), broken_rows()
    except PolarsError:
        frame, broken = _by_hand(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), delimiter)
    if _swallows_rows(frame, delimiter):
        return _by_hand((next(csv.reader([line], delimiter=delimiter), []) for line in text.split("\n")), delimiter)
    return frame, broken


def _swallows_rows(frame: pl.DataFrame, delimiter: str) -> bool:
    """Whether a quote that is not closed has made one value of what must be whole rows."""
    value, marks = pl.all().exclude(pl.UInt32), frame.width - 2
    swallowed = value.str.contains("\n", literal=True) & (value.str.count_matches(delimiter, literal=True) >= marks)
    return bool(frame.select(pl.any_horizontal(swallowed.any()))[0, 0])


def _by_hand(records: Iterator[list[str]], delimiter: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put aside the rows that have more fields than the header, and keep the rest."""
    header = next(records)
    width = len(header)
    rows: list[tuple[str | None, ...]] = []
    numbers: list[int] = []
    broken: list[tuple[int, str]] = []
    for number, fields in enumerate(records, start=2):
        if any(fields[width:]):
            broken.append((number, delimiter.join(fields)))
        else:
            rows.append((*(field or None for field in fields[:width]), *(None,) * (width - len(fields))))
            numbers.append(number)
    names = distinct(header)
    values = zip(*rows, strict=True) if rows else ((),) * width
    frame = pl.DataFrame([pl.Series(name, found, pl.String) for name, found in zip(names, values, strict=True)])
    return numbered(frame, numbers), broken_rows(broken)


def _no_table(filename: str, why: str) -> TableError:
    return TableError(
        f"{filename} is not a table that Scout reads",
        why,
        "Save it as CSV (UTF-8) with one header and its rows, or as Parquet.",
    )
