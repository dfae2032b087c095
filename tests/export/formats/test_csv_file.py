import csv
from io import StringIO

import pytest

from contracts.report import Lang, ReportRequest
from services.export.formats.csv_file import guarded, plain
from services.export.render import render
from services.export.words import Voice
from tests.export.bare import bare
from tests.export.examples import rows


@pytest.mark.parametrize("text", ["=1+1", "+49", "-x", "@x", "\tx", "\rx", "\n=x"])
def test_a_text_that_looks_like_a_formula_is_marked_as_text(text: str) -> None:
    """An apostrophe keeps a spreadsheet from running what came from someone's data."""
    assert guarded(text) == f"'{text}"


def test_an_ordinary_text_stays_as_it_is() -> None:
    """A minus in the middle is no formula."""
    assert guarded("Tea - green") == "Tea - green"


def test_numbers_keep_all_their_digits() -> None:
    """A whole number has no decimals, others all of them; a comma where the language asks for one."""
    assert plain(2031.0) == "2031"
    assert plain(-0.1234567890123456) == "-0.1234567890123456"
    assert plain(12.5, ",") == "12,5"


def test_excel_sees_utf_8_and_its_own_separator() -> None:
    """A mark at the start, `;` and a decimal comma in Russian; a negative number is no formula."""
    content = render(ReportRequest(market="demo", format="csv", lang="ru"), rows("RUB")).content

    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert lines[0][0] == "Место"
    assert {len(line) for line in lines} == {23}
    assert any(line[12].startswith("-") for line in lines[1:])


def test_what_is_not_known_is_an_empty_cell() -> None:
    """A program reads a gap, never a zero or a word."""
    content = render(ReportRequest(market="demo", format="csv"), rows()).content.decode("utf-8-sig")
    last = list(csv.reader(StringIO(content)))[-1]

    assert last[:5] == ["", "Roses", "insufficient", "", ""]
    assert last[-3] == "full weeks 7, 16 needed; nothing that growth is measured by is known"


@pytest.mark.parametrize(("lang", "ends", "unknown"), [("en", ",", "unknown"), ("ru", ";", "неизвестно")])
def test_a_niche_says_what_is_not_known(lang: Lang, ends: str, unknown: str) -> None:
    """Its tables are read by people: a blank beside a name would be a riddle, and what does not apply stays blank."""
    request = ReportRequest(kind="niche", market="demo", niche_id="niche-1", format="csv", lang=lang)
    content = render(request, rows(), bare()).content.decode("utf-8-sig")
    lines = list(csv.reader(StringIO(content), delimiter=ends))
    word = Voice(lang, "USD").word("fact", "cr10")

    assert [line[1:] for line in lines if line and line[0] == word] == [[unknown, "", "", "%"]]
