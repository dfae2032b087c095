"""What a score means in a word, and how far to trust it."""

from collections.abc import Sequence

from contracts.model import Thresholds
from contracts.score import Confidence, Estimate, Gate, Verdict

WIDE = 20.0
"""An 80 % interval wider than this reaches from the middle of the market well into its better or worse half."""
POOR_DATA = ("short_history", "stale", "gaps")
"""Flags of data quality that make a score doubtful; others only say what could not be measured."""


def verdict(opportunity: Estimate | None, gates: Sequence[Gate], limits: Thresholds) -> Verdict:
    """Enter when no gate failed and even the lower end is high; watch when the score is high; else avoid.

    Without a score: insufficient.
    """
    if opportunity is None:
        return "insufficient"
    if opportunity.lo >= limits.enter and all(gate.passed is not False for gate in gates):
        return "enter"
    return "watch" if opportunity.score >= limits.watch else "avoid"


def doubts(
    opportunity: Estimate,
    *,
    drawn: bool,
    missing: Sequence[str],
    gates: Sequence[Gate],
    quality_flags: Sequence[str],
    red_flags: Sequence[str],
) -> tuple[str, ...]:
    """Why a score might mislead, by code; `drawn` says that its interval comes from draws."""
    found = []
    if missing:
        found.append("missing_terms")
    if not drawn:
        found.append("no_interval")
    elif opportunity.hi - opportunity.lo > WIDE:
        found.append("wide_interval")
    if any(gate.passed is None for gate in gates):
        found.append("unknown_gates")
    found += [flag for flag in POOR_DATA if flag in quality_flags]
    if "spike" in red_flags:
        found.append("spike")
    return tuple(found)


def confidence(of: Sequence[str]) -> Confidence:
    """High without a doubt, medium with one, low with more or without an interval."""
    if not of:
        return "high"
    return "medium" if len(of) == 1 and "no_interval" not in of else "low"
