"""One report in four formats, read back by other programs than those that wrote it."""

import csv
import json
from datetime import date, datetime
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest

from contracts.report import Lang, ReportFormat, ReportKind, ReportRequest
from services.export.leaderboard import COLUMNS
from services.export.niche import niche
from services.export.render import render
from services.export.tables import Column, Document
from services.export.words import Voice
from tests.export.analysed import analysis
from tests.export.examples import rows

Numbers = dict[tuple[str, int, str], float]
"""Every number of a report by table, row and column."""


def content(kind: ReportKind, format_: ReportFormat, lang: Lang) -> bytes:
    """The bytes of an example report."""
    request = ReportRequest(kind=kind, market="demo", niche_id="niche-1", format=format_, lang=lang)
    return render(request, rows("RUB"), analysis("RUB")).content


def document(lang: Lang) -> Document:
    """The example niche's report before it is written."""
    request = ReportRequest(kind="niche", market="demo", niche_id="niche-1", lang=lang)
    return niche(request, rows("RUB"), analysis("RUB"))


def in_json(kind: ReportKind, lang: Lang) -> Numbers:
    """The numbers of the JSON file."""
    tables: dict[str, list[dict[str, Any]]] = json.loads(content(kind, "json", lang))["tables"]
    return {
        (table, number, key): value
        for table, found in tables.items()
        for number, row in enumerate(found)
        for key, value in row.items()
        if isinstance(value, int | float)
    }


def number(value: object, decimal: str = ".") -> float | None:
    """A cell as a number; `None` where it is anything else."""
    if isinstance(value, int | float):
        return value
    try:
        return float(str(value).replace(decimal, "."))
    except ValueError:
        return None


def read_table(key: str, header: list[Any], lines: list[list[Any]], columns: list[Column], decimal: str) -> Numbers:
    """The numbers of one table whose columns are known."""
    assert len(header) == len(columns)
    numbers: Numbers = {}
    for at, line in enumerate(lines):
        for column, value in zip(columns, line, strict=False):
            if column.numeric and (read := number(value, decimal)) is not None:
                numbers[key, at, column.key] = read
    return numbers


def read_grid(grid: list[list[Any]], lang: Lang, decimal: str = ".") -> Numbers:
    """The numbers of tables that stand one below the other, each under its title (and a note)."""
    numbers: Numbers = {}
    voice = Voice(lang, "RUB")
    for section in document(lang).sections:
        titles = [at for at, line in enumerate(grid) if line and line[0] == section.title]
        header = [voice.header(column) for column in section.columns]
        below = [at for top in titles for at in (top + 1, top + 2) if at < len(grid)]
        starts = [at for at in below if grid[at][: len(header)] == header]
        assert len(starts) == 1 or not section.rows, section.key
        if section.rows:
            lines = grid[starts[0] + 1 : starts[0] + 1 + len(section.rows)]
            numbers |= read_table(section.key, header, lines, list(section.columns), decimal)
    return numbers


def in_csv(kind: ReportKind, lang: Lang) -> Numbers:
    """The numbers of the CSV file."""
    ends, decimal = (";", ",") if lang == "ru" else (",", ".")
    grid = list(csv.reader(StringIO(content(kind, "csv", lang).decode("utf-8-sig")), delimiter=ends))
    if kind == "leaderboard":
        return read_table("scores", grid[0], grid[1:], list(COLUMNS), decimal)
    return read_grid([list(line) for line in grid], lang, decimal)


def in_xlsx(kind: ReportKind, lang: Lang) -> Numbers:
    """The numbers of the workbook; the demand sheet has no title above its one table."""
    book = openpyxl.load_workbook(BytesIO(content(kind, "xlsx", lang)))
    sheets = [[[cell.value for cell in line] for line in sheet.iter_rows()] for sheet in book.worksheets]
    if kind == "leaderboard":
        return read_table("scores", sheets[0][0], sheets[0][1:], list(COLUMNS), ".")
    grid: list[list[Any]] = []
    titles = {section.key: section.title for section in document(lang).sections}
    for sheet in sheets:
        if sheet[0][0] == Voice(lang, "RUB").word("column", "week"):
            grid.append([titles["demand"]])
        grid += sheet
    return read_grid(grid, lang)


class Page(HTMLParser):
    """Reads the numbers of a page from its `data` elements and intervals."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: Numbers = {}
        self.table, self.row, self.key = "", -1, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "table" or of.get("class") == "kpis":
            self.table, self.row = of["id"], -1
        elif tag == "tr" or "data-fact" in of:
            self.row, self.key = self.row + 1, "value"
        elif tag == "tbody":
            self.row = -1
        if "data-key" in of:
            self.key = of["data-key"]
        if tag == "data" and (value := number(of["value"])) is not None:
            self.numbers[self.table, self.row, self.key] = value
        if "data-lo" in of:
            low, high = ("lo", "hi") if self.key == "value" else (f"{self.key}_lo", f"{self.key}_hi")
            self.numbers[self.table, self.row, low] = float(of["data-lo"])
            self.numbers[self.table, self.row, high] = float(of["data-hi"])


def in_html(kind: ReportKind, lang: Lang) -> Numbers:
    """The numbers of the page."""
    page = Page()
    page.feed(content(kind, "html", lang).decode())
    return page.numbers


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("kind", ["leaderboard", "niche"])
def test_all_formats_tell_the_same_numbers(kind: ReportKind, lang: Lang) -> None:
    """What is read back from CSV and workbook is all that the JSON has, and the page has nothing else."""
    expected = in_json(kind, lang)

    assert len(expected) > 200
    assert in_csv(kind, lang) == expected
    assert in_xlsx(kind, lang) == {key: pytest.approx(value, rel=1e-14) for key, value in expected.items()}
    page = in_html(kind, lang)
    assert page == {key: expected[key] for key in page}
    hidden = {key for _, _, key in expected.keys() - page.keys()}
    assert hidden == ({"gate_points"} if kind == "leaderboard" else {"raw"})


def test_languages_tell_the_same_numbers() -> None:
    """A translation changes words only."""
    assert in_json("leaderboard", "en") == in_json("leaderboard", "ru")
    assert in_json("niche", "en") == in_json("niche", "ru")


def test_dates_are_dates_in_the_workbook() -> None:
    """A spreadsheet can sort and count with them."""
    book = openpyxl.load_workbook(BytesIO(content("niche", "xlsx", "en")))

    assert book["Demand"]["A2"].value == datetime(2017, 1, 2)  # noqa: DTZ001 - a cell has no zone
    assert date(2017, 1, 2).isoformat() in content("niche", "csv", "en").decode()
