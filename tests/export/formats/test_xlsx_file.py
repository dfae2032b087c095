from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from contracts.report import Lang, ReportKind, ReportRequest
from services.export.render import render
from tests.export.analysed import analysis
from tests.export.examples import rows


def workbook(kind: ReportKind = "leaderboard", lang: Lang = "en") -> bytes:
    """The example report as a workbook."""
    request = ReportRequest(kind=kind, market="demo", niche_id="niche-1", format="xlsx", lang=lang)
    return render(request, rows(), analysis(name="=cmd|' /C calc'!A0")).content


@pytest.mark.parametrize("kind", ["leaderboard", "niche"])
def test_no_cell_is_a_formula(kind: ReportKind) -> None:
    """Names, sellers and texts that begin like one stay what they were."""
    book = openpyxl.load_workbook(BytesIO(workbook(kind)))
    cells = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line]

    assert not [cell for cell in cells if cell.data_type == "f"]
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    assert {"=HYPERLINK(1)"} <= texts or {"-3632", "@x"} <= texts


def test_the_header_stays_in_sight_and_filters() -> None:
    """The leaderboard's first row and its names are frozen, and every column has a filter."""
    sheet = openpyxl.load_workbook(BytesIO(workbook())).worksheets[0]

    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:W28"
    assert sheet["A1"].font.bold


def test_sheets_and_headers_are_in_the_language_of_the_report() -> None:
    """A Russian report has Russian sheets."""
    leaderboard = openpyxl.load_workbook(BytesIO(workbook(lang="ru")))
    niche = openpyxl.load_workbook(BytesIO(workbook("niche", "ru")))

    assert leaderboard.sheetnames == ["Ниши", "О файле"]
    assert leaderboard["Ниши"]["B1"].value == "Ниша"
    assert niche.sheetnames == [
        "Итог", "Оценка", "Шансы и риски", "Спрос", "Тренд", "Сезон", "Конкуренция", "Цена", "Чего не хватает",
        "Экономика", "Данные", "О файле",
    ]  # fmt: skip


def test_scores_and_demand_have_charts() -> None:
    """Bars with their whiskers on the leaderboard, history with forecast on the niche's demand sheet."""
    with ZipFile(BytesIO(workbook())) as parts:
        scores = parts.read("xl/charts/chart1.xml").decode()
    with ZipFile(BytesIO(workbook("niche"))) as parts:
        demand = parts.read("xl/charts/chart1.xml").decode()

    assert "<c:barChart>" in scores
    assert "<c:errBars>" in scores
    assert demand.count("<c:ser>") == 6


def test_what_is_not_known_is_a_word() -> None:
    """A person sees why a cell holds no number."""
    sheet = openpyxl.load_workbook(BytesIO(workbook())).worksheets[0]
    last = [cell.value for cell in list(sheet.iter_rows())[-1]]

    assert last[:3] == ["no rank", "Roses", "insufficient"]
    assert last[3].startswith("not scored: full weeks 7, 16 needed")
    assert last[14] == "unknown"


def test_money_is_formatted_in_its_currency() -> None:
    """The sign stands in the format, the cell holds the number."""
    sheet = openpyxl.load_workbook(BytesIO(workbook())).worksheets[0]

    assert sheet["N2"].value == 5220.55
    assert sheet["N2"].number_format == '"$"#,##0;-"$"#,##0'
