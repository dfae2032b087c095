"""A raw value's place in its market."""

from bisect import bisect_left

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.history import within
from services.scoring.normalise import percentile, percentiles

numbers = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
quantiles = st.lists(numbers, min_size=101, max_size=101).map(sorted)


@given(quantiles, numbers, numbers)
def test_a_higher_value_is_never_placed_lower(among: list[float], one: float, other: float) -> None:
    """The place never falls as the value rises, and stays within 0 and 1."""
    low, high = sorted((one, other))

    assert 0.0 <= percentile(low, among) <= percentile(high, among) <= 1.0


@given(quantiles, st.lists(numbers))
def test_many_values_are_placed_as_one_is(among: list[float], values: list[float]) -> None:
    """The fast loop over draws is the same function."""
    values = [*values, *among[:3]]

    assert percentiles(values, among) == [percentile(value, among) for value in values]


def test_a_value_between_two_quantiles_is_placed_in_proportion() -> None:
    """A quarter of the way from the 3rd to the 4th percentile is 3.25 %."""
    assert percentile(3.25, range(101)) == 0.0325


def test_equal_quantiles_share_their_middle() -> None:
    """A market in which half of the niches are zero puts a zero in the middle of that half."""
    among = [0.0] * 51 + [float(n) for n in range(1, 51)]

    assert percentile(0.0, among) == 0.25
    assert bisect_left(among, 0.0) == 0


def test_beyond_the_market_is_its_end() -> None:
    """Nothing is better than the best or worse than the worst that was seen."""
    assert percentile(-1.0, range(101)) == 0.0
    assert percentile(101.0, range(101)) == 1.0


@given(st.lists(numbers, min_size=1, max_size=40))
def test_a_past_cut_is_placed_as_todays_market_is(values: list[float]) -> None:
    """What the backtest proves is the very function that the product uses."""
    among = np.quantile(values, np.linspace(0, 1, 101))

    expected = [percentile(value, among.tolist()) for value in values]
    assert np.allclose(within(np.array(values)), expected, atol=1e-12)
