"""How far a work is, on stderr: a bar on a terminal, elsewhere a line now and then."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from services.cli.figures import seconds
from services.cli.texts import say, word

_STEP = 0.1
_SILENCE = 5.0


class Meter(Protocol):
    """Something that is told how far a work is."""

    def tell(self, done: int, total: int | None, unit: str = "", stage: str | None = None) -> None:
        """So many of so many are done, and `stage` is under way; without a `total` only time passes."""


class _Bar:
    """A bar of rich."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def tell(self, done: int, total: int | None, unit: str = "", stage: str | None = None) -> None:
        text = _counted(done, total, unit, stage)
        self._progress.update(self._task, completed=done, total=total, counted=text)


class Lines:
    """A line at most every tenth of the way, and one at least every five seconds, so that a log stays short."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._started = self._told = time.monotonic()
        self._share = 0.0

    def tell(self, done: int, total: int | None, unit: str = "", stage: str | None = None) -> None:
        now = time.monotonic()
        share = done / total if total else 0.0
        if share < 1 and share - self._share < _STEP and now - self._told < _SILENCE:
            return
        if share >= 1 and self._share >= 1:
            return
        self._told, self._share = now, share
        text = _counted(done, total, unit, stage)
        click.echo(", ".join(filter(None, (self._label, text, seconds(now - self._started)))), err=True)


class _Silent:
    """Says nothing."""

    def tell(self, done: int, total: int | None, unit: str = "", stage: str | None = None) -> None:
        del done, total, unit, stage


def _counted(done: int, total: int | None, unit: str, stage: str | None) -> str:
    if not total:
        return ""
    counted = say("progress.of", done=done, total=total, unit=word("unit", unit)).strip()
    return f"{counted}: {word('stage', stage)}" if stage else counted


@contextmanager
def meter(label: str, *, quiet: bool = False) -> Iterator[Meter]:
    """Show on stderr how far a work is, until the block ends."""
    if quiet:
        yield _Silent()
    elif not (sys.stderr.isatty() and os.environ.get("TERM") != "dumb"):
        yield Lines(label)
    else:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[counted]}", markup=False),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield _Bar(progress, progress.add_task(label, total=None, counted=""))
