"""The placebo: outcomes shuffled within each cut, so that any skill that is still found is an error of the judge."""

from collections.abc import Iterator, Sequence

import numpy as np

from contracts.backtest import Outcome, Placebo
from services.scoring.baselines import Scores
from services.scoring.history import FEWEST
from services.scoring.ranking import Floats, correlation, ranks
from services.scoring.skill import Trial

SEEDS = 20
LIMIT = 0.05
SPREADS = 4.0
"""A single shuffle of n pairs strays by 1/sqrt(n): in small markets by more than the limit, and honestly so."""


def placebo(trial: Trial, scores: Scores, seed: int, seeds: int = SEEDS) -> Placebo | None:
    """Rho of a score with shuffled outcomes, over many seeds; `None` when it does not vary.

    Passed when the mean is within 0.05 of zero on either side, and no seed strays by more than 0.05 or four times the
    spread of pure chance, whichever is more.
    """
    pairs = list(_pairs(trial, scores))
    rng = np.random.default_rng(seed)
    rhos = [_rho([(score, rng.permuted(truth)) for score, truth in pairs], trial.outcome) for _ in range(seeds)]
    if not pairs or np.isnan(rhos).any():
        return None
    n = sum(len(score) for score, _ in pairs)
    limit = max(LIMIT, SPREADS / float(np.sqrt(n)))
    mean, largest = float(np.mean(rhos)), float(np.max(np.abs(rhos)))
    return Placebo(
        outcome=trial.outcome,
        seeds=seeds,
        mean=mean,
        largest=largest,
        limit=limit,
        passed=abs(mean) < LIMIT and largest < limit,
    )


def _pairs(trial: Trial, scores: Scores) -> Iterator[tuple[Floats, Floats]]:
    """Ranks of score and outcome at each cut."""
    for cut, each in zip(trial.history.cuts, scores, strict=True):
        found = trial.paired(cut, each)
        known = ~np.isnan(found)
        if known.sum() >= FEWEST:
            yield ranks(found[known]), ranks(trial.happened(cut)[known])


def _rho(pairs: Sequence[tuple[Floats, Floats]], outcome: Outcome) -> float:
    """As `Trial.skill` has it: the mean over cuts for growth, all launches at once for entry."""
    moments = np.array([(x @ y, x @ x, y @ y) for x, y in pairs]).reshape(-1, 3)
    if outcome == "entry":
        moments = moments.sum(axis=0, keepdims=True)
    rhos = correlation(*moments.T)
    known = rhos[~np.isnan(rhos)]
    return float(known.mean()) if len(known) else np.nan
