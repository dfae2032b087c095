"""The geometry of the demand chart: history, the forecast's median, and its bands, opening from the last known week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log10

from services.export.numbers import month
from services.export.tables import Row, Section
from services.export.words import Voice

LEFT, RIGHT, TOP, BOTTOM = 64.0, 70.0, 22.0, 24.0
LEVELS = (95, 80, 50)
WIDEST = 95
TALLEST = 2.0
"""The widest band may make the scale this much taller than all the rest; what lies above is cut off and said."""
LINES = 4
LABEL_GAP = 13.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of the picture and how many months its axis has room for; pages show one or the other."""

    name: str
    width: float
    height: float
    months: int


BROAD, NARROW = Frame("broad", 1120.0, 300.0, 9), Frame("narrow", 420.0, 260.0, 4)


@dataclass(frozen=True, slots=True)
class Label:
    """A word at a place."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Fan:
    """Everything to draw, in the units of the picture; lines are SVG point lists."""

    name: str
    width: float
    height: float
    right: float
    bottom: float
    history: str
    median: str
    bands: tuple[tuple[int, str], ...]
    grid: tuple[Label, ...]
    months: tuple[Label, ...]
    ends: tuple[tuple[Label, str], ...]
    known: float
    known_text: str
    axis: str
    left: float = LEFT
    top: float = TOP


def fans(section: Section, voice: Voice, known_on: date) -> tuple[Fan, ...]:
    """The chart of a demand table in both sizes; none under two known weeks."""
    made = (fan(section, voice, known_on, frame) for frame in (BROAD, NARROW))
    return tuple(chart for chart in made if chart is not None)


def fan(section: Section, voice: Voice, known_on: date, frame: Frame = BROAD) -> Fan | None:
    """The chart of a demand table; `None` under two known weeks."""
    past = [(_day(row), _value(row, "revenue")) for row in section.rows if row.get("revenue") is not None]
    ahead = [row for row in section.rows if row.get("p50") is not None]
    if len(past) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    days = [day for day, _ in past] + [_day(row) for row in ahead]
    keys = ("p50", *(f"hi{level}" for level in LEVELS if level != WIDEST))
    most = max([value for _, value in past] + [_value(row, key) for row in ahead for key in keys])
    widest = max((_value(row, f"hi{WIDEST}") for row in ahead), default=0.0)
    most = max(most, min(widest, TALLEST * most))
    right, bottom = frame.width - RIGHT, frame.height - BOTTOM
    step = nice_step(most / LINES)
    top = max(step, step * -(-most // step))
    span = max(1, (days[-1] - days[0]).days)

    def x(day: date) -> float:
        return LEFT + (right - LEFT) * (day - days[0]).days / span

    def y(value: float) -> float:
        return bottom - (bottom - TOP) * min(value, top) / top

    start = past[-1]
    median = [start, *((_day(row), _value(row, "p50")) for row in ahead)]
    bands = []
    for level in LEVELS:
        inside = [row for row in ahead if row.get(f"lo{level}") is not None]
        upper = [start, *((_day(row), _value(row, f"hi{level}")) for row in inside)]
        lower = [(_day(row), _value(row, f"lo{level}")) for row in reversed(inside)]
        if inside:
            bands.append((level, _points([(x(day), y(value)) for day, value in [*upper, *lower]])))
    ends = [(y(_value(ahead[-1], "p50")), voice.say("median"), "median")] if ahead else []
    ends += [
        (y(_value(ahead[-1], f"hi{level}")), _level(level, voice, over=_value(ahead[-1], f"hi{level}") > top), "band")
        for level, _ in bands
        if ahead[-1].get(f"hi{level}") is not None
    ]
    count = round(top / step)
    return Fan(
        name=frame.name,
        width=frame.width,
        height=frame.height,
        right=right,
        bottom=bottom,
        history=_points([(x(day), y(value)) for day, value in past]),
        median=_points([(x(day), y(value)) for day, value in median]) if ahead else "",
        bands=tuple(bands),
        grid=tuple(Label(y(step * n), voice.figure(step * n, "money")) for n in range(count + 1)),
        months=tuple(Label(x(day), text) for day, text in _months(days, voice, frame.months)),
        ends=_apart(ends, bottom),
        known=x(start[0]),
        known_text=voice.say("known_on", day=voice.day(known_on)),
        axis=voice.say("axis", sign=voice.sign),
    )


def _level(level: int, voice: Voice, *, over: bool) -> str:
    """The name of a band at its upper end; an arrowhead says that it goes on above the scale."""
    return f"{voice.figure(level / 100, 'share')}{' ▲' if over else ''}"


def nice_step(rough: float) -> float:
    """A round distance between grid lines, at least `rough`: 1, 2, 2.5 or 5 times a power of ten."""
    if rough <= 0:
        return 1.0
    power = 10.0 ** floor(log10(rough))
    return next((power * each for each in (1.0, 2.0, 2.5, 5.0) if power * each >= rough), power * 10)


def _months(days: Sequence[date], voice: Voice, room: int) -> list[tuple[date, str]]:
    """First days of months to write on the axis; the first one, and each January, with its year."""
    first = days[0].replace(day=1)
    starts: list[date] = []
    while first <= days[-1]:
        if first >= days[0] - timedelta(days=6):
            starts.append(max(first, days[0]))
        first = (first + timedelta(days=32)).replace(day=1)
    every = -(-len(starts) // room) or 1
    shown = starts[::every]
    return [
        (day, month(day, voice.lang, year=number == 0 or day.year != shown[number - 1].year))
        for number, day in enumerate(shown)
    ]


def _apart(ends: list[tuple[float, str, str]], bottom: float) -> tuple[tuple[Label, str], ...]:
    """Labels at the right, pushed down until none covers another, and up again at the bottom."""
    placed: list[tuple[float, str, str]] = []
    for at, text, kind in sorted(ends):
        least = placed[-1][0] + LABEL_GAP if placed else TOP
        placed.append((max(at, least), text, kind))
    over = max(0.0, placed[-1][0] - bottom) if placed else 0.0
    return tuple((Label(at - over, text), kind) for at, text, kind in placed)


def _points(of: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in of)


def _day(row: Row) -> date:
    day = row["week"]
    assert isinstance(day, date)
    return day


def _value(row: Row, key: str) -> float:
    value = row.get(key)
    return float(value) if isinstance(value, int | float) else 0.0
