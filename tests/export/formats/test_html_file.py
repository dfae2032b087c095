import re

import pytest

from contracts.report import Lang, ReportKind, ReportRequest
from services.export.render import render
from tests.export.analysed import analysis
from tests.export.examples import document, event, rows


def page(kind: ReportKind = "leaderboard", lang: Lang = "en", name: str = "Turkey") -> str:
    """The example report as a page."""
    request = ReportRequest(kind=kind, market="demo", niche_id="niche-1", format="html", lang=lang)
    return render(request, rows(), analysis(name=name), "Demo & co").content.decode()


@pytest.mark.parametrize("kind", ["leaderboard", "niche"])
def test_the_page_needs_nothing_else(kind: ReportKind) -> None:
    """No address, no script, no import: it looks the same without a network."""
    text = page(kind)

    assert re.findall(r"<script|<link|<img|<iframe|@import|url\(|https?:", text) == []


def test_names_from_the_data_cannot_become_markup() -> None:
    """A niche may be called anything."""
    evil = document(event(0, "<script>alert(1)</script>"))
    leaderboard = render(ReportRequest(market="demo", format="html"), [evil]).content.decode()

    assert "<script>" not in leaderboard + page("niche", name="<script>alert(1)</script>")
    assert "Demo &amp; co" in page()


def test_the_page_says_its_language_and_the_day_of_its_data() -> None:
    """The stamp stands in the head, in words."""
    assert '<html lang="ru">' in page(lang="ru")
    assert "Данные на 5\u00a0ноября\u00a02017" in page(lang="ru")
    assert "Data as of 5\u00a0Nov\u00a02017" in page("niche")


def test_the_page_follows_the_reader_in_the_dark_and_on_paper() -> None:
    """Colours are variables with a dark set; print has its own rules."""
    assert "prefers-color-scheme: dark" in page()
    assert "@media print" in page()


def test_what_is_not_known_is_said_in_words() -> None:
    """A niche without a score says why where its score would stand."""
    assert "not scored: full weeks 7, 16 needed; nothing that growth is measured by is known" in page()
    assert page("niche").count(">unknown</span>") >= 4


def test_every_scored_niche_has_its_bar_and_every_chart_its_table() -> None:
    """Bars stand in the row of their numbers; the fan has its table below it."""
    assert page().count('viewBox="0 0 100 16"') == 25
    niche = page("niche")
    assert niche.count('class="fan ') == 2
    assert '<table class="cards " id="demand">' in niche


def test_texts_of_the_page_are_in_one_language() -> None:
    """No English sentence is left in the Russian page."""
    bare = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page("niche", "ru"), flags=re.DOTALL)
    words = set(re.findall(r"[A-Za-z]{3,}", bare))

    assert words <= {
        "Turkey", "Demo", "Nordvik", "completejourney", "amp", "Scout", "RUB", "USD", "HHI", "MASE", "sMAPE", "ROI",
        "ISO", "SES", "run", "analysis", "xlsx", "csv", "json",
    }  # fmt: skip


def test_names_that_shout_are_written_in_sentence_case() -> None:
    """A list of capitals is hard to read; a name in mixed case is left as it is, and so is every other file."""
    shouted = document(event(0, "FROZEN CHICKEN"))
    request = ReportRequest(market="demo", format="html")

    assert "Frozen chicken" in render(request, [shouted]).content.decode()
    assert "iPhone CASE" in render(request, [document(event(0, "iPhone CASE"))]).content.decode()
    assert "<h1>Turkey, whole</h1>" in page("niche", name="TURKEY, WHOLE")
    assert b"FROZEN CHICKEN" in render(request.model_copy(update={"format": "csv"}), [shouted]).content
