"""What goes to stdout: a table for a person, tab-separated text for a pipe, JSON or CSV for a program."""

import csv
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import click
from rich.console import Console
from rich.table import Table

from services.cli.figures import NUMERIC, shown
from services.cli.texts import say

Output = Literal["table", "json", "csv"]
_DIGITS = 6
_ROUNDED = {"score", "range", "tenth", "money"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` names it in CSV and its title in the texts, `path` finds the value (`score.growth.lo`).

    Several paths joined by `+` make a range. `brief` leaves the column out of a terminal's table.
    """

    key: str
    kind: str = "text"
    path: str = ""
    brief: bool = False

    def value(self, row: Mapping[str, Any]) -> Any:
        """The value in a row as the API gave it; `None` where there is none."""
        found = [_at(row, path) for path in (self.path or self.key).split("+")]
        if len(found) == 1:
            return found[0]
        return None if None in found else found

    @property
    def title(self) -> str:
        return say(f"column.{self.key}")


class Printer:
    """Prints a command's data in the format that was asked for."""

    def __init__(self, output: Output, currency: str = "") -> None:
        self.output = output
        self.currency = currency
        self.fancy = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"

    def rows(self, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], whole: object = None) -> None:
        """Print rows; as JSON `whole`, or the rows as they are."""
        if self.output == "json":
            self.json({"items": list(rows)} if whole is None else whole)
        elif self.output == "csv":
            self._csv(columns, rows)
        elif self.fancy:
            self._table(columns, rows)
        else:
            click.echo("\t".join(column.title for column in columns))
            for row in rows:
                click.echo("\t".join(_piped(column, row) for column in columns))

    def facts(self, columns: Sequence[Column], row: Mapping[str, Any], whole: object = None) -> None:
        """Print one thing, a line for each of its fields that is known."""
        if self.output == "json":
            self.json(row if whole is None else whole)
            return
        known = [(column, value) for column in columns if (value := column.value(row)) not in (None, [], ())]
        if self.output == "csv":
            self._csv(columns, [row])
        elif self.fancy:
            width = max((len(column.title) for column, _ in known), default=0)
            for column, value in known:
                click.echo(f"{column.title:<{width}}  {shown(value, column.kind, self.currency)}")
        else:
            for column, _ in known:
                click.echo(f"{column.title}\t{_piped(column, row)}")

    def line(self, columns: Sequence[Column], row: Mapping[str, Any]) -> None:
        """Print one row by itself, as soon as it is known: a line without a title, in JSON an object."""
        if self.output == "json":
            click.echo(json.dumps(row, ensure_ascii=False))
        elif self.output == "csv":
            csv.writer(sys.stdout, lineterminator="\n").writerow([c for column in columns for c in _cells(column, row)])
        elif self.fancy:
            kept = [column for column in columns if not column.brief]
            click.echo("  ".join(shown(column.value(row), column.kind, self.currency) for column in kept))
        else:
            click.echo("\t".join(_piped(column, row) for column in columns))
        sys.stdout.flush()

    def text(self, text: str = "") -> None:
        """Print a line for a person; nothing where a program reads."""
        if self.output == "table":
            click.echo(text)

    def json(self, value: object) -> None:
        """Print JSON."""
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))

    def aligned(self, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> None:
        """Print a table of words and spaces only, which reads well on a terminal and in a log."""
        cells = [[shown(column.value(row), column.kind, self.currency) for column in columns] for row in rows]
        titles = [column.title for column in columns]
        widths = [max(map(len, column)) for column in zip(titles, *cells, strict=True)]
        for line in (titles, *cells):
            placed = [
                f"{cell:>{width}}" if column.kind in NUMERIC else f"{cell:<{width}}"
                for cell, width, column in zip(line, widths, columns, strict=True)
            ]
            self.text("  ".join(placed).rstrip())

    def _table(self, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> None:
        table = Table(box=None, pad_edge=False, header_style="bold")
        kept = [column for column in columns if not column.brief]
        for column in kept:
            right = column.kind in NUMERIC
            table.add_column(column.title, justify="right" if right else "left", no_wrap=right, overflow="fold")
        for row in rows:
            table.add_row(*(_safe(shown(column.value(row), column.kind, self.currency)) for column in kept))
        Console().print(table)

    def _csv(self, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> None:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([name for column in columns for name in _names(column)])
        for row in rows:
            writer.writerow([cell for column in columns for cell in _cells(column, row)])


def _at(row: Mapping[str, Any], path: str) -> Any:
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _names(column: Column) -> list[str]:
    return [f"{column.key}_lo", f"{column.key}_hi"] if "+" in column.path else [column.key]


def _cells(column: Column, row: Mapping[str, Any]) -> list[str]:
    value = column.value(row)
    if "+" in column.path:
        return ["", ""] if value is None else [_plain(one) for one in value]
    return [_plain(value)]


def _piped(column: Column, row: Mapping[str, Any]) -> str:
    """A value for a pipe: as in CSV, but no more digits than a reader wants, and a range in one field."""
    value = column.value(row)
    if column.kind in _ROUNDED and value is not None:
        value = [round(one, 1) for one in value] if isinstance(value, list) else round(value, 1)
    return _plain(value)


def _plain(value: Any) -> str:
    """A value for a program: no separators, a point, an empty text where nothing is known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(round(value, _DIGITS))
    if isinstance(value, list | tuple):
        return (
            "..".join(map(_plain, value))
            if all(isinstance(one, float | int) for one in value)
            else ", ".join(map(_plain, value))
        )
    return str(value).replace("\t", " ").replace("\n", " ")


def _safe(text: str) -> str:
    """Square brackets in a name are no markup."""
    return text.replace("[", r"\[")
