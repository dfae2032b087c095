"""The findings of an analysis on a terminal: the tables of the niche's report, as lines of words and spaces."""

from contracts.analysis import Analysis
from services.cli.render import Printer
from services.export import (
    demand_side,
    economics_side,
    forecast_side,
    market_side,
    price_side,
    quality_side,
    season_side,
    unmet_side,
)
from services.export.facts import COLUMNS as FACTS
from services.export.tables import Column, Row, Section, cell
from services.export.words import Voice

SECTIONS = (
    demand_side.tests,
    demand_side.changes,
    demand_side.snapshots,
    season_side.season,
    season_side.months,
    forecast_side.errors,
    forecast_side.coverage,
    market_side.competition,
    market_side.top_sellers,
    market_side.brand,
    market_side.barrier,
    price_side.prices,
    price_side.modes,
    price_side.segments,
    unmet_side.stock,
    unmet_side.rating,
    economics_side.waterfall,
    economics_side.batch,
    quality_side.quality,
    quality_side.dropped,
    quality_side.examples,
)
"""What the report tells week by week is its own: a terminal has the title of it."""

_ABSENT_TWICE = {"months": "season", "batch": "economics", "examples": "dropped"}
"""Tables that say the same as another one where there is nothing to tell."""


def print_findings(out: Printer, analysis: Analysis, voice: Voice) -> None:
    """Print what was found, each part under its finding; what is not known says so and why."""
    weekly = demand_side.demand(analysis, voice)
    _lines(out, "", weekly.title, *([weekly.note] if weekly.note else []))
    empty = set()
    for section in (build(analysis, voice) for build in SECTIONS):
        if not section.rows:
            empty.add(section.key)
        if section.rows or _ABSENT_TWICE.get(section.key) not in empty:
            _print(out, section, voice)


def _print(out: Printer, section: Section, voice: Voice) -> None:
    _lines(out, "", section.title)
    if section.note or not section.rows:
        _lines(out, f"  {section.note or section.empty}")
    columns = [column for column in section.columns if column.on_page and not column.part_of]
    cells = [[_text(row, column, section, voice) for column in columns] for row in section.rows]
    if section.columns is not FACTS and cells:
        cells.insert(0, [voice.header(column) for column in columns])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        placed = [
            f"{text:>{width}}" if column.numeric and column.kind != "own" else f"{text:<{width}}"
            for text, width, column in zip(line, widths, columns, strict=True)
        ]
        _lines(out, f"  {'  '.join(placed)}".rstrip())


def _text(row: Row, column: Column, section: Section, voice: Voice) -> str:
    """A cell with its interval; empty where it does not apply."""
    text = voice.text(row, column)
    if text is None:
        return voice.absent(row, column) if column.key in row else ""
    _, kind, digits = cell(row, column)
    ends = [cell(row, each)[0] for each in section.columns if each.part_of == column.key]
    numbers = [end for end in ends if isinstance(end, int | float)]
    between = voice.interval(numbers[0], numbers[1], kind, digits) if len(numbers) > 1 else text
    return text if between == text else f"{text}  ({between})"


def _lines(out: Printer, *lines: str) -> None:
    for line in lines:
        out.text(line)
