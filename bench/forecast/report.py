"""The table of a forecast contest: our lines, what was published, and where the time went."""

import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from bench.forecast.contest import LEVELS, Line

_HEAD = ("", "sMAPE", "MASE", "OWA", *(f"in {level} %" for level in LEVELS), "series/s")


def table(lines: Sequence[Line]) -> str:
    """A line for each method, figures aligned; what a method does not have stays empty."""
    rows = [_HEAD, *map(_row, lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join(_aligned(row, widths) for row in rows)


def stages(seconds: Mapping[str, float]) -> str:
    """Where the time went, in one line."""
    return ", ".join(f"{name} {spent:.1f} s" for name, spent in seconds.items())


def machine() -> str:
    """Where it was measured, and the versions that ran."""
    versions = (f"{name} {version(name)}" for name in ("numpy", "scikit-learn"))
    load = f"load {os.getloadavg()[0]:.1f} before it began"
    return ", ".join((f"one of {os.cpu_count()} cores", load, f"Python {platform.python_version()}", *versions))


def _row(line: Line) -> tuple[str, ...]:
    shares = [f"{100 * share:.1f}" for share in line.held] or [""] * len(LEVELS)
    speed = "" if line.speed is None else f"{line.speed:,.0f}"
    of = line.score
    return (line.name, f"{of.smape:.3f}", f"{of.mase:.3f}", f"{of.owa:.3f}", *shares, speed)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    figures = (f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
    return "  ".join((f"{row[0]:<{widths[0]}}", *figures)).rstrip()
