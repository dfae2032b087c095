import pytest

from contracts.report import ReportRequest
from services.export.leaderboard import NothingToReport, leaderboard
from tests.export.examples import document, event, rows


def table(request: ReportRequest):
    """The rows of a leaderboard of the example market."""
    return leaderboard(request, rows()).sections[0].rows


def test_the_best_niche_comes_first() -> None:
    """Ranks run down from the highest opportunity without a gap."""
    scored = [row for row in table(ReportRequest(market="demo")) if row["rank"] is not None]
    scores = [row["opportunity"] for row in scored]

    assert [row["rank"] for row in scored] == list(range(1, 26))
    assert scores == sorted(scores, reverse=True)


def test_a_niche_without_enough_data_comes_last_with_its_reason() -> None:
    """It has no rank and no score, not even one that was computed."""
    last = table(ReportRequest(market="demo"))[-2:]

    assert [row["niche"] for row in last] == ["=HYPERLINK(1)", "Roses"]
    for row in last:
        assert [row[key] for key in ("rank", "opportunity", "growth", "entry")] == [None] * 4
        assert "opportunity_lo" not in row
        assert [getattr(each, "fact", each) for each in row["reasons"]] == ["weeks", "growth_terms"]


def test_a_choice_keeps_the_ranks_of_the_whole_market() -> None:
    """A filtered list does not promote anybody."""
    chosen = table(ReportRequest(market="demo", verdicts=("avoid",), limit=3))
    whole = table(ReportRequest(market="demo"))

    assert chosen == tuple(row for row in whole if row["verdict"] == "avoid")[:3]
    assert chosen[0]["rank"] > 1


def test_a_least_opportunity_leaves_out_what_is_not_scored() -> None:
    """An unknown score is not below zero, and not above it either."""
    chosen = table(ReportRequest(market="demo", min_opportunity=0.0))

    assert len(chosen) == 25


def test_what_was_left_out_is_said() -> None:
    """The first lines count the whole market and tell the choice."""
    lead = leaderboard(ReportRequest(market="demo", lang="ru", min_opportunity=80, limit=2), rows("RUB")).lead

    assert lead[0] == "27\u00a0ниш: входить — 6, наблюдать — 9, избегать — 10, мало данных — 2."
    assert lead[1:3] == ("Только возможность от 80.", "Показано: 2 из 27.")


def test_a_choice_that_leaves_nobody_is_a_table_without_rows() -> None:
    """Its empty place says what to change."""
    section = leaderboard(ReportRequest(market="demo", min_opportunity=100), rows()).sections[0]

    assert section.rows == ()
    assert "lower opportunity" in section.empty


def test_a_market_without_scores_cannot_be_reported() -> None:
    """The error says what to do, in the language of the report."""
    with pytest.raises(NothingToReport, match=r"market moon has no scored niche.*scout niche analyze"):
        leaderboard(ReportRequest(market="moon"), rows())


def test_a_gate_tells_what_it_took_off() -> None:
    """The page draws the score before its gate, so the table holds the difference."""
    gated = [row for row in table(ReportRequest(market="demo")) if row.get("gate_points")]

    assert gated
    assert all(row["opportunity"] == pytest.approx(40.0) and row["gate_points"] < 0 for row in gated)


def test_niches_of_another_day_are_told() -> None:
    """A stamp with one date would be wrong for half of the rows."""
    old = document(event(3, "Old")) | {"score": document(event(3, "Old"))["score"] | {"as_of": "2017-10-01"}}

    stamp = leaderboard(ReportRequest(market="demo"), [*rows(), old]).stamp

    assert stamp == "Data as of 1\u00a0Oct\u00a02017 to 5\u00a0Nov\u00a02017, by niche"


def test_a_column_that_does_not_apply_differs_from_an_unknown_value() -> None:
    """Only a scored niche has doubts, only an unscored one reasons; sellers may be unknown for both."""
    first, last = table(ReportRequest(market="demo"))[0], table(ReportRequest(market="demo"))[-1]

    assert "reasons" not in first
    assert "doubts" not in last
    assert last["sellers"] is None
