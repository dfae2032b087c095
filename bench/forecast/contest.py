"""Our tiers on one competition's series: forecasts, bands, scores, and the seconds of every stage."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench.forecast.data import Floats, Task
from bench.forecast.metrics import Score, held, score
from bench.forecast.naive import naive2
from services.analysis.forecasting import conformal, deep
from services.analysis.forecasting.fast import fast, rolling

FAST, DEEP, NAIVE2 = "scout fast", "scout deep", "our Naive2"
LEVELS = (80, 95)

_KNOWN = 34
"""Errors before the last horizon that the fast tier's bands want: 8 for a series' size, then its last 26."""


@dataclass(frozen=True)
class Line:
    """What one method reached; `held` are its bands' coverages by `LEVELS`, absent where it has no bands."""

    name: str
    score: Score
    held: tuple[float, ...] = ()
    speed: float | None = None


@dataclass
class Clock:
    """Seconds by stage, in the order in which they ran; each is told as it begins."""

    say: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what runs in it."""
        self.say(name)
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began

    def speed(self, series: int, *stages: str) -> float:
        """Series a second over these stages together."""
        return series / sum(self.seconds[name] for name in stages)


def contest(task: Task, base: Floats, clock: Clock) -> list[Line]:
    """Our lines: both tiers with their bands, the deep tier's members, and Naive2; `base` is what OWA is against."""
    train, horizon, season, n = task.train, task.horizon, task.season, len(task.ids)
    with clock.stage("fast: forecast"):
        quick = fast(train, horizon, season)
    with clock.stage("fast: bands"):
        past = conformal.misses(train, rolling(train, horizon, season, _KNOWN + horizon + 1))
        quick_widths = conformal.bands(past)
    with clock.stage("deep: learn"):
        learnt = deep.Deep.train(train, horizon, season)
    with clock.stage("deep: forecast"):
        members = {name: made[:, 0] for name, made in learnt.members(train, horizon).items()}
        slow = deep.combined(members)
    with clock.stage("deep: bands"):
        slow_widths = deep.bands(train, horizon, season)
    return [
        Line(FAST, score(task, quick, base), _held(task, quick, quick_widths), clock.speed(n, "fast: forecast")),
        Line(
            DEEP,
            score(task, slow, base),
            _held(task, slow, slow_widths),
            clock.speed(n, "deep: learn", "deep: forecast"),
        ),
        *(Line(f"  its member {name}", score(task, made, base)) for name, made in members.items()),
        Line(NAIVE2, score(task, naive2(train, horizon, task.naive_season), base)),
    ]


def _held(task: Task, made: Floats, widths: Floats) -> tuple[float, ...]:
    """Coverage of the test part by level; a series without bands counts as missed."""
    return tuple(
        held(task.test, made - widths[:, :, place], made + widths[:, :, place])
        for place in map(conformal.LEVELS.index, LEVELS)
    )
