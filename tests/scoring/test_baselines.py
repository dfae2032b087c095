"""The scores that are tried."""

import numpy as np
import pytest

from contracts.model import Mix
from services.scoring.baselines import baselines, own_scores
from tests.scoring.niches import weights
from tests.scoring.panels import past

HISTORY = past()


def test_the_opportunity_mixes_both_sides_by_their_weights() -> None:
    """A side that does not count is not asked for."""
    found = own_scores(HISTORY, weights(opportunity=Mix(growth=3, entry=1)))
    alone = own_scores(HISTORY, weights(opportunity=Mix(growth=0, entry=1)))

    assert found["opportunity"][0] == pytest.approx(0.75 * found["growth"][0] + 0.25 * found["entry"][0])
    assert (alone["opportunity"][0] == alone["entry"][0]).all()


def test_demand_over_competition_is_momentum_and_revenue_per_seller_less_concentration() -> None:
    """The idea of the trade, on percentiles as everything else."""
    first = HISTORY.cuts[0].places
    by_hand = first["momentum_8w"] + first["revenue_per_seller"] - first["concentration"]
    found = baselines(HISTORY, weights(), "growth", 0)["combo_js"][0]

    assert np.allclose(found, 50 + 100 * (by_hand - 0.5) / 3)


def test_a_coin_is_thrown_by_the_seed() -> None:
    """The same seed throws the same."""
    one, again, other = (baselines(HISTORY, weights(), "entry", seed)["random"][0] for seed in (1, 1, 2))

    assert (one == again).all()
    assert (one != other).any()


def test_who_changes_weights_is_compared_with_the_shipped_ones() -> None:
    """Only on the side that was changed."""
    changed = weights(growth={"level": 1.0})

    assert "shipped" in baselines(HISTORY, changed, "growth", 0)
    assert "shipped" not in baselines(HISTORY, changed, "entry", 0)
