"""The geometry of the small drawings beside numbers: bars, points with whiskers, the steps of a waterfall.

All lengths are in hundredths of the drawing's width, from the left; templates turn them into SVG.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.export.tables import Column, Row, cell

WIDE = 100.0
SMALLEST = 0.5
"""Points that a gate has to take off before the score without it is drawn."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from zero, or a point on a line: `end`, its whisker, and where the score stood `before` a gate."""

    end: float
    low: float | None = None
    high: float | None = None
    before: float | None = None

    @property
    def gated(self) -> bool:
        """Whether a gate took something off."""
        return self.before is not None


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a waterfall, from `left` to `right`, the level `to` at which it hands on to the next, its whisker."""

    left: float
    right: float
    to: float
    kind: str
    last: bool
    low: float | None = None
    high: float | None = None


def bar(row: Row, column: Column, most: float = WIDE) -> Bar | None:
    """The bar or point of a cell whose scale ends at `most`; `None` where there is no value."""
    value, low, high = (_number(row, f"{column.key}{end}") for end in ("", "_lo", "_hi"))
    if value is None:
        return None
    off = _number(row, "gate_points") or 0.0
    before = _placed(value - off, most) if column.draw == "bar" and off < -SMALLEST else None
    return Bar(
        _placed(value, most),
        None if low is None else _placed(low, most),
        None if high is None else _placed(high, most),
        before,
    )


def steps(rows: Sequence[Row], column: Column) -> tuple[Step, ...]:
    """The bars of a waterfall, one a row: the first and the total start at zero, the others where the last ended.

    Points are drawn on a scale of at least 100, other sizes on one that ends at the largest; what is not known has no
    bar and leaves the level as it is.
    """
    found: list[tuple[float, float, str, tuple[float | None, float | None]]] = []
    level = 0.0
    for row in rows:
        kind = str(row.get("group"))
        size = _number(row, column.key)
        if size is None:
            found.append((level, level, "blank", (None, None)))
            continue
        start = 0.0 if kind in {"base", "total"} else level
        level = start + size
        found.append((start, level, kind, (_number(row, f"{column.key}_lo"), _number(row, f"{column.key}_hi"))))
    ends = [end for start, end, *_ in found for end in (start, end)] or [0.0]
    low, high = min(0.0, *ends), max(WIDE if column.kind == "signed" else 0.0, *ends)
    scale = WIDE / ((high - low) or WIDE)
    last = len(found) - 1
    return tuple(
        Step(
            left=(min(start, end) - low) * scale,
            right=(max(start, end) - low) * scale,
            to=(end - low) * scale,
            kind=kind,
            last=number == last,
            low=None if whisker[0] is None else (whisker[0] - low) * scale,
            high=None if whisker[1] is None else (whisker[1] - low) * scale,
        )
        for number, (start, end, kind, whisker) in enumerate(found)
    )


def largest(rows: Sequence[Row], column: Column) -> float:
    """The largest value of a column, at least a little over zero: the end of its scale."""
    return max((_number(row, column.key) or 0.0 for row in rows), default=0.0) or 1.0


def _placed(value: float, most: float) -> float:
    return min(WIDE, max(0.0, value / most * WIDE))


def _number(row: Row, key: str) -> float | None:
    value, _, _ = cell(row, Column(key=key))
    return float(value) if isinstance(value, int | float) else None
