from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from services.analysis.modes import bandwidth, density, modes
from services.analysis.weeks import Floats

LEAST = 0.05


def found(draw: Callable[[np.random.Generator], Floats], times: int = 100) -> list[int]:
    """How many modes samples drawn with seeds 0, 1, 2 ... have."""
    return [len(modes(np.sort(draw(np.random.default_rng(seed))), LEAST)) for seed in range(times)]


@pytest.mark.parametrize("size", [12, 50, 3000])
def test_the_density_is_that_of_scipy(size: int) -> None:
    """The binned sum of kernels agrees with the exact one to a thousandth of its peak, and holds everything."""
    values = np.sort(np.random.default_rng(size).normal(size=size))
    width = bandwidth(values, LEAST)
    grid, height = density(values, width)
    exact = stats.gaussian_kde(values, bw_method=width / values.std(ddof=1))(grid)

    assert np.abs(height - exact).max() < 1e-3 * exact.max()
    assert height.sum() * (grid[1] - grid[0]) == pytest.approx(1)


def test_the_bandwidth_is_silvermans() -> None:
    """The smaller of deviation and quartile range decides; the deviation alone where half of the values are equal."""
    values = np.sort(np.random.default_rng(1).standard_t(2, 60))
    tied = np.array([0.0] * 30 + [1.0] * 5)

    scale = min(values.std(), stats.iqr(values) / 1.34)
    assert bandwidth(values, LEAST) == pytest.approx(0.9 * scale * 60**-0.2)
    assert bandwidth(tied, LEAST) == pytest.approx(0.9 * tied.std() * 35**-0.2)
    assert bandwidth(np.zeros(9), LEAST) == LEAST


@pytest.mark.parametrize("size", [10, 20, 50, 200, 1000])
def test_values_around_one_place_have_one_mode(size: int) -> None:
    """Logarithms of lognormal prices, and tails that are heavier or one-sided: a second one in under 10 of 100."""
    assert found(lambda random: random.normal(size=size) * 0.6).count(1) > 95
    assert found(lambda random: random.standard_t(3, size) * 0.5).count(1) > 90
    assert found(lambda random: random.exponential(size=size)).count(1) > 90


def test_values_around_two_places_have_two_modes() -> None:
    """Prices three times apart, half and half or one to four, seen for sure from two hundred listings on."""
    half = found(lambda random: random.normal(size=200) * 0.2 + 1.1 * random.integers(0, 2, 200))
    fifth = found(lambda random: random.normal(size=200) * 0.2 + 1.1 * (random.random(200) < 0.2))

    assert half.count(2) == 100
    assert fifth.count(2) > 90


def test_modes_are_where_values_are_and_share_them() -> None:
    """Two tight heaps: each mode in the middle of its own, with its part of the values, the lower one first."""
    values = np.sort([*(1 + np.linspace(-0.1, 0.1, 30)), *(4 + np.linspace(-0.1, 0.1, 10))])
    (low, most), (high, rest) = modes(values, LEAST)

    assert (low, high) == (pytest.approx(1, abs=0.02), pytest.approx(4, abs=0.02))
    assert (most, rest) == (0.75, 0.25)


def test_prices_a_few_percent_apart_are_one_place() -> None:
    """What is nearer than the least bandwidth is one mode, however many values say otherwise."""
    assert len(modes(np.repeat([0.0, 0.05], 500), LEAST)) == 1
    assert len(modes(np.repeat([0.0, 0.5], 500), LEAST)) == 2


def test_a_few_far_values_are_no_mode() -> None:
    """Under one in twenty: they stand apart, but nothing gathers there."""
    values = np.sort([*np.random.default_rng(1).normal(size=300) * 0.1, *np.full(10, 5.0)])
    ((middle, share),) = modes(values, LEAST)

    assert (middle, share) == (pytest.approx(0, abs=0.1), 1.0)


@pytest.mark.parametrize("values", [[2.0], [2.0] * 50])
def test_equal_values_are_their_own_mode(values: list[float]) -> None:
    """Exactly there, with all of them."""
    assert modes(np.array(values), LEAST) == [(2.0, 1.0)]


def test_values_of_any_size_have_modes() -> None:
    """Logarithms of the least and greatest numbers there are."""
    for values in ([-700.0, 700.0], [-700.0, *np.linspace(-1, 1, 50), 700.0], [0.0, 1e-12]):
        places = modes(np.array(values), LEAST)

        assert sum(share for _, share in places) == pytest.approx(1)
        assert all(values[0] - LEAST <= place <= values[-1] + LEAST for place, _ in places)
