"""`just bench forecast-m4` and `forecast-m3`: our two forecast tiers on a competition's series, beside its results."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

_ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print one table and answer 0; 1 where the data are not there."""
    options = _options(argv)
    from bench.forecast import data, published, report  # noqa: PLC0415 - after the number of threads is set
    from bench.forecast.contest import Clock, contest  # noqa: PLC0415 - the same

    machine = report.machine()
    try:
        of = published.CONTESTS[options.contest](options.data or data.DATA, options.only, options.inner)
    except data.DataAbsent as exc:
        sys.stderr.write(f"bench: {exc}\n")
        return 1
    clock = Clock(lambda stage: print(f"bench: {stage}", file=sys.stderr, flush=True))
    lines = [*contest(of.task, of.base, clock), *of.lines]
    task = of.task
    print(f"{machine}\n{task.name}: {len(task.ids):,} series, {task.horizon} periods ahead, season {task.season}\n")
    print(f"{report.table(lines)}\n\n{report.stages(clock.seconds)}")
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="just bench forecast-{m4,m3}", description=__doc__)
    parser.add_argument("contest", choices=("m4", "m3"), help=argparse.SUPPRESS)
    parser.add_argument("--only", type=int, metavar="N", help="the first N series")
    parser.add_argument(
        "--inner", action="store_true", help="the hold-out within the training part, on which every setting was chosen"
    )
    parser.add_argument("--data", type=Path, help="where the data are (default ../shared/data)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    os.environ.update(_ONE_CORE)  # before polars and numpy are loaded, which look then
    sys.exit(main())
