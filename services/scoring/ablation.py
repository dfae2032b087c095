"""What each term of a score is worth: the score without it, and it without the others."""

from collections.abc import Iterator, Mapping

from contracts.backtest import Ablation
from services.scoring.baselines import rule
from services.scoring.skill import Skill, Trial, interval


def ablation(trial: Trial, weights: Mapping[str, float], whole: Skill) -> Iterator[Ablation]:
    """Take each weighed term out in turn. It helps when what is lost without it stays above zero in 95 % of draws.

    A score of one term has nothing left without it, so only its own rho is told.
    """
    weighed = {name: weight for name, weight in weights.items() if weight}
    for name, weight in weighed.items():
        alone = trial.skill(rule(trial.history, {name: weight}))
        rest = {other: of for other, of in weighed.items() if other != name}
        without = trial.skill(rule(trial.history, rest)) if rest else None
        loss = whole.rho - without.rho if without else None
        lo, hi = interval(loss, (-2.0, 2.0)) if loss is not None else (None, None)
        yield Ablation(
            term=name,
            outcome=trial.outcome,
            weight=weight,
            alone=float(alone.rho[0]) if alone else None,
            without=float(without.rho[0]) if without else None,
            loss=float(loss[0]) if loss is not None else None,
            lo=lo,
            hi=hi,
            helps=lo > 0 if lo is not None else None,
        )
