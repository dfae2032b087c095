"""`scout import`: what is typed is checked before anything is sent, and what was rejected can be had."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.observation import Mapping
from services.cli.commands.imports import print_report
from services.cli.errors import ExitCode
from services.cli.render import Printer
from services.cli.texts import has, speak
from services.trend.cleaning import _reasons
from services.trend.mapping import Columns
from tests.cli.front import Scout

REPORT: dict[str, Any] = {
    "id": "i1",
    "market": "shop",
    "rows": 5,
    "kept": 3,
    "rejected_count": 2,
    "rejected": [{"count": 2, "column": "Qty", "why": "a return: units are below zero", "examples": [3, 4]}],
    "rejected_rows": {"key": "rejected/x.csv"},
    "unread": [{"count": 1, "column": "Stars", "why": "the value cannot be read", "examples": [2]}],
}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--currency", "POUNDS"), "POUNDS is no currency"),
        (("--timezone", "Mars/Base"), "Mars/Base is no time zone"),
        (("--timezone", "../etc"), "../etc is no time zone"),
        (("--mapping", "day=a", "--mapping", "day=b"), "day is mapped twice"),
    ],
)
def test_what_an_import_cannot_mean_is_a_usage_error(run_scout: Scout, words: tuple[str, ...], said: str) -> None:
    """A slip of the hand is told by its option's own words, before a file is sent."""
    result = run_scout("import", "--builtin", "complete-journey", *words)

    assert result.exit_code == ExitCode.USAGE
    assert said in result.stderr
    assert "  do: " in result.stderr


def test_a_currency_may_be_typed_in_small_letters(run_scout: Scout) -> None:
    """gbp is GBP."""
    result = run_scout("import", "--builtin", "complete-journey", "--currency", "gbp", "--no-wait")

    assert result.exit_code == 0, result.stderr


def test_a_file_that_is_not_there_is_told_by_the_argument(run_scout: Scout, tmp_path: Path) -> None:
    """The error names FILE and the path, in the reader's language."""
    missing = run_scout("import", "no.csv", "--market", "shop")
    folder = run_scout("import", tmp_path, "--market", "shop", "--lang", "ru")

    assert "FILE has a value that it cannot have" in missing.stderr
    assert "there is no file no.csv" in missing.stderr
    assert f"{tmp_path} — папка" in folder.stderr


def test_rejected_rows_come_with_the_way_to_have_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Counts alone do not let a seller mend the file; values that were not read are told too."""
    print_report(Printer("table"), REPORT)
    print_report(Printer("table"), REPORT, Path("bad.csv"))

    out = capsys.readouterr().out
    assert "--rejected FILE saves them" in out
    assert "They are in bad.csv" in out
    assert "1 value of rows that were kept could not be read" in out


def test_every_reason_to_reject_a_row_is_told_in_russian(capsys: pytest.CaptureFixture[str]) -> None:
    """A reason that the trend service gives and no text translates would stand in English among Russian words."""
    columns = Columns(dict.fromkeys(("day", "product", "niche", "price", "units", "revenue"), "x"), {}, Mapping())
    told = {why for *_, why in _reasons(columns, date(2026, 11, 24))}
    speak("ru")
    print_report(Printer("table"), REPORT)

    assert {why for why in told if not has(f"why.{why}")} == set()
    assert "возврат: штук меньше нуля" in capsys.readouterr().out
