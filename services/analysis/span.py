from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a market has observations of, and the Mondays of weeks inside it without a single one."""

    first: date
    last: date
    gaps: tuple[date, ...] = ()
