"""What a score was worth at the past cuts: rho and hits, for the data as they are and for each bootstrap draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from contracts.backtest import Outcome
from services.scoring.history import FEWEST, Cut, History
from services.scoring.ranking import Floats, Order, bottom, correlation, ndcg, places, ratio, top

TOP_TENTH, TOP_QUARTER = 0.1, 0.25
CHANCE: dict[Outcome, float] = {"growth": TOP_QUARTER, "entry": 0.5}
WEIGHT, TRUTH, HIT = range(3)


@dataclass(frozen=True, slots=True)
class Skill:
    """Rho, hits of the top and of the bottom tenth, each [1 + draws] with the data as they are first.

    `per_cut` is the rho of each cut (NaN: too few pairs), `sizes` its pairs, `ndcg` the mean over cuts (growth only).
    """

    rho: Floats
    hit: Floats
    bottom: Floats
    per_cut: tuple[float, ...]
    sizes: tuple[int, ...]
    ndcg: float | None


@dataclass(frozen=True, slots=True)
class Truth:
    """What happened after one cut, weighed [pairs, 3, draws]: weights, places around 1/2, hits; and `spread` [draws].

    `spread` is the weighed sum of the squared places.
    """

    weighed: Floats
    spread: Floats


@dataclass(frozen=True, slots=True)
class Part:
    """One score at one cut; `moments`, `top` and `bottom` are sums over its `n` pairs."""

    moments: tuple[Floats, Floats, Floats]
    top: tuple[Floats, Floats]
    bottom: tuple[Floats, Floats]
    ndcg: float | None
    n: int


class Trial:
    """One outcome over all cuts, against which scores are tried.

    `counts` [niches, 1 + draws] says how often each niche is in each draw (whole niches are drawn, so that what one
    does at many cuts stays together); its first column is ones.
    """

    def __init__(self, history: History, outcome: Outcome, counts: Floats) -> None:
        self.history = history
        self.outcome = outcome
        self.counts = counts

    def happened(self, cut: Cut) -> Floats:
        """What happened after a cut, to each niche or to each launch."""
        return cut.growth if self.outcome == "growth" else cut.revenue

    def paired(self, cut: Cut, scores: Floats) -> Floats:
        """A score per niche, as a score for each thing that happened."""
        return scores if self.outcome == "growth" else scores[cut.at]

    def skill(self, scores: Sequence[Floats]) -> Skill | None:
        """Try one score (an array per cut, a value per niche); `None` when it does not vary.

        Growth: rho is the mean over cuts of Spearman's rho within the cut. Entry: scores and revenues are ranked
        within the cut, then all launches are correlated at once, since a cut has few. Hits are over all cuts.
        """
        parts = [
            self._part(cut, self.paired(cut, each), truth)
            for cut, each, truth in zip(self.history.cuts, scores, self._truths, strict=True)
        ]
        known = [part for part in parts if part]
        if not known:
            return None
        within = np.array([correlation(*part.moments) for part in known])
        rho = _mean(within)
        if self.outcome == "entry":
            rho = correlation(*(np.sum([part.moments[n] for part in known], axis=0) for n in range(3)))
        if np.isnan(rho[0]):
            return None
        gains = [part.ndcg for part in known if part.ndcg is not None]
        return Skill(
            rho=rho,
            hit=ratio(*np.sum([part.top for part in known], axis=0)),
            bottom=ratio(*np.sum([part.bottom for part in known], axis=0)),
            per_cut=tuple(float(correlation(*part.moments)[0]) if part else np.nan for part in parts),
            sizes=tuple(part.n if part else 0 for part in parts),
            ndcg=float(np.mean(gains)) if gains else None,
        )

    @cached_property
    def _truths(self) -> list[Truth]:
        return [self._truth(cut) for cut in self.history.cuts]

    def _truth(self, cut: Cut, kept: Floats | None = None) -> Truth:
        """The truth of a cut, or of the pairs in it that are `kept`: ranks are among those that are compared."""
        values = self.happened(cut)
        niche = cut.niche if self.outcome == "growth" else cut.niche[cut.at]
        if kept is not None:
            values, niche = values[kept], niche[kept]
        weights = self.counts[niche]
        order = Order.of(values)
        runs = order.sums(weights)
        if self.outcome == "growth":
            hits = top(runs, TOP_QUARTER)[order.run]
        else:
            hits = (values > np.median(values)).astype(np.float64)[:, None] if len(values) else weights
        truth = places(runs)[order.run] - 0.5
        weighed = np.stack([weights, weights * truth, weights * hits], axis=1)
        return Truth(weighed, np.einsum("nd,nd->d", weighed[:, TRUTH], truth))

    def _part(self, cut: Cut, scores: Floats, truth: Truth) -> Part | None:
        known = ~np.isnan(scores)
        if known.sum() < FEWEST:
            return None
        if not known.all():
            scores, truth = scores[known], self._truth(cut, known)
        runs = Order.of(scores).sums(truth.weighed)
        weights = runs[:, WEIGHT]
        score = places(weights) - 0.5
        highest, lowest = top(weights, TOP_TENTH), bottom(weights, TOP_TENTH)
        return Part(
            moments=(_sum(score, runs[:, TRUTH]), _sum(score * weights, score), truth.spread),
            top=(_sum(highest, runs[:, HIT]), _sum(highest, weights)),
            bottom=(_sum(lowest, runs[:, HIT]), _sum(lowest, weights)),
            ndcg=ndcg(scores, self.happened(cut)[known]) if self.outcome == "growth" else None,
            n=len(scores),
        )


def resampled(niches: int, draws: int, seed: int) -> Floats:
    """Counts of each niche [niches, 1 + draws]: ones, then draws with replacement (Efron 1979)."""
    picks = np.random.default_rng(seed).integers(0, niches, (draws, niches))
    flat = picks + np.arange(draws)[:, None] * niches
    drawn = np.bincount(flat.ravel(), minlength=draws * niches).reshape(draws, niches)
    return np.ascontiguousarray(np.vstack([np.ones((1, niches)), drawn]).T)


def interval(draws: Floats, widest: tuple[float, float] = (-1.0, 1.0)) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of what the draws gave; where none gave anything, all that can be."""
    known = draws[1:][~np.isnan(draws[1:])]
    if not len(known):
        return widest
    lo, hi = np.percentile(known, (2.5, 97.5))
    return float(lo), float(hi)


def _mean(within: Floats) -> Floats:
    """The mean over cuts, those that gave nothing left out; NaN where none did."""
    known = ~np.isnan(within)
    return ratio(np.where(known, within, 0.0).sum(axis=0), known.sum(axis=0).astype(np.float64))


def _sum(one: Floats, other: Floats) -> Floats:
    """The sum over runs of a product [draws]; a draw without any pair adds nothing."""
    return np.asarray(np.nan_to_num(np.einsum("rd,rd->d", one, other)))
