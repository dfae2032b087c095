"""Scores: how good a niche is, in points that add up, with the claims that a backtest tests."""

from datetime import date
from typing import Literal

from contracts.analysis import RedFlag
from contracts.message import Event, Failed, Shape

Verdict = Literal["enter", "watch", "avoid", "insufficient"]
Confidence = Literal["high", "medium", "low"]
Group = Literal["growth", "entry"]


class Estimate(Shape):
    """A score from 0 to 100 with its 80 % interval, which always contains it."""

    score: float
    lo: float
    hi: float


class Points(Shape):
    """One term of the opportunity score: measured, placed in its market, weighed, and the points that it gives.

    `normalised` is the market's percentile of `raw` (0 to 1), `weight` the term's share of the opportunity score
    (a negative one counts against it; sizes of all sum to 1), `points` = 100 * weight * (normalised - 0.5), rounded
    towards zero to 1/1024. A term that could not be measured has no `raw` and takes no weight. `reference` is the
    sha256 of the market's quantiles.
    """

    name: str
    group: Group
    raw: float | None = None
    unit: str
    normalised: float | None = None
    weight: float
    points: float
    reference: str | None = None


class Gate(Shape):
    """A condition that caps the opportunity score; `passed` absent: its fact is not known.

    `points` is what it takes off, never above 0. `at_least` tells whether `limit` is the least that passes, or what
    the value must stay below.
    """

    name: str
    value: float | None = None
    limit: float
    at_least: bool = True
    cap: float
    passed: bool | None = None
    points: float = 0.0


class Evidence(Shape):
    """What a score must stand on: `value` (absent: not known) of a fact, and the `least` that is enough."""

    fact: str
    value: float | None = None
    least: float
    enough: bool


class Score(Shape):
    """The scores of one niche as of one day, under one model.

    `base` is the score of a niche in the middle of its market; base + points of all terms + points of all gates is
    the opportunity score, exactly and in any order, since all are multiples of 1/1024. `missing` names weighed terms
    that were not known, `doubts` says by code why the confidence is not high, `reasons` why nothing was scored: facts
    of which there is too little (see `evidence`), or `growth_terms`, `entry_terms` where no term of a score is known.
    An insufficient niche has no score at all.
    """

    id: str
    analysis_id: str
    niche_id: str
    niche_name: str
    market: str
    run_id: str
    as_of: date
    model: str
    growth: Estimate | None = None
    entry: Estimate | None = None
    opportunity: Estimate | None = None
    verdict: Verdict
    confidence: Confidence
    base: float | None = None
    terms: tuple[Points, ...] = ()
    gates: tuple[Gate, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class OpportunityScored(Event):
    """A niche has its scores; beside them what a leaderboard's row shows."""

    score: Score
    currency: str
    revenue_8w: float | None = None
    sellers: float | None = None
    hhi: float | None = None
    flags: tuple[RedFlag, ...] = ()
    opportunities_count: int = 0


class OpportunityFailed(Failed):
    """A niche could not be scored."""

    niche_id: str
    analysis_id: str
