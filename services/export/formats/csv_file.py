"""A report as CSV that a spreadsheet opens by a double click.

UTF-8 with a byte order mark; in Russian `;` between cells and a decimal comma, since the Russian Excel reads `12.5` as
a date; in English `,` and a point. Numbers are whole, dates are ISO. A leaderboard is one plain table for programs too,
in which what is not known is an empty cell; a niche is its tables one below the other, each under its title, with an
empty line between them, in which what is not known says so.
A text that begins like a formula gets an apostrophe before it, so that no spreadsheet runs it.
"""

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO

from services.export.tables import Column, Document, Row, Section, cell
from services.export.words import Voice

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_file(document: Document) -> bytes:
    """The bytes of the file."""
    voice = Voice(document.lang, document.currency)
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if document.lang == "ru" else ",")
    if len(document.sections) == 1:
        writer.writerows(_table(document.sections[0], voice))
    else:
        writer.writerow([guarded(document.title), guarded(document.stamp), guarded(document.market_name)])
        for section in document.sections:
            writer.writerow([])
            writer.writerow([guarded(section.title)])
            writer.writerows(_table(section, voice, said=True) if section.rows else [[guarded(section.empty)]])
    return out.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def plain(value: float, decimal: str = ".") -> str:
    """A number with all its digits."""
    whole = isinstance(value, int) or value.is_integer()
    return str(int(value)) if whole else repr(value).replace(".", decimal)


def _table(section: Section, voice: Voice, *, said: bool = False) -> Iterator[list[str]]:
    yield [guarded(voice.header(column)) for column in section.columns]
    for row in section.rows:
        yield [_cell(row, column, voice, said=said) for column in section.columns]


def _cell(row: Row, column: Column, voice: Voice, *, said: bool) -> str:
    value, _, _ = cell(row, column)
    if value is None:
        return voice.absent(row, column) if said and column.key in row else ""
    if isinstance(value, int | float):
        return plain(value, "," if voice.lang == "ru" else ".")
    if isinstance(value, date):
        return value.isoformat()
    return guarded(voice.text(row, column) or "")
