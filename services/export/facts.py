"""Tables of facts: one measured thing a row, each in its own unit."""

from dataclasses import dataclass
from datetime import date

from contracts.message import Shape
from services.export.tables import Column, Kind, Quantity, Row, Value

COLUMNS = (
    Column(key="fact", kind="code", words="fact", width=44),
    Column(key="value", kind="own", width=14),
    Column(key="lo", kind="own", part_of="value"),
    Column(key="hi", kind="own", part_of="value"),
    Column(key="unit", kind="code", words="unit", on_page=False, width=12),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One measured thing, with the ends of its interval where it has one."""

    name: str
    value: float | date | None
    kind: Kind
    digits: int = 0
    lo: float | None = None
    hi: float | None = None


def known(found: Shape | None, field: str) -> float | None:
    """A number of a finding; `None` where the finding or the number is not known."""
    value: float | None = None if found is None else getattr(found, field)
    return value


def bounded(name: str, found: Shape | None, kind: Kind, digits: int = 0, field: str = "value") -> Fact:
    """The fact that a finding with `lo` and `hi` tells."""
    return Fact(name, known(found, field), kind, digits, known(found, "lo"), known(found, "hi"))


def fact_rows(*facts: Fact) -> tuple[Row, ...]:
    """The rows of a table of facts. What is not known stays in it, so that a reader sees that it is not."""
    return tuple(_row(fact) for fact in facts)


def _row(fact: Fact) -> Row:
    row: dict[str, Value] = {"fact": fact.name, "value": None, "unit": fact.kind}
    for key, value in (("value", fact.value), ("lo", fact.lo), ("hi", fact.hi)):
        if value is not None:
            row[key] = value if isinstance(value, date) else Quantity(value, fact.kind, fact.digits)
    return row
