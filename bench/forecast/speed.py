"""`just bench forecast-speed`: our fast tier and statsforecast's Theta on the same weekly series, one core, in turn.

The series are windows of 260 weeks of M4 Weekly: the end of the training part of every series that is long enough, then
what lies before, until there are 1,000. The 13 weeks behind a window, for the first the competition's test part, score
its forecast. No setting of the fast tier was chosen on any of these (services/analysis/forecasting/smoothing.py says on
what); both are told a season of 52.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from statistics import median

import numpy as np

from bench.forecast.data import DataAbsent, Floats, Task, m4_weekly
from bench.forecast.metrics import Score, score
from bench.forecast.naive import naive2
from services.analysis.forecasting.fast import fast

OURS, THEIRS = "scout fast", "statsforecast Theta"
_HEAD = ("", "seconds", "spread", "series/s", "sMAPE", "MASE", "OWA", "scout is", "by round")

Method = Callable[[Task], Floats]
Rounds = Mapping[str, Sequence[float]]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print one table and answer 0; 1 where the data are not there."""
    parser = argparse.ArgumentParser(prog="just bench forecast-speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each runs (default 5)")
    parser.add_argument("--series", type=int, default=1_000, help="series in a round (default 1000)")
    parser.add_argument("--periods", type=int, default=260, help="weeks of each (default 260)")
    options = parser.parse_args(argv)
    try:
        task = windows(m4_weekly(), options.series, options.periods)
    except DataAbsent as exc:
        sys.stderr.write(f"bench: {exc}\n")
        return 1
    print(f"{_machine()}\n{task.name}\n", flush=True)
    rounds, scores = measure(task, max(options.rounds, 1), _say)
    print(table(rounds, scores, len(task.ids)), flush=True)
    return 0


def windows(task: Task, n: int, periods: int) -> Task:
    """Windows of so many periods, with the horizon behind each as its test part: ends first, and none overlaps."""
    whole, size = np.hstack([task.train, task.test]), periods + task.horizon
    found, ids = [], []
    for back in range(whole.shape[1] // size):
        cut = whole[:, whole.shape[1] - (back + 1) * size :][:, :size]
        for row in np.flatnonzero(~np.isnan(cut).any(axis=1)):
            found.append(cut[row])
            ids.append(f"{task.ids[row]}-{back}")
    y = np.array(found[:n]).reshape(-1, size)
    name = f"{len(y):,} windows of {periods} periods of {task.name}"
    return Task(name, tuple(ids[:n]), y[:, :periods], y[:, periods:], task.season, task.naive_season)


def measure(task: Task, rounds: int, say: Callable[[str], None]) -> tuple[Rounds, dict[str, Score]]:
    """Seconds of each contender by round, on one core, and their scores; who begins changes from round to round."""
    methods: list[tuple[str, Method]] = [(OURS, _ours), (THEIRS, _theirs())]
    seconds: dict[str, list[float]] = {name: [] for name, _ in methods}
    base = naive2(task.train, task.horizon, task.naive_season)
    scores: dict[str, Score] = {}
    with _one_core():
        for number in range(rounds):
            for name, method in methods if number % 2 == 0 else methods[::-1]:
                began = time.perf_counter()
                made = method(task)
                seconds[name].append(time.perf_counter() - began)
                scores[name] = score(task, made, base)
                say(f"round {number + 1} of {rounds}, {name}: {seconds[name][-1]:.2f} s")
    return seconds, scores


def table(rounds: Rounds, scores: Mapping[str, Score], series: int) -> str:
    """Every contender's line; "scout is" compares seconds within each round, so that a slow moment counts for both."""
    rows = [_HEAD, *(_row(name, taken, rounds[OURS], scores[name], series) for name, taken in rounds.items())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _row(name: str, taken: Sequence[float], ours: Sequence[float], of: Score, series: int) -> tuple[str, ...]:
    times = [theirs / mine for theirs, mine in zip(taken, ours, strict=True)]
    beside = ("", "") if name == OURS else (f"{median(times):.1f}x", " ".join(f"{each:.1f}" for each in times))
    middle = median(taken)
    return (
        name,
        f"{middle:.2f}",
        f"{min(taken):.2f}-{max(taken):.2f}",
        f"{series / middle:,.0f}",
        f"{of.smape:.2f}",
        f"{of.mase:.3f}",
        f"{of.owa:.3f}",
        *beside,
    )


def _ours(task: Task) -> Floats:
    return fast(task.train, task.horizon, task.season)


def _theirs() -> Method:
    """Their model called by itself: no frame is built around it, and none of its start is timed."""
    from statsforecast.models import Theta  # noqa: PLC0415 - seconds to import, and only this benchmark needs it

    model = Theta(season_length=52)
    model.forecast(y=np.arange(1.0, 200.0), h=13)

    def run(task: Task) -> Floats:
        model.season_length = task.season
        return np.stack([model.forecast(y=row, h=task.horizon)["mean"] for row in task.train])

    return run


@contextmanager
def _one_core() -> Iterator[None]:
    """This process on one core of those that it may use, where the system can say so."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _machine() -> str:
    versions = (f"{name} {version(name)}" for name in ("numpy", "statsforecast"))
    load = f"load {os.getloadavg()[0]:.1f} before it began"
    return ", ".join((f"one of {os.cpu_count()} cores", load, f"Python {platform.python_version()}", *versions))


def _say(line: str) -> None:
    sys.stderr.write(f"bench: {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
