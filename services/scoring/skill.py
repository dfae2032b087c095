"""What a score was worth at the past cuts: rho and hits, for the data as they are and for each bootstrap draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from contracts.backtest import Outcome
from services.scoring.history import FEWEST, Cut, History
from services.scoring.ranking import (
    TOP_QUARTER,
    Floats,
    Order,
    correlation,
    hit_rate,
    in_top,
    moments,
    ndcg,
    places,
)

CHANCE: dict[Outcome, float] = {"growth": TOP_QUARTER, "entry": 0.5}


@dataclass(frozen=True, slots=True)
class Skill:
    """Rho, hits of the top and of the bottom tenth, each [1 + draws] with the data as they are first.

    `per_cut` is the rho of each cut (NaN: too few pairs), `sizes` its pairs, `ndcg` the mean over cuts.
    """

    rho: Floats
    hit: Floats
    bottom: Floats
    per_cut: tuple[float, ...]
    sizes: tuple[int, ...]
    ndcg: float


class Trial:
    """One outcome over all cuts, against which scores are tried.

    `counts` [1 + draws, niches] says how often each niche is in each draw (the bootstrap is over niches, so that what
    one niche does at many cuts stays together); its first row is ones.
    """

    def __init__(self, history: History, outcome: Outcome, counts: Floats) -> None:
        self.history = history
        self.outcome = outcome
        self.counts = counts

    def values(self, cut: Cut) -> Floats:
        """What happened after a cut, to each niche or to each launch."""
        return cut.growth if self.outcome == "growth" else cut.revenue

    def of(self, cut: Cut, scores: Floats) -> Floats:
        """A score per niche as a score per pair that is compared."""
        return scores if self.outcome == "growth" else scores[cut.at]

    @cached_property
    def _truth(self) -> list[tuple[Floats, Floats, Floats]]:
        """Per cut, over all its pairs: weights, places of the outcome, and whether it is a hit."""
        return [self._truth_of(cut, self.values(cut)) for cut in self.history.cuts]

    def _truth_of(self, cut: Cut, values: Floats) -> tuple[Floats, Floats, Floats]:
        niche = cut.niche if self.outcome == "growth" else cut.niche[cut.at]
        weights = self.counts[:, niche]
        order = Order.of(values)
        if self.outcome == "growth":
            hits = in_top(order, weights, TOP_QUARTER)
        else:
            hits = np.broadcast_to((values > np.median(values)) if len(values) else values, weights.shape)
        return weights, places(order, weights), np.asarray(hits, dtype=np.float64)

    def skill(self, scores: Sequence[Floats]) -> Skill | None:
        """Try one score (an array per cut, a value per niche); `None` when it does not vary anywhere.

        Growth: rho is the mean over cuts of Spearman's rho within the cut. Entry: scores and revenues are ranked
        within the cut, then all launches are correlated at once, since a cut has few. Hits are over all cuts.
        """
        parts = [self._part(cut, each, truth) for cut, each, truth in zip(self.history.cuts, scores, self._truth, strict=True)]
        known = [part for part in parts if part is not None]
        if not known:
            return None
        within = np.array([correlation(*part.moments) for part in known])
        if self.outcome == "growth":
            rho = _mean(within)
        else:
            rho = correlation(*(sum(part.moments[n] for part in known) for n in range(3)))
        if np.isnan(rho[0]):
            return None
        return Skill(
            rho=rho,
            hit=_ratio([part.top for part in known]),
            bottom=_ratio([part.bottom for part in known]),
            per_cut=tuple(float(correlation(*part.moments)[0]) if part else float("nan") for part in parts),
            sizes=tuple(part.n if part else 0 for part in parts),
            ndcg=float(np.nanmean([part.ndcg for part in known])),
        )
