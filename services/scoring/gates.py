"""Gates cap a score, evidence allows one."""

from collections.abc import Mapping, Sequence
from math import exp

from contracts.model import GateRule, Reference
from contracts.score import Evidence, Gate
from services.scoring.estimate import grain_down

WEEKS = 8
NEARLY = 1e-9
"""The market's smallest niche is not below itself because a sum was taken in another order."""


def gates(rules: Sequence[GateRule], facts: Mapping[str, float], score: float | None) -> tuple[Gate, ...]:
    """Each gate in order, and what it takes off the score that the gates before it left.

    Without a score, and where a fact is not known, a gate takes off nothing.
    """
    found = []
    left = score
    for rule in rules:
        value = facts.get(rule.fact)
        passed = _passes(rule, value) if value is not None else None
        points = 0.0
        if passed is False and left is not None and left > rule.cap:
            points = grain_down(rule.cap) - left
            left += points
        found.append(
            Gate(
                name=rule.name,
                value=value,
                limit=rule.limit,
                at_least=rule.min is not None,
                cap=rule.cap,
                passed=passed,
                points=points,
            )
        )
    return tuple(found)


def evidence(
    least: Mapping[str, float], facts: Mapping[str, float], level: float | None, reference: Reference
) -> tuple[Evidence, ...]:
    """What the score must stand on, fact by fact; one that is not known is not enough.

    Last comes the revenue of eight weeks, where the market's reference has a level: a niche smaller than each that
    the market's percentiles and its backtest come from would be compared with others than its like. `level` is the
    log of the niche's mean weekly revenue.
    """
    asked = [
        Evidence(fact=fact, value=(value := facts.get(fact)), least=limit, enough=value is not None and value >= limit)
        for fact, limit in least.items()
    ]
    if levels := reference.terms.get("level"):
        sold = WEEKS * exp(level) if level is not None else None
        enough = level is not None and level >= levels[0] - NEARLY
        asked.append(Evidence(fact="revenue_8w", value=sold, least=WEEKS * exp(levels[0]), enough=enough))
    return tuple(asked)


def _passes(rule: GateRule, value: float) -> bool:
    return value >= rule.limit if rule.min is not None else value < rule.limit
