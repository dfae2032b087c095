"""A report as an Excel workbook: a sheet for each group of tables, and charts that belong to the cells."""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from itertools import groupby
from typing import Any

from xlsxwriter import Workbook

from services.export.formats.xlsx_charts import demand_chart, scores_chart
from services.export.formats.xlsx_styles import Styles
from services.export.tables import Column, Document, Row, Section, cell
from services.export.words import Voice

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LONGEST_NAME = 31  # of a sheet, Excel's limit
TEXT_WIDTH = 100


def xlsx_file(document: Document) -> bytes:
    """The bytes of the file; the same report gives the same bytes."""
    out, voice = BytesIO(), Voice(document.lang, document.currency)
    with Workbook(out, OPTIONS) as book:
        book.set_properties(
            {
                "title": document.title,
                "subject": document.stamp,
                "author": voice.say("made_by"),
                "created": datetime.combine(document.as_of, time()),  # the clock would make each file another one
            }
        )
        styles = Styles(book, voice)
        for name, sections in groupby(document.sections, key=lambda section: section.sheet):
            sheet = book.add_worksheet(voice.word("sheet", name)[:LONGEST_NAME])
            _page(sheet, document)
            _fill(book, sheet, styles, tuple(sections))
        _about(book.add_worksheet(voice.word("sheet", "about")), styles, document)
    return out.getvalue()


def _fill(book: Any, sheet: Any, styles: Styles, sections: Sequence[Section]) -> None:
    """Write the tables of one sheet: a single one gets a frozen, filtered header, several stand under their titles."""
    alone = len(sections) == 1 and bool(sections[0].rows)
    top = 0
    for section in sections:
        if not alone:
            sheet.write_string(top, 0, section.title, styles.title)
            if section.note or not section.rows:
                sheet.write_string(top + 1, 0, section.note or section.empty, styles.note)
            top += 2
        if section.rows:
            _table(sheet, styles, section, top)
            top += len(section.rows) + 1
        top += 1
    for index in range(max(len(section.columns) for section in sections)):
        sheet.set_column(index, index, max(_width(section, index, styles.voice) for section in sections))
    if alone:
        section = sections[0]
        sheet.freeze_panes(1, 2 if section.chart == "scores" else 1)
        sheet.autofilter(0, 0, len(section.rows), len(section.columns) - 1)
        sheet.repeat_rows(0)
        if section.chart == "scores":
            scores_chart(book, sheet, section, styles.voice)
        elif section.chart == "fan":
            demand_chart(book, sheet, section, styles.voice)


def _table(sheet: Any, styles: Styles, section: Section, top: int) -> None:
    for index, column in enumerate(section.columns):
        sheet.write_string(top, index, styles.voice.header(column), styles.header(column))
    for number, row in enumerate(section.rows, top + 1):
        for index, column in enumerate(section.columns):
            _cell(sheet, styles, (number, index), row, column)


def _cell(sheet: Any, styles: Styles, at: tuple[int, int], row: Row, column: Column) -> None:
    """Write one cell as what it is: a number, a date, or a text that Excel never reads as a formula."""
    value, kind, digits = cell(row, column)
    if value is None:
        if column.key in row:
            sheet.write_string(*at, styles.voice.absent(row, column), styles.absent(column))
    elif isinstance(value, int | float):
        sheet.write_number(*at, value, styles.number(kind, digits))
    elif isinstance(value, date):
        sheet.write_datetime(*at, datetime.combine(value, time()), styles.date)
    else:
        sheet.write_string(*at, styles.voice.text(row, column) or "", styles.text(row, column))


def _width(section: Section, index: int, voice: Voice) -> int:
    """A column's width in characters, wide enough for the longest word of its header."""
    if index >= len(section.columns):
        return 0
    column = section.columns[index]
    return max(column.width, *(len(word) + 2 for word in voice.header(column).split(" ")))


def _page(sheet: Any, document: Document) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{_footer(document.market_name)}&C{_footer(document.stamp)}&R&P / &N")


def _footer(text: str) -> str:
    """A text in which Excel sees no code of its own."""
    return text.replace("&", "&&")


def _about(sheet: Any, styles: Styles, document: Document) -> None:
    voice = styles.voice
    lines = (
        document.stamp,
        voice.say("market", name=document.market_name),
        voice.say("currency", currency=document.currency),
        *document.lead,
        *document.about,
        *(f"{voice.say(name)}: {value}" for name, value in document.ids.items()),
    )
    sheet.set_column(0, 0, TEXT_WIDTH)
    sheet.write_string(0, 0, document.title, styles.title)
    for number, line in enumerate(lines, 2):
        sheet.write_string(number, 0, line, styles.wrapped)
