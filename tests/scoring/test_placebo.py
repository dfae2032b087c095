"""The placebo: nothing may be found where there is nothing."""

import numpy as np
import pytest

from contracts.backtest import Outcome
from services.scoring.baselines import rule
from services.scoring.placebo import placebo
from services.scoring.skill import Trial, resampled
from tests.scoring.panels import past

SIGNAL = {"momentum_4w": 3.0}


@pytest.mark.parametrize("outcome", ["growth", "entry"])
def test_a_real_signal_vanishes_when_outcomes_are_shuffled(outcome: Outcome) -> None:
    """What is left is chance, on both sides of zero."""
    history = past(growth=SIGNAL, entry=SIGNAL, niches=200)
    trial = Trial(history, outcome, resampled(history.niches, 1, 0))
    found = placebo(trial, rule(history, SIGNAL), seed=0)

    assert found is not None
    assert found.passed
    assert abs(found.mean) < 0.05
    assert found.limit == pytest.approx(max(0.05, 4 / np.sqrt(sum(len(trial.happened(cut)) for cut in history.cuts))))


def test_a_score_that_never_varies_has_no_placebo() -> None:
    """There is nothing to shuffle against."""
    history = past()
    trial = Trial(history, "growth", resampled(history.niches, 1, 0))

    assert placebo(trial, [np.zeros(len(cut.niche)) for cut in history.cuts], seed=0) is None
