"""What a score means in a word, and how far to trust it."""

from typing import Any

import pytest

from contracts.model import Thresholds
from contracts.score import Estimate, Gate
from services.scoring.verdict import confidence, doubts, verdict

LIMITS = Thresholds(enter=65, watch=50)
FAILED = Gate(name="sellers", value=1.0, limit=3.0, cap=90.0, passed=False)
UNKNOWN = Gate(name="sellers", limit=3.0, cap=90.0)


def score(lo: float, point: float, hi: float = 100.0) -> Estimate:
    """A score with its interval."""
    return Estimate(score=point, lo=lo, hi=hi)


@pytest.mark.parametrize(
    ("lo", "point", "word"), [(65, 70, "enter"), (64.9, 99, "watch"), (20, 50, "watch"), (20, 49.9, "avoid")]
)
def test_to_enter_the_lower_end_must_be_high(lo: float, point: float, word: str) -> None:
    """A high score that may as well be low is to be watched."""
    assert verdict(score(lo, point), (), LIMITS) == word


def test_a_failed_gate_forbids_to_enter_whatever_its_cap() -> None:
    """A cap of 90 does not make a monopoly worth entering."""
    assert verdict(score(80, 90), (FAILED,), LIMITS) == "watch"
    assert verdict(score(80, 90), (UNKNOWN,), LIMITS) == "enter"


def test_no_score_is_insufficient() -> None:
    """Neither avoid nor any other word that needs a number."""
    assert verdict(None, (), LIMITS) == "insufficient"


def why(**changes: Any) -> tuple[str, ...]:
    """The doubts about a good score in which one thing is wrong."""
    usual: dict[str, Any] = {
        "drawn": True,
        "missing": (),
        "gates": (),
        "quality_flags": ("no_units",),
        "red_flags": ("price_war",),
    }
    return doubts(changes.pop("opportunity", score(60, 65, 70)), **(usual | changes))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ()),
        ({"missing": ("level",)}, ("missing_terms",)),
        ({"drawn": False}, ("no_interval",)),
        ({"opportunity": score(40, 50, 60.1)}, ("wide_interval",)),
        ({"gates": (UNKNOWN, FAILED)}, ("unknown_gates",)),
        ({"quality_flags": ("gaps", "stale")}, ("stale", "gaps")),
        ({"red_flags": ("spike",)}, ("spike",)),
    ],
)
def test_each_doubt_has_its_code(changes: dict[str, Any], told: tuple[str, ...]) -> None:
    """What is only absent from the source, or bad news, makes a score no less sure."""
    assert why(**changes) == told


@pytest.mark.parametrize(
    ("codes", "word"),
    [((), "high"), (("spike",), "medium"), (("no_interval",), "low"), (("spike", "gaps"), "low")],
)
def test_confidence_falls_with_each_doubt(codes: tuple[str, ...], word: str) -> None:
    """None is high, one is medium, more are low; without an interval it is low at once."""
    assert confidence(codes) == word
