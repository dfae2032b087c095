import pytest

from services.export.drawings import bar, largest, steps
from services.export.tables import Column

POINTS = Column(key="points", kind="signed", draw="steps")
AMOUNT = Column(key="amount", kind="price", draw="steps")
OPPORTUNITY = Column(key="opportunity", kind="points", draw="bar")


def test_a_bar_starts_at_zero_and_carries_its_interval() -> None:
    """Its end and whisker stand where the numbers are on the scale."""
    drawn = bar({"opportunity": 40.0, "opportunity_lo": 35.0, "opportunity_hi": 44.0, "gate_points": 0.0}, OPPORTUNITY)

    assert drawn is not None
    assert (drawn.end, drawn.low, drawn.high, drawn.gated) == (40.0, 35.0, 44.0, False)


def test_a_gated_score_shows_where_it_stood() -> None:
    """The point before the gate is the score plus what was taken off."""
    drawn = bar({"opportunity": 40.0, "gate_points": -21.5}, OPPORTUNITY)

    assert drawn is not None
    assert drawn.before == 61.5


def test_what_is_not_known_is_not_drawn() -> None:
    """An empty scale would be read as zero."""
    assert bar({"opportunity": None}, OPPORTUNITY) is None


def test_the_largest_share_fills_its_scale() -> None:
    """Bars of shares are compared with the largest of them."""
    share = Column(key="share", kind="share", draw="share")
    rows = ({"share": 0.22}, {"share": 0.11})

    assert bar(rows[1], share, largest(rows, share)).end == pytest.approx(50.0)


def test_steps_hand_on_from_one_to_the_next() -> None:
    """Each bar starts where the last ended, the total again at zero."""
    drawn = steps(
        (
            {"group": "base", "points": 50.0},
            {"group": "growth", "points": 30.0},
            {"group": "gates", "points": -40.0},
            {"group": "total", "points": 40.0, "points_lo": 38.0, "points_hi": 45.0},
        ),
        POINTS,
    )

    bars = [(step.left, step.right, step.to) for step in drawn]
    assert bars == [(0, 50, 50), (50, 80, 80), (40, 80, 40), (0, 40, 40)]
    assert (drawn[-1].low, drawn[-1].high, drawn[-1].last) == (38.0, 45.0, True)


def test_steps_beyond_the_scale_widen_it() -> None:
    """Nothing is cut off."""
    drawn = steps(({"group": "base", "points": 50.0}, {"group": "growth", "points": 75.0}), POINTS)

    assert drawn[1].right == pytest.approx(100.0)
    assert drawn[0].right == pytest.approx(40.0)


def test_steps_of_money_end_at_the_largest_amount() -> None:
    """A price of eight is as wide as the drawing, and a loss reaches under zero."""
    rows = (
        {"group": "base", "amount": 8.0},
        {"group": "part", "amount": -10.0},
        {"group": "total", "amount": -2.0},
    )

    bars = [(step.left, step.right) for step in steps(rows, AMOUNT)]
    assert bars == [(20.0, 100.0), (0.0, 100.0), (0.0, 20.0)]


def test_a_step_that_is_not_known_has_no_bar() -> None:
    """The next one starts where the last known one ended; an unknown total ends nothing at zero."""
    rows = (
        {"group": "base", "amount": 8.0},
        {"group": "part", "amount": None},
        {"group": "part", "amount": -2.0},
        {"group": "total", "amount": None},
    )

    drawn = steps(rows, AMOUNT)
    assert [step.kind for step in drawn] == ["base", "blank", "part", "blank"]
    assert (drawn[1].left, drawn[1].right) == (100.0, 100.0)
    assert (drawn[2].left, drawn[2].right) == (75.0, 100.0)
