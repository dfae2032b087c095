"""What goes to stdout, by format."""

import csv
import io
import json
from typing import Any

import pytest

from services.cli.render import Column, Printer

COLUMNS = (
    Column("niche", path="score.niche_name"),
    Column("opportunity", "score", "score.opportunity.score"),
    Column("interval", "range", "score.opportunity.lo+score.opportunity.hi"),
)
ROWS: list[dict[str, Any]] = [
    {"score": {"niche_name": "TEAS [loose]", "opportunity": {"score": 91.26, "lo": 90.0, "hi": 93.5}}},
    {"score": {"niche_name": "ROSES"}},
]

Captured = pytest.CaptureFixture[str]


def test_json_is_what_the_api_answered(capsys: Captured) -> None:
    """Rows untouched under `items`, in readable Unicode."""
    Printer("json").rows(COLUMNS, ROWS)

    assert json.loads(capsys.readouterr().out) == {"items": ROWS}


def test_csv_has_keys_raw_numbers_and_an_end_of_each_range(capsys: Captured) -> None:
    """A spreadsheet reads numbers; what is not known is empty, not zero."""
    Printer("csv").rows(COLUMNS, ROWS)

    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [
        ["niche", "opportunity", "interval_lo", "interval_hi"],
        ["TEAS [loose]", "91.26", "90", "93.5"],
        ["ROSES", "", "", ""],
    ]


def test_a_pipe_gets_tabs_and_no_decoration(capsys: Captured) -> None:
    """`cut -f` works: no boxes, no colours, no thin spaces."""
    Printer("table").rows(COLUMNS, ROWS)

    assert capsys.readouterr().out.splitlines() == [
        "Niche\tOpportunity\t80 %", "TEAS [loose]\t91.3\t90..93.5", "ROSES\t\t"
    ]  # fmt: skip


def test_a_terminal_gets_a_table_with_brackets_kept(capsys: Captured) -> None:
    """Figures are rounded for reading, and square brackets in a name are no markup."""
    printer = Printer("table")
    printer.fancy = True

    printer.rows(COLUMNS, ROWS)

    shown = capsys.readouterr().out
    assert "TEAS [loose]" in shown
    assert "91  90\N{EN DASH}94" in shown


def test_aligned_text_needs_no_terminal(capsys: Captured) -> None:
    """The demo's table reads well in a log: words at the left, figures at the right."""
    Printer("table").aligned(COLUMNS, ROWS)

    assert capsys.readouterr().out.splitlines() == [
        "Niche         Opportunity   80 %",
        "TEAS [loose]           91  90\N{EN DASH}94",
        "ROSES                   \N{EN DASH}      \N{EN DASH}",
    ]


def test_facts_leave_out_what_is_not_known(capsys: Captured) -> None:
    """One line for each known field."""
    Printer("table").facts(COLUMNS, ROWS[1])

    assert capsys.readouterr().out == "Niche\tROSES\n"


def test_lines_for_people_stay_out_of_data(capsys: Captured) -> None:
    """Whoever asked for JSON gets JSON only."""
    Printer("json").text("hello")

    assert capsys.readouterr().out == ""
