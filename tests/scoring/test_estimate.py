"""Numbers that add up exactly, and intervals that contain their score."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.estimate import capped, estimate, grain, grain_down, quantile

scores = st.floats(0, 100).map(grain)


@given(st.lists(st.floats(-100, 100), max_size=30), st.randoms())
def test_points_add_up_exactly_in_any_order(points: list[float], random: object) -> None:
    """Multiples of 1/1024 need no rounding when they are added as ordinary floats."""
    rounded = [grain(each) for each in points]
    shuffled = rounded.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random

    assert sum(rounded) == sum(shuffled)
    assert all(abs(a) <= abs(b) and abs(a - b) < 1 / 1024 for a, b in zip(rounded, points, strict=True))


@given(scores, st.lists(st.floats(0, 100), max_size=50))
def test_an_interval_contains_its_score(score: float, draws: list[float]) -> None:
    """Whatever the draws say, the score lies within."""
    found = estimate(score, draws)

    assert 0 <= found.lo <= found.score <= found.hi <= 100


def test_an_interval_holds_the_middle_80_percent_of_the_draws() -> None:
    """From the 10th to the 90th percentile."""
    found = estimate(50.0, [float(n) for n in range(101)])

    assert (found.lo, found.hi) == (10.0, 90.0)


def test_without_draws_the_interval_is_all_that_can_be() -> None:
    """Not to know how far off a score is does not make it exact."""
    found = estimate(50.0, [])

    assert (found.lo, found.hi) == (0.0, 100.0)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1), st.floats(0, 1))
def test_a_quantile_is_numpys(values: list[float], share: float) -> None:
    """The same definition, without numpy."""
    assert quantile(sorted(values), share) == pytest.approx(float(np.quantile(values, share)), abs=1e-9)


@given(scores, st.floats(0, 100))
def test_a_cap_holds_for_the_whole_interval(score: float, cap: float) -> None:
    """No draw of a gated niche is above the gate's cap."""
    found = capped(estimate(score, []), cap)

    assert found.lo <= found.score <= found.hi <= cap
    assert found.score == min(score, grain_down(cap))
