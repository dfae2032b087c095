"""One side of the opportunity, growth or entry: its terms, placed in the market and weighed."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.analysis import Term
from contracts.model import Reference
from contracts.score import Estimate, Group, Points
from services.scoring.estimate import BASE, estimate, grain
from services.scoring.normalise import percentile, percentiles


@dataclass(frozen=True, slots=True)
class Side:
    """A score of its own, and `part` of the opportunity score.

    `weights` are those of the model, `shares` of the terms that are known: signed, their sizes sum to 1; empty if no
    weighed term is known. `places` are percentiles (0 to 1) of all known terms.
    """

    group: Group
    part: float
    weights: Mapping[str, float]
    places: Mapping[str, float]
    shares: Mapping[str, float]

    @property
    def missing(self) -> tuple[str, ...]:
        """Weighed terms that are not known."""
        return tuple(name for name, weight in self.weights.items() if weight and name not in self.shares)

    def total(self, part: float = 1.0) -> float:
        """What the terms add to the base of a score of which this side is `part`."""
        return sum(self._points(name, part) for name in self.shares)

    def drawn(self, draws: Mapping[str, tuple[float, ...]], reference: Reference) -> list[float]:
        """What they add in each draw; a term without draws keeps its place."""
        given = {name: draws[name] for name in self.shares if draws.get(name)}
        if not given:
            return []
        fixed = sum(100 * share * (self.places[name] - 0.5) for name, share in self.shares.items() if name not in given)
        columns = [
            [100 * self.shares[name] * (place - 0.5) for place in percentiles(values, reference.terms[name])]
            for name, values in given.items()
        ]
        return [fixed + sum(row) for row in zip(*columns, strict=False)]

    def score(self, drawn: list[float]) -> Estimate:
        """This side as a score of its own."""
        return estimate(BASE + self.total(), [BASE + points for points in drawn])

    def terms(self, measured: Mapping[str, Term], reference: str, *, scored: bool) -> tuple[Points, ...]:
        """Every term of the model on this side; those that give no points too."""
        return tuple(self._term(name, measured.get(name), reference, scored=scored) for name in self.weights)

    def _points(self, name: str, part: float) -> float:
        return grain(100 * part * self.shares.get(name, 0.0) * (self.places.get(name, 0.5) - 0.5))

    def _term(self, name: str, term: Term | None, reference: str, *, scored: bool) -> Points:
        place = self.places.get(name)
        return Points(
            name=name,
            group=self.group,
            raw=term.raw if term else None,
            unit=term.unit if term else "",
            normalised=place,
            weight=self.part * self.shares.get(name, 0.0) if scored else 0.0,
            points=self._points(name, self.part) if scored else 0.0,
            reference=reference if place is not None else None,
        )


def side(
    group: Group, part: float, weights: Mapping[str, float], measured: Mapping[str, Term], reference: Reference
) -> Side:
    """Place the terms of one side and share its weight among those that are known."""
    places = {
        name: percentile(raw, reference.terms[name])
        for name in weights
        if name in reference.terms and (term := measured.get(name)) is not None and (raw := term.raw) is not None
    }
    known = {name: weight for name, weight in weights.items() if weight and name in places}
    size = sum(abs(weight) for weight in known.values())
    shares = {name: weight / size for name, weight in known.items()}
    return Side(group=group, part=part, weights=weights, places=places, shares=shares)
