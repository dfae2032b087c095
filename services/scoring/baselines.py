"""The scores that are tried: Scout's own, and what anyone could have guessed without it."""

from collections.abc import Mapping

import numpy as np

from contracts.backtest import Outcome
from contracts.model import Weights, shipped_weights
from services.scoring.history import History, weighed
from services.scoring.ranking import Floats

Scores = list[Floats]
"""A score at every cut: an array per cut, a value per niche."""

COMBO_JS = {"momentum_8w": 1.0, "revenue_per_seller": 1.0, "concentration": -1.0}
"""Demand over competition, as the trade has it: more momentum, more revenue per seller, less concentration."""

SHIPPED = "shipped"
BASELINES: dict[str, Mapping[str, float]] = {
    "momentum_4w": {"momentum_4w": 1.0},
    "forecast_growth": {"forecast_growth": 1.0},
    "momentum_8w": {"momentum_8w": 1.0},
    "level": {"level": 1.0},
    "revenue_per_seller": {"revenue_per_seller": 1.0},
    "combo_js": COMBO_JS,
}


def own_scores(history: History, weights: Weights) -> dict[str, Scores]:
    """Growth, entry and opportunity at every cut; gates are left out, since a past cut has no facts for them."""
    mix = weights.opportunity
    part = mix.growth / (mix.growth + mix.entry)
    growth, entry = rule(history, weights.growth), rule(history, weights.entry)
    mixed = [_mix(part, one, other) for one, other in zip(growth, entry, strict=True)]
    return {"growth": growth, "entry": entry, "opportunity": mixed}


def baselines(history: History, weights: Weights, outcome: Outcome, seed: int) -> dict[str, Scores]:
    """What a score must beat: single terms, demand over competition, a coin, and the shipped weights if not these."""
    rng = np.random.default_rng(seed)
    found = {name: rule(history, alone) for name, alone in BASELINES.items()}
    found["random"] = [rng.random(len(cut.niche)) for cut in history.cuts]
    shipped = getattr(shipped_weights(), outcome)
    return found if getattr(weights, outcome) == shipped else {SHIPPED: rule(history, shipped), **found}


def rule(history: History, weights: Mapping[str, float]) -> Scores:
    """A weighed score at every cut."""
    return [weighed(cut.places, weights) for cut in history.cuts]


def _mix(part: float, growth: Floats, entry: Floats) -> Floats:
    """Both sides; one that does not count is not asked whether it is known."""
    if part in (0.0, 1.0):
        return growth if part else entry
    return part * growth + (1 - part) * entry
