"""The table: medians and spread of each contender, and ours over each peer, round by round."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from statistics import median

from bench.relay.crash import Losses
from bench.relay.measure import Figures

Rounds = Mapping[str, Sequence[Figures]]
_HEAD = ("", "events/s", "spread", "us CPU/event", "spread", "scout is", "by round", "lost", "repeated")


def machine() -> str:
    """Where it was measured: cores, how busy they were before it began, and the versions that ran."""
    load, python = os.getloadavg()[0], platform.python_version()
    return ", ".join((f"{os.cpu_count()} cores", f"load {load:.1f} before it began", f"Python {python}", *_versions()))


def table(rounds: Rounds, ours: str) -> str:
    """Every contender's line; "scout is" compares rates within each round, so that a slow moment counts for both."""
    rows = [_HEAD, *(_row(name, figures, rounds[ours]) for name, figures in rounds.items())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join(_line(row, widths) for row in rows)


def losses(found: Losses) -> str:
    """One line about the loss test."""
    return (
        f"{found.kills} x kill -9 among {found.events:,} events: {found.lost} lost, {found.dead} dead letters, "
        f"{found.repeated} told twice (same id)"
    )


def _versions() -> Iterator[str]:
    for name in ("celery", "faststream", "dramatiq"):
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:  # a run without peers needs none
            continue


def _row(name: str, figures: Sequence[Figures], ours: Sequence[Figures]) -> tuple[str, ...]:
    rates, cpu = [one.rate for one in figures], [one.cpu for one in figures]
    ratios = [mine.rate / one.rate for mine, one in zip(ours, figures, strict=True)]
    same = figures is ours
    return (
        name,
        f"{median(rates):,.0f}",
        f"{min(rates):,.0f}-{max(rates):,.0f}",
        f"{median(cpu):,.0f}",
        f"{min(cpu):,.0f}-{max(cpu):,.0f}",
        "" if same else f"{median(ratios):.2f}x",
        "" if same else " ".join(_each(ratios)),
        str(sum(one.lost for one in figures)),
        str(sum(one.repeated for one in figures)),
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    figures = (f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
    return "  ".join((f"{row[0]:<{widths[0]}}", *figures)).rstrip()


def _each(ratios: Sequence[float]) -> Iterator[str]:
    return (f"{ratio:.2f}" for ratio in ratios)
