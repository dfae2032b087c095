"""Gates cap a score, evidence allows one."""

from math import exp, log

import pytest

from contracts.model import GateRule
from contracts.score import Gate
from services.scoring.gates import evidence, gates
from tests.scoring.niches import EVEN, REFERENCE

FEW = GateRule(name="sellers", fact="sellers", min=3, cap=40)
SIZELESS = REFERENCE.model_copy(update={"terms": {}})
ONE = GateRule(name="hhi", fact="hhi", max=0.6, cap=30)


def one(rule: GateRule, facts: dict[str, float], score: float | None = 80.0) -> Gate:
    """One gate."""
    (gate,) = gates([rule], facts, score)
    return gate


@pytest.mark.parametrize(("value", "passed"), [(2.0, False), (3.0, True), (4.0, True)])
def test_a_least_is_passed_from_its_limit_on(value: float, *, passed: bool) -> None:
    """Three sellers are enough where three are asked for."""
    assert one(FEW, {"sellers": value}).passed is passed


@pytest.mark.parametrize(("value", "passed"), [(0.59, True), (0.6, False), (0.7, False)])
def test_a_most_is_passed_below_its_limit(value: float, *, passed: bool) -> None:
    """The limit itself is too much."""
    assert one(ONE, {"hhi": value}).passed is passed


def test_a_failed_gate_takes_the_score_down_to_its_cap() -> None:
    """From 80 to 40 is 40 points."""
    assert one(FEW, {"sellers": 1.0}).points == -40.0


@pytest.mark.parametrize("score", [20.0, None])
def test_a_failed_gate_takes_nothing_off_a_score_that_is_lower_or_absent(score: float | None) -> None:
    """A cap is no punishment."""
    gate = one(FEW, {"sellers": 1.0}, score)

    assert (gate.passed, gate.points) == (False, 0.0)


def test_a_gate_whose_fact_is_not_known_is_neither_passed_nor_failed() -> None:
    """Absent is not zero: no sellers known are not no sellers."""
    gate = one(FEW, {})

    assert (gate.passed, gate.points, gate.value) == (None, 0.0, None)


def test_each_gate_takes_off_only_what_those_before_it_left() -> None:
    """Two failed gates take the score to the lower cap, together."""
    found = gates([FEW, ONE], {"sellers": 1.0, "hhi": 0.9}, 80.0)

    assert [gate.points for gate in found] == [-40.0, -10.0]


def test_evidence_that_is_not_known_is_not_enough() -> None:
    """Nobody is scored on what nobody knows."""
    found = evidence({"weeks": 16.0, "products": 3.0}, {"weeks": 16.0}, None, SIZELESS)

    assert [(each.fact, each.value, each.enough) for each in found] == [
        ("weeks", 16.0, True),
        ("products", None, False),
    ]


@pytest.mark.parametrize(("level", "enough"), [(log(100.0), True), (log(99.0), False), (None, False)])
def test_a_niche_below_its_whole_market_cannot_be_compared(level: float | None, *, enough: bool) -> None:
    """The market's percentiles, and the backtest, know nothing of niches that small."""
    levels = tuple(log(100.0) + place for place in EVEN)
    (found,) = evidence({}, {}, level, REFERENCE.model_copy(update={"terms": {"level": levels}}))

    assert (found.fact, found.enough) == ("revenue_8w", enough)
    assert found.least == pytest.approx(800.0)
    assert found.value == (None if level is None else pytest.approx(8 * exp(level)))
