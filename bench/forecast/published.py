"""What others reached on the same series, computed from the published files in the same run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bench.forecast.contest import Line
from bench.forecast.data import Floats, Task, m3_monthly, m3_published, m4_published, m4_weekly
from bench.forecast.metrics import Score, score
from bench.forecast.naive import naive2


@dataclass(frozen=True)
class Contest:
    """A competition's task, the forecasts that OWA is against [series, horizon], and others' lines."""

    task: Task
    base: Floats
    lines: list[Line]


def m4(data: Path, only: int | None, inner: bool) -> Contest:  # noqa: FBT001 - a command line's flag
    """M4 Weekly; what was published are scores over all 359 series."""
    whole = m4_weekly(data)
    task = whole.cut(only)
    if inner:
        task = task.inner()
    base = naive2(task.train, task.horizon, task.naive_season)
    return Contest(task, base, [] if inner else _m4_lines(m4_published(data), len(whole.ids)))


def m3(data: Path, only: int | None, inner: bool) -> Contest:  # noqa: FBT001 - a command line's flag
    """M3 Monthly; what was published are forecasts, of which scores are computed like ours, against their Naive2."""
    task = m3_monthly(data).cut(only)
    if inner:
        task = task.inner()
        return Contest(task, naive2(task.train, task.horizon, task.naive_season), [])
    forecasts = m3_published(task, data)
    base = forecasts["NAIVE2"]
    scores = {name: score(task, made, base) for name, made in forecasts.items()}
    best = min(scores, key=lambda name: scores[name].owa)
    chosen = {
        f"best of {len(scores)} published: {best}": best,
        "published Theta (winner overall)": "THETA",
        "published Comb S-H-D": "COMB S-H-D",
        "published Naive2": "NAIVE2",
    }
    return Contest(task, base, [Line(label, scores[name]) for label, name in chosen.items()])


CONTESTS: dict[str, Callable[[Path, int | None, bool], Contest]] = {"m4": m4, "m3": m3}


def _m4_lines(frame: pl.DataFrame, series: int) -> list[Line]:
    """The best on weekly series, the winner over all of M4, and the two benchmarks that everyone knows."""
    best, winner = frame.row(0, named=True), frame.sort("total").row(0, named=True)
    named = {row["method"]: row for row in frame.iter_rows(named=True)}
    chosen = {
        f"best of {frame.height} published: {best['who']}": best,
        f"winner overall: {winner['who']}": winner,
        "published Theta": named["Theta"],
        "published Comb S-H-D": named["Com"],
        "published Naive2": named["Naive2"],
    }
    return [
        Line(f"{label} (all {series})", Score(row["smape"], row["mase"], row["owa"])) for label, row in chosen.items()
    ]
