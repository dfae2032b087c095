"""The features benchmark: its table says what was measured, and the whole runs on a small cut."""

import re
import subprocess
import sys
from pathlib import Path

from bench.features.report import report

ROOT = Path(__file__).parents[2]


def test_the_table_says_the_median_of_the_rounds():
    """Seconds by contender over rounds, milliseconds a niche, and the parts of a batch by their share."""
    rounds = [{"batch": 1.0}, {"batch": 3.0}, {"batch": 2.0}]
    told = report(1234, rounds, [0.01, 0.02, 0.03] * 3, {"draws.resample": 0.75, "price.price": 0.25})

    assert "4 niches, 1,234 rows" in told
    assert "| batch | 2.000 | 1.000 | 3.000 | 500.00 |" in told
    assert "20.0 ms a niche" in told
    assert told.index("| draws.resample | 75% |") < told.index("| price.price | 25% |")


def test_the_benchmark_runs_on_a_few_niches():
    """`just bench features --niches 3` analyses them both ways and by the libraries."""
    command = [sys.executable, "-m", "bench.features", "--niches", "3", "--rounds", "1"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    assert ended.returncode == 0, ended.stderr
    assert "3 niches" in ended.stdout
    assert len(re.findall(r"^\| .* \| \d+\.\d{3} \| ", ended.stdout, re.MULTILINE)) == 4
