"""Niches that scoring tests judge: a market in which every term runs evenly from 0 to 1."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.analysis import AnalysisCompleted, RedFlag, Term
from contracts.model import TERMS, Reference, Weights, shipped_weights
from tests.examples import analysis_completed

EVEN = tuple(place / 100 for place in range(101))
REFERENCE = Reference(market="shop", as_of=date(2017, 11, 5), niches=101, terms=dict.fromkeys(TERMS, EVEN))
"""A raw value is its own percentile."""
ENOUGH = {"weeks": 44.0, "active_share": 1.0, "products_with_sales": 20.0}
OPEN_GATES = {"sellers": 12.0, "hhi": 0.2, "newcomer_share": 0.1}


def niche(
    terms: Mapping[str, float | None] | None = None,
    facts: Mapping[str, float] = ENOUGH | OPEN_GATES,
    spread: float = 0.05,
    **fields: Any,
) -> AnalysisCompleted:
    """A niche with these terms (others in the middle), 200 draws around each, and these facts."""
    raw = dict.fromkeys(TERMS, 0.5) | dict(terms or {})
    steps = [spread * (step - 99.5) / 100 for step in range(200)]
    usual: dict[str, Any] = {
        "terms": tuple(Term(name=name, raw=value, unit="log ratio") for name, value in raw.items()),
        "draws": {name: tuple(value + step for step in steps) for name, value in raw.items() if value is not None},
        "facts": dict(facts),
    }
    return analysis_completed(**(usual | fields))


def spiking() -> tuple[RedFlag, ...]:
    """Two weeks hold most of eight."""
    return (RedFlag(code="spike", value=0.6, limit=0.5),)


def weights(**sections: Any) -> Weights:
    """The shipped weights with other sections."""
    return shipped_weights().model_copy(update=sections)
