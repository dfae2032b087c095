"""The model of a score: what each term weighs, what caps it, and the market that it is measured against."""

import hashlib
import json
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from contracts.message import Event, FileRef, Input, Sha256, Shape
from contracts.toml_file import read_as, unknown
from contracts.weights_file import WeightsError, weights_form

__all__ = [
    "FACTS",
    "QUANTILES",
    "SHIPPED_WEIGHTS",
    "TERMS",
    "GateRule",
    "Mix",
    "Model",
    "ModelActivated",
    "Reference",
    "Thresholds",
    "Weights",
    "WeightsError",
    "model_id",
    "parse_weights",
    "shipped_weights",
]

SHIPPED_WEIGHTS = Path(__file__).with_name("weights.toml")
"""The weights that count where nobody chose others."""

TERMS = (
    "forecast_growth",
    "momentum_4w",
    "momentum_8w",
    "level",
    "revenue_per_listing",
    "revenue_per_seller",
    "concentration",
)
"""Every term that an analysis measures."""

FACTS = (
    "weeks",
    "observation_days",
    "rows",
    "freshness",
    "revenue_8w",
    "products",
    "products_with_sales",
    "active_share",
    "units_8w",
    "spike_share",
    "sellers",
    "brands",
    "cr4",
    "newcomer_share",
    "hhi",
)
"""Every fact that an analysis states, where it knows it; gates and evidence look at these."""

QUANTILES = 101


def _rising(values: tuple[float, ...]) -> tuple[float, ...]:
    if any(after < before for before, after in pairwise(values)):
        raise ValueError("quantiles must not fall: sort them")
    return values


def _fact(name: str) -> str:
    if name not in FACTS:
        raise ValueError(f"no analysis states the fact {name}, so it could never be checked; {unknown(name, FACTS)}")
    return name


def _term(name: str) -> str:
    if name not in TERMS:
        raise ValueError(f"no analysis measures the term {name}, so it could not be weighed; {unknown(name, TERMS)}")
    return name


def _some(weights: dict[str, float]) -> dict[str, float]:
    if not any(weights.values()):
        raise ValueError("all weights are 0, so there is nothing to score by; give one term another weight")
    return weights


def _part(weight: float) -> float:
    if weight < 0:
        raise ValueError(
            f"{weight} is negative: a good score would make a niche worse, against what the backtest tests; "
            "use 0 to leave it out"
        )
    return weight


Quantiles = Annotated[tuple[float, ...], Field(min_length=QUANTILES, max_length=QUANTILES), AfterValidator(_rising)]
TermName = Annotated[str, AfterValidator(_term)]
FactName = Annotated[str, AfterValidator(_fact)]
TermWeights = Annotated[dict[TermName, float], AfterValidator(_some)]
Part = Annotated[float, AfterValidator(_part)]
Score100 = Annotated[float, Field(ge=0, le=100)]


class Reference(Shape):
    """A market's distribution of each term: the 0th to 100th percentile over its `niches` eligible niches."""

    market: str
    as_of: date
    niches: int
    terms: dict[str, Quantiles]


class Mix(Input):
    """How the opportunity score weighs the growth and the entry score; only their ratio counts."""

    growth: Part
    entry: Part

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.growth + self.entry:
            raise ValueError("growth and entry are both 0, so there is no opportunity score; give one of them 1")
        return self


class Thresholds(Input):
    """`enter`: the least lower end of the opportunity's interval, with all gates passed; `watch`: the least score."""

    enter: Score100
    watch: Score100

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.watch > self.enter:
            raise ValueError(
                f"watch = {self.watch:g} is above enter = {self.enter:g}: a niche could be good enough to enter "
                "and not to watch; lower watch"
            )
        return self


class GateRule(Input):
    """Caps the opportunity score at `cap` unless `fact` is at least `min`, or below `max`."""

    name: str
    fact: FactName
    min: float | None = None
    max: float | None = None
    cap: Score100

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.min is None) == (self.max is None):
            how = "neither min nor max" if self.min is None else "both min and max"
            raise ValueError(f"the gate {self.name} has {how}, so its condition is not clear; give exactly one of them")
        return self

    @property
    def limit(self) -> float:
        """The one limit of the gate."""
        return self.max if self.min is None and self.max is not None else self.min or 0.0


class Weights(Input):
    """Weights and gates. A negative weight turns a term round; sizes within [growth] and [entry] count as shares."""

    growth: TermWeights
    entry: TermWeights
    opportunity: Mix
    verdict: Thresholds
    evidence: dict[FactName, float] = Field(default_factory=dict)
    gates: tuple[GateRule, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [gate.name for gate in self.gates]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two gates are named {name}, so nobody could tell which one failed; rename one")
        return self

    @property
    def id(self) -> str:
        """The sha256 of what the weights say; comments and the order of terms do not change it."""
        return _digest(self.model_dump(mode="json", exclude_none=True))


class Model(Shape):
    """Weights against one market's reference; a score names its model by `id` (see `model_id`)."""

    id: Sha256
    weights: Weights
    reference: Sha256
    activated_at: datetime | None = None


class ModelActivated(Event):
    """A market is scored by the weights in this file from now on."""

    market: str
    model: FileRef


def model_id(weights: Weights, reference: str) -> str:
    """The sha256 of weights, gates and reference (given by its own sha256)."""
    return _digest([weights.id, reference])


def parse_weights(text: str) -> Weights:
    """Read a weight file; raises `WeightsError` that names line and key, what is wrong, why, and what to do."""
    return read_as(Weights, text, weights_form(_KEYS))


@cache
def shipped_weights() -> Weights:
    """The weights that Scout comes with."""
    return parse_weights(SHIPPED_WEIGHTS.read_text(encoding="utf-8"))


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


_KEYS = {
    "": tuple(Weights.model_fields),
    "opportunity": tuple(Mix.model_fields),
    "verdict": tuple(Thresholds.model_fields),
    "gates": tuple(GateRule.model_fields),
}
