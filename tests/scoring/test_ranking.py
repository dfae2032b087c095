"""How well one order agrees with another, with ties, weights and draws."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from services.scoring.ranking import Order, bottom, ndcg, places, ranks, spearman, top

values = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=60)


@given(values)
def test_spearman_is_scipys_with_ties(pairs: list[tuple[int, int]]) -> None:
    """Mid-ranks for equal values, as everybody has them; nothing where one of them does not vary."""
    one, other = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy warns of a constant; we answer NaN
        expected = spearmanr(one, other).statistic

    assert spearman(one, other) == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_a_rank_is_shared_by_equal_values() -> None:
    """Two that tie for the first and second place are both between them."""
    assert ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [0.25, -0.375, 0.25, -0.125]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.data())
def test_a_weight_counts_as_so_many_copies(scores: list[int], data: st.DataObject) -> None:
    """A draw by weights is the draw by copies, so that nothing has to be copied."""
    counts = data.draw(st.lists(st.integers(0, 3), min_size=len(scores), max_size=len(scores)))
    copies = np.repeat(np.array(scores, dtype=float), counts)
    order = Order.of(np.array(scores, dtype=float))
    weights = np.array(counts, dtype=float)[:, None]

    found = np.repeat(places(order.sums(weights))[order.run, 0], counts)
    assert np.allclose(found, ranks(copies) + 0.5)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40), st.floats(0.01, 1))
def test_the_top_holds_exactly_its_share(scores: list[int], share: float) -> None:
    """A run on the border is in it in part; the top of one order is the bottom of the other."""
    one, other = Order.of(np.array(scores, dtype=float)), Order.of(-np.array(scores, dtype=float))
    runs = one.sums(np.ones((len(scores), 1)))

    assert (top(runs, share) * runs).sum() == pytest.approx(share * len(scores))
    turned = other.sums(np.ones((len(scores), 1)))
    assert np.allclose(top(runs, share), bottom(turned, share)[::-1])


def test_the_best_order_has_a_gain_of_one_and_the_worst_little() -> None:
    """Only the first ten count, and the higher they truly are the more."""
    outcome = np.arange(100.0)

    assert ndcg(outcome, outcome) == pytest.approx(1.0)
    assert ndcg(-outcome, outcome) < 0.01


def test_an_order_without_any_difference_gains_what_chance_would() -> None:
    """Where all scores are equal, each place holds the mean gain, whatever stands first in the table."""
    outcome = np.arange(50.0)

    assert ndcg(np.zeros(50), outcome) == pytest.approx(ndcg(np.zeros(50), outcome[::-1]))
