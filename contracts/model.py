"""The model of a score."""

from datetime import date

from contracts.message import Event, FileRef, Shape


class Reference(Shape):
    """A market's distribution of each term: 101 quantiles over its eligible niches."""

    market: str
    as_of: date
    niches: int
    terms: dict[str, tuple[float, ...]]


class ModelActivated(Event):
    """A market is scored by this model from now on."""

    market: str
    model: FileRef
