import pytest
from pydantic import ValidationError

from contracts.report import ReportRequest
from services.export.leaderboard import NothingToReport
from services.export.render import WRITERS, render, slug
from tests.export.analysed import analysis
from tests.export.examples import rows


@pytest.mark.parametrize("format_", WRITERS)
@pytest.mark.parametrize("kind", ["leaderboard", "niche"])
def test_the_same_report_is_the_same_bytes(kind: str, format_: str) -> None:
    """A repeated attempt writes the same file under the same name."""
    request = ReportRequest.model_validate({"kind": kind, "market": "demo", "niche_id": "niche-1", "format": format_})

    assert render(request, rows(), analysis()) == render(request, list(reversed(rows())), analysis())


def test_a_file_is_named_by_what_it_holds() -> None:
    """Kind, niche, market, day and language; Cyrillic names are written in Latin letters."""
    board = render(
        ReportRequest(market="Мой склад", format="csv", lang="ru"),
        [row | {"market": "Мой склад", "score": row["score"] | {"market": "Мой склад"}} for row in rows()],
    )
    of = analysis(name="Чай, листовой")
    niche = render(ReportRequest(kind="niche", market="demo", niche_id="niche-1", format="html"), rows(), of)

    assert board.filename == "scout-leaderboard-moy-sklad-2017-11-05-ru.csv"
    assert niche.filename == "scout-niche-chay-listovoy-demo-2017-11-05-en.html"


def test_a_name_without_any_letter_falls_back_to_the_id() -> None:
    """A file always has a name that tells niches apart."""
    of = analysis(name="茶").model_copy(update={"niche_id": "1a2b3c4d-0000"})

    assert (
        "-niche-1a2b3c4d-demo-"
        in render(ReportRequest(kind="niche", market="demo", niche_id="1a2b3c4d-0000"), rows(), of).filename
    )


def test_a_long_name_is_cut() -> None:
    """No file system refuses the name."""
    assert len(slug("щ" * 200)) <= 40


def test_a_report_tells_what_it_is_about() -> None:
    """Its day and its niches, in the order of the table."""
    made = render(ReportRequest(market="demo", limit=2, format="json"), rows())

    assert made.as_of.isoformat() == "2017-11-05"
    assert made.niche_ids == ("niche-0", "niche-1")


def test_a_niche_without_an_analysis_cannot_be_reported() -> None:
    """The error says what to do."""
    with pytest.raises(NothingToReport, match="has no analysis to report; analyse it first"):
        render(ReportRequest(kind="niche", market="demo", niche_id="x"), rows(), None)


def test_a_niche_report_needs_its_niche() -> None:
    """A request that names none is refused before any work."""
    with pytest.raises(ValidationError, match="needs niche_id"):
        ReportRequest(kind="niche", market="demo")
