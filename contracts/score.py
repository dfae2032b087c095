"""Scores: how good a niche is, in points that add up, with the claims that a backtest tests."""

from datetime import date
from typing import Literal

from contracts.analysis import RedFlag
from contracts.message import Event, Failed, Shape

Verdict = Literal["enter", "watch", "avoid", "insufficient"]


class Estimate(Shape):
    """A score from 0 to 100 with its 80 % interval."""

    score: float
    lo: float
    hi: float


class Points(Shape):
    """One term of a score: measured, normalised against the market (0 to 1), weighed, and the points it gives."""

    name: str
    group: Literal["growth", "entry"]
    raw: float | None = None
    unit: str
    normalised: float | None = None
    weight: float
    points: float
    reference: str | None = None


class Gate(Shape):
    """A condition that caps a score; `passed` absent: its fact is not known. `points` is never above 0."""

    name: str
    value: float | None = None
    limit: float
    cap: float
    passed: bool | None = None
    points: float = 0.0


class Score(Shape):
    """The scores of one niche as of one day, under one model."""

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
    confidence: Literal["high", "medium", "low"]
    terms: tuple[Points, ...] = ()
    gates: tuple[Gate, ...] = ()
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
