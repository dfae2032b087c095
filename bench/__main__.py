"""`just bench NAME`: makes .venv-bench, which holds what we are compared to, and runs a benchmark in it."""

import os
import subprocess
import sys
from pathlib import Path

from bench.venv import ready

ROOT = Path(__file__).parents[1]
BENCHMARKS = {
    "relay": ("bench.relay",),
    "features": ("bench.features",),
    "forecast-m4": ("bench.forecast", "m4"),
    "forecast-m3": ("bench.forecast", "m3"),
    "forecast-speed": ("bench.forecast.speed",),
}
"""The module that each name starts, and its first words."""


def main() -> None:
    """Become the benchmark that the first word names; the others are its own options."""
    name, *options = sys.argv[1:] or [""]
    if name not in BENCHMARKS:
        sys.stderr.write(f"just bench {{{','.join(BENCHMARKS)}}} [--help]\n")
        raise SystemExit(2)
    try:
        python = ready(ROOT)
    except subprocess.CalledProcessError as exc:
        raise SystemExit(f"bench: .venv-bench could not be made ({exc}); why is above. Run it again.") from exc
    os.chdir(ROOT)
    os.execv(python, [python, "-m", *BENCHMARKS[name], *options])  # noqa: S606 - our own benchmark


if __name__ == "__main__":
    main()
