"""The judge: were the scores of past days worth anything, by what then happened?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from contracts.backtest import Ablation, Backtest, CutRho, Outcome, Placebo, ScoreBacktested, TableRow
from contracts.message import FileRef, scout_id
from contracts.model import Weights
from contracts.panel import PanelBuilt
from services.scoring.ablation import ablation
from services.scoring.baselines import Scores, baselines, own_scores
from services.scoring.history import History, history
from services.scoring.placebo import placebo
from services.scoring.skill import CHANCE, Skill, Trial, interval, resampled
from services.scoring.statements import Judged, statements

DRAWS = 200
LARGEST_LEAK = 1e-9
"""A term may differ by rounding when future rows are altered, and by nothing more."""
OUTCOMES: tuple[Outcome, ...] = ("growth", "entry")
SHARE = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Tried:
    """One outcome: its rows of the table, and what else was found out about Scout's own score."""

    rows: tuple[TableRow, ...]
    ablation: tuple[Ablation, ...]
    placebo: Placebo | None


def backtest(panel: pl.DataFrame, launches: pl.DataFrame, weights: Weights, built: PanelBuilt) -> Backtest:
    """Judge the scores that `weights` give at every past cut of a panel.

    `panel` has a row per cut and niche: cut, cut_day, niche_id, a column per raw term, and the outcome growth;
    `launches` a row per launched product: cut, niche_id, revenue. Terms are placed within their cut, as the product
    places them within the market of its day. Intervals are of 200 bootstrap draws over niches. Raises
    `NothingToJudgeError`.
    """
    past = history(panel, launches)
    counts = resampled(past.niches, DRAWS, built.seed)
    own = own_scores(past, weights)
    tried = [_try(Trial(past, outcome, counts), weights, own, built.seed) for outcome in OUTCOMES]
    table = tuple(row for each in tried for row in each.rows)
    taken = tuple(row for each in tried for row in each.ablation)
    shuffled = tuple(each.placebo for each in tried if each.placebo)
    leaks = built.leakage.max_difference > LARGEST_LEAK
    verdict = statements(
        Judged(
            horizon=built.horizon,
            launched=past.launched,
            table=table,
            ablation=taken,
            placebo=shuffled,
            leakage=built.leakage,
            leaks=leaks,
            purged=built.purged,
        )
    )
    claims = [each.holds for each in verdict if each.code.partition(".")[0] in OUTCOMES and each.holds is not None]
    sound = built.purged and not leaks and all(each.passed for each in shuffled)
    return Backtest(
        id=scout_id("backtest", built.panel.sha256, built.launches.sha256, weights.id, built.horizon, built.seed),
        market=built.market,
        level=built.level,
        horizon=built.horizon,
        seed=built.seed,
        draws=DRAWS,
        cuts=tuple(cut.cut for cut in past.cuts),
        niches=past.niches,
        rows=past.rows,
        launched=past.launched,
        model=weights.id,
        panel=built.panel.sha256,
        launches=built.launches.sha256,
        table=table,
        ablation=taken,
        placebo=shuffled,
        leakage=built.leakage,
        purged=built.purged,
        verdict=verdict,
        passed=sound and bool(claims) and all(claims),
    )


def headline(found: Backtest, file: FileRef) -> ScoreBacktested:
    """A backtest as an event; `file` holds all of it."""
    own = {row.outcome: row for row in found.table if row.score == row.outcome}
    growth, entry = own.get("growth"), own.get("entry")
    return ScoreBacktested(
        market=found.market,
        level=found.level,
        horizon=found.horizon,
        backtest=file,
        cuts=len(found.cuts),
        n=found.rows,
        launched=found.launched,
        growth_rho=growth.rho if growth else None,
        growth_lo=growth.lo if growth else None,
        growth_hi=growth.hi if growth else None,
        growth_hit=growth.hit if growth else None,
        entry_rho=entry.rho if entry else None,
        entry_lo=entry.lo if entry else None,
        entry_hi=entry.hi if entry else None,
        top_decile_win=entry.hit if entry else None,
        passed=found.passed,
    )


def _try(trial: Trial, weights: Weights, own: dict[str, Scores], seed: int) -> _Tried:
    """Try Scout's score of an outcome first, then its others and the baselines beside it."""
    outcome = trial.outcome
    whole = trial.skill(own[outcome])
    if whole is None:
        return _Tried((), (), None)
    others = {name: scores for name, scores in own.items() if name != outcome}
    others |= baselines(trial.history, weights, outcome, seed)
    return _Tried(
        rows=(_row(trial, outcome, whole), *_others(trial, others, whole)),
        ablation=tuple(ablation(trial, getattr(weights, outcome), whole)),
        placebo=placebo(trial, own[outcome], seed),
    )


def _others(trial: Trial, scores: dict[str, Scores], whole: Skill) -> Iterator[TableRow]:
    found = [(name, skill) for name, each in scores.items() if (skill := trial.skill(each)) is not None]
    for name, skill in sorted(found, key=lambda pair: -pair[1].rho[0]):
        yield _row(trial, name, skill, whole)


def _row(trial: Trial, name: str, skill: Skill, whole: Skill | None = None) -> TableRow:
    lo, hi = interval(skill.rho)
    hit_lo, hit_hi = interval(skill.hit, SHARE)
    ahead = whole.rho - skill.rho if whole else None
    ahead_lo, ahead_hi = interval(ahead, (-2.0, 2.0)) if ahead is not None else (None, None)
    return TableRow(
        score=name,
        outcome=trial.outcome,
        rho=float(skill.rho[0]),
        lo=lo,
        hi=hi,
        hit=float(skill.hit[0]),
        hit_lo=hit_lo,
        hit_hi=hit_hi,
        bottom_hit=float(skill.bottom[0]),
        chance=CHANCE[trial.outcome],
        ndcg=skill.ndcg,
        n=sum(skill.sizes),
        per_cut=_per_cut(trial.history, skill.per_cut, skill.sizes),
        ahead=float(ahead[0]) if ahead is not None else None,
        ahead_lo=ahead_lo,
        ahead_hi=ahead_hi,
    )


def _per_cut(past: History, rhos: Sequence[float], sizes: Sequence[int]) -> tuple[CutRho, ...]:
    return tuple(
        CutRho(cut=cut.cut, day=cut.day, rho=None if np.isnan(rho) else rho, n=n)
        for cut, rho, n in zip(past.cuts, rhos, sizes, strict=True)
    )
