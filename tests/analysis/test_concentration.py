import numpy as np
import pytest

from services.analysis.concentration import gini, top_share


def test_the_largest_shares_add_up() -> None:
    """In whatever order they come, and all of them where there are fewer."""
    shares = np.array([0.1, 0.5, 0.2, 0.2])

    assert top_share(shares, 1) == pytest.approx(0.5)
    assert top_share(shares, 2) == pytest.approx(0.7)
    assert top_share(shares, 10) == pytest.approx(1.0)
    assert top_share(shares[:0], 4) == 0.0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5.0, 5.0, 5.0], 0.0),  # equal
        ([0.0, 0.0, 0.0, 1.0], 0.75),  # one of four has all: 1 - 1/4
        ([1.0, 2.0, 3.0, 4.0], 0.25),  # the sixteen pairs differ by 1.25 on average, the mean is 2.5
        ([1.0, 3.0], 0.25),
    ],
)
def test_gini_gives_examples_computed_by_hand(values: list[float], expected: float) -> None:
    """Half of the mean difference of all pairs, a value and itself included, over the mean."""
    assert gini(np.array(values)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e290])
def test_gini_is_the_mean_difference_of_all_pairs(scale: float) -> None:
    """The fast formula agrees with the definition, whatever the unit of money."""
    for seed in range(20):
        values = np.random.default_rng(seed).pareto(1.2, 30)
        pairs = np.abs(values[:, None] - values).mean() / (2 * values.mean())

        assert gini(values * scale) == pytest.approx(pairs, rel=1e-9)


def test_gini_of_nobody_one_or_nothing_is_not_known() -> None:
    """One is equal to nobody, and nothing cannot be shared."""
    assert gini(np.array([])) is None
    assert gini(np.array([3.0])) is None
    assert gini(np.zeros(4)) is None
