"""What a score was worth at the past cuts."""

import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr

from services.scoring.baselines import rule
from services.scoring.history import History
from services.scoring.ranking import Floats
from services.scoring.skill import Skill, Trial, interval, resampled
from tests.scoring.panels import past

SIGNAL = {"momentum_4w": 1.0}


def tried(history: History, scores: list[Floats], outcome: str = "growth", draws: int = 20) -> Skill | None:
    """Try one score."""
    counts = resampled(history.niches, draws, 0)
    return Trial(history, "growth" if outcome == "growth" else "entry", counts).skill(scores)


def test_rho_of_growth_is_the_mean_of_the_cuts() -> None:
    """Each cut's Spearman correlation counts alike, however the whole market moved between them."""
    history = past(growth=SIGNAL)
    found = tried(history, rule(history, SIGNAL))
    by_hand = [spearmanr(cut.places["momentum_4w"], cut.growth).statistic for cut in history.cuts]

    assert found is not None
    assert found.per_cut == pytest.approx(by_hand)
    assert found.rho[0] == pytest.approx(np.mean(by_hand))


def test_rho_of_entry_is_over_all_launches_ranked_within_their_cut() -> None:
    """A cut has few launches, so all are correlated at once."""
    history = past(entry=SIGNAL)
    found = tried(history, rule(history, SIGNAL), "entry")
    scores = np.concatenate([rankdata(cut.places["momentum_4w"][cut.at]) / len(cut.at) for cut in history.cuts])
    truth = np.concatenate([rankdata(cut.revenue) / len(cut.at) for cut in history.cuts])

    assert found is not None
    assert found.rho[0] == pytest.approx(np.corrcoef(scores, truth)[0, 1])


def test_a_draw_is_the_same_market_with_some_niches_twice() -> None:
    """The weighed computation gives what copying the drawn niches would give."""
    history = past(growth=SIGNAL)
    counts = resampled(history.niches, 3, seed=7)
    found = Trial(history, "growth", counts).skill(rule(history, SIGNAL))
    copies = [np.repeat(np.arange(history.niches), counts[:, draw].astype(int)) for draw in range(4)]
    by_hand = [
        np.mean([spearmanr(cut.places["momentum_4w"][ids], cut.growth[ids]).statistic for cut in history.cuts])
        for ids in copies
    ]

    assert found is not None
    assert found.rho == pytest.approx(by_hand)


def test_a_perfect_score_hits_always_and_its_bottom_never() -> None:
    """The top tenth lies within the true top quarter."""
    history = past()
    found = tried(history, [cut.growth for cut in history.cuts])

    assert found is not None
    assert (found.rho[0], found.hit[0], found.bottom[0], found.ndcg) == pytest.approx((1, 1, 0, 1))


def test_a_score_that_is_not_known_everywhere_is_tried_where_it_is() -> None:
    """Ranks are among the pairs that are compared."""
    history = past(growth=SIGNAL)
    scores = [np.where(np.arange(len(each)) < 30, each, np.nan) for each in rule(history, SIGNAL)]
    found = tried(history, scores)

    assert found is not None
    assert found.sizes == (30,) * len(history.cuts)
    first = history.cuts[0]
    assert found.per_cut[0] == pytest.approx(spearmanr(scores[0][:30], first.growth[:30]).statistic)


@pytest.mark.parametrize("value", [0.5, np.nan])
def test_a_score_that_never_varies_is_no_score(value: float) -> None:
    """It is left out rather than called zero."""
    history = past()

    assert tried(history, [np.full(len(cut.niche), value) for cut in history.cuts]) is None


def test_the_same_seed_draws_the_same() -> None:
    """Every figure can be had again; the first column is the data as they are."""
    assert (resampled(50, 9, 3) == resampled(50, 9, 3)).all()
    assert (resampled(50, 9, 3) != resampled(50, 9, 4)).any()
    assert (resampled(50, 9, 3)[:, 0] == 1).all()
    assert (resampled(50, 9, 3).sum(axis=0) == 50).all()


def test_an_interval_without_draws_is_all_that_can_be() -> None:
    """Not to know is not to be sure."""
    assert interval(np.array([0.3, np.nan, np.nan])) == (-1.0, 1.0)
    assert interval(np.concatenate([[9.0], np.arange(101.0)])) == (2.5, 97.5)
