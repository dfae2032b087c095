"""What each term of a score is worth."""

from services.scoring.ablation import ablation
from services.scoring.baselines import rule
from services.scoring.skill import Trial, resampled
from tests.scoring.panels import past


def test_a_term_that_carries_the_signal_helps_and_one_of_noise_does_not() -> None:
    """Without the first nothing is left; without the second the score is better."""
    history = past(growth={"momentum_4w": 2.0})
    weights = {"momentum_4w": 0.6, "level": 0.4, "concentration": 0.0}
    trial = Trial(history, "growth", resampled(history.niches, 50, 0))
    whole = trial.skill(rule(history, weights))
    assert whole is not None
    signal, noise = ablation(trial, weights, whole)

    assert (signal.term, signal.helps, noise.term, noise.helps) == ("momentum_4w", True, "level", False)
    assert signal.loss is not None
    assert noise.hi is not None
    assert signal.loss > 0.4
    assert noise.hi < 0


def test_the_only_term_of_a_score_is_the_score() -> None:
    """Without it there is nothing to compare with, so nothing is claimed."""
    history = past(entry={"revenue_per_listing": 1.0})
    trial = Trial(history, "entry", resampled(history.niches, 5, 0))
    whole = trial.skill(rule(history, {"revenue_per_listing": 1.0}))
    assert whole is not None
    (only,) = ablation(trial, {"revenue_per_listing": 1.0}, whole)

    assert (only.alone, only.without, only.loss, only.helps) == (whole.rho[0], None, None, None)
