"""`just bench features`: every statistic of the fast tier for a whole market, in a batch and niche by niche."""

import argparse
import os
import sys

_ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}


def main(argv: list[str] | None = None) -> int:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(prog="just bench features", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of all contenders (5)")
    parser.add_argument("--niches", type=int, help="only so many niches")
    asked = parser.parse_args(argv)
    os.environ.update(_ONE_CORE)  # before polars and numpy are loaded, which look then
    from bench.features.contenders import Contenders  # noqa: PLC0415 - after the line above
    from bench.features.market import market  # noqa: PLC0415 - the same
    from bench.features.report import report  # noqa: PLC0415 - the same

    sys.stderr.write("reading the market\n")
    of = market(asked.niches)
    contenders = Contenders(of)
    rounds, each = [], []
    for number in range(1, asked.rounds + 1):
        sys.stderr.write(f"round {number} of {asked.rounds}\n")
        alone = contenders.one_by_one()
        each += alone
        rounds.append(
            {
                "batch, every statistic": contenders.batch(),
                "analyze_niche, one by one": sum(alone),
                "trend statistics, batch": contenders.trends_in_batch(),
                "the same by pymannkendall, scipy, ruptures": contenders.trends_by_libraries(),
            }
        )
    print(report(of.rows.height, rounds, each, contenders.shares()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
