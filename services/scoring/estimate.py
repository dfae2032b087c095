"""Numbers that add up exactly, and the interval of a score over its draws."""

from collections.abc import Sequence
from math import ceil, floor, trunc

from contracts.score import Estimate

BASE = 50.0
"""The score of a niche in the middle of its market."""
GRAIN = 1024
"""Points are multiples of 1/1024: binary fractions, so that they add up without any rounding, in any order."""
LOW, HIGH = 0.1, 0.9


def grain(points: float) -> float:
    """The nearest multiple of 1/1024 towards zero."""
    return trunc(points * GRAIN) / GRAIN


def grain_down(points: float) -> float:
    """The nearest multiple of 1/1024 that is not above."""
    return floor(points * GRAIN) / GRAIN


def quantile(ordered: Sequence[float], share: float) -> float:
    """The quantile of sorted values, linear between two of them (definition 7 of Hyndman and Fan 1996)."""
    at = share * (len(ordered) - 1)
    low = ordered[floor(at)]
    return low + (ordered[ceil(at)] - low) * (at - floor(at))


def estimate(score: float, draws: Sequence[float]) -> Estimate:
    """A score with the 10th and 90th percentile of its draws, widened to contain it; without draws, 0 to 100."""
    if not draws:
        return Estimate(score=score, lo=0.0, hi=100.0)
    ordered = sorted(draws)
    lo, hi = grain(quantile(ordered, LOW)), grain(quantile(ordered, HIGH))
    return Estimate(score=score, lo=max(0.0, min(lo, score)), hi=min(100.0, max(hi, score)))


def capped(of: Estimate, cap: float) -> Estimate:
    """The same, at most `cap`: what is true of the score under a gate is true of each of its draws."""
    most = grain_down(cap)
    return Estimate(score=min(of.score, most), lo=min(of.lo, most), hi=min(of.hi, most))
