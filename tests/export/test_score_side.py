from math import log

import pytest

from services.export.score_side import gates, natural, points, unweighed, verdict
from services.export.tables import Quantity
from services.export.words import Voice
from tests.export.examples import event, insufficient

ENGLISH = Voice("en", "USD")


def size(value: object) -> float:
    """The number in a cell."""
    number = value.value if isinstance(value, Quantity) else value
    assert isinstance(number, float | int)
    return number


@pytest.mark.parametrize("number", [1, 8])
def test_the_waterfall_sums_to_the_score(number: int) -> None:
    """Start, terms and gates add up to the total that stands below them."""
    rows = points(event(number, "x").score, ENGLISH).rows

    assert sum(size(row["points"]) for row in rows[:-1]) == pytest.approx(size(rows[-1]["points"]))
    assert rows[0]["term"] == "base"
    assert (size(rows[-2]["points"]) < 0) is (number == 8)


def test_a_score_that_names_no_base_starts_where_its_points_lead_back_to() -> None:
    """An older score's waterfall still sums."""
    score = event(1, "x").score.model_copy(update={"base": None})

    assert size(points(score, ENGLISH).rows[0]["points"]) == pytest.approx(50.0)


def test_a_niche_without_a_score_says_why_instead_of_a_waterfall() -> None:
    """The place of the chart names what is missing."""
    section = points(insufficient(1, "x").score, ENGLISH)

    assert section.rows == ()
    assert "full weeks 7, 16 needed" in section.empty
    assert points(None, ENGLISH).empty == "This niche has no score yet. Analyse it again to get one."


def test_a_term_without_weight_stands_aside() -> None:
    """What gives no points is shown, but is no step."""
    score = event(1, "x").score

    assert [row["term"] for row in unweighed(score, ENGLISH).rows] == ["momentum_8w", "concentration"]
    assert len(points(score, ENGLISH).rows) == 4 + 3


def test_a_logarithm_is_told_as_what_it_measures() -> None:
    """A person thinks in ratios and in money."""
    assert natural(log(1.5), "log ratio") == Quantity(pytest.approx(1.5), "ratio", 2)
    assert natural(log(250.0), "log money") == Quantity(pytest.approx(250.0), "money", 2)
    assert natural(0.3, "hhi") == Quantity(0.3, "number", 2)


def test_an_unknown_gate_is_neither_passed_nor_failed() -> None:
    """It is counted apart, and its value is not known."""
    section = gates(event(8, "x").score, ENGLISH)

    assert section.title == "Gates passed: 1, failed: 1, not checked: 1"
    assert [row["passed"] for row in section.rows] == ["yes", "no", "unknown"]
    assert section.rows[2]["value"] is None


def test_the_verdict_carries_its_doubts_or_its_reasons() -> None:
    """A score has doubts, a niche without one has reasons."""
    assert verdict(event(2, "x").score, ENGLISH).rows[0]["doubts"] == ("short_history", "wide_interval")
    assert "reasons" in verdict(insufficient(2, "x").score, ENGLISH).rows[0]
