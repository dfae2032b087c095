"""A report as one HTML file that needs nothing else: no other host, no script, no font to load.

Every number stands in a `data` element with its full value, so that a program can read what a person sees.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from contracts.analysis import RedFlag
from services.export.drawings import Bar, Step, bar, largest, steps
from services.export.fan import Fan, fans
from services.export.formats.csv_file import plain
from services.export.tables import Column, Document, Row, Section, cell
from services.export.words import Voice

TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as the page shows it; `data` is the full number, `code` what was a code, `below` its second line."""

    column: Column
    text: str
    known: bool = True
    applies: bool = True
    data: str | None = None
    code: str | None = None
    below: tuple["Shown", ...] = ()
    interval: str | None = None
    lines: tuple[str, ...] = ()
    drawing: Bar | None = None
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its cells and its chart."""

    section: Section
    columns: tuple[tuple[Column, str, str], ...]
    rows: tuple[tuple[Shown, ...], ...]
    fans: tuple[Fan, ...] = ()


def html_file(document: Document) -> bytes:
    """The bytes of the file."""
    voice = Voice(document.lang, document.currency)
    parts = {section.key: _part(section, document, voice) for section in document.sections}
    return _template(f"{document.kind}.html").render(document=document, voice=voice, parts=parts).encode()


def listed(name: str) -> str:
    """A name as it stands in a list: one that shouts is written in sentence case."""
    return name.capitalize() if name.isupper() else name


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["listed"] = listed
    return environment.get_template(name)


def _part(section: Section, document: Document, voice: Voice) -> Part:
    columns = [column for column in section.columns if column.on_page and not column.part_of]
    ends = {column.key: largest(section.rows, column) for column in columns if column.draw == "share"}
    stairs = next((steps(section.rows, column) for column in columns if column.draw == "steps"), ())
    rows = []
    for number, row in enumerate(section.rows):
        shown = []
        for column in columns:
            drawing = bar(row, column, ends.get(column.key, 100.0)) if column.draw in {"bar", "dot", "share"} else None
            step = stairs[number] if column.draw == "steps" else None
            shown.append(_shown(row, column, section, voice, drawing, step))
        rows.append(tuple(shown))
    return Part(
        section=section,
        columns=tuple((column, voice.word("column", column.key), voice.unit(column)) for column in columns),
        rows=tuple(rows),
        fans=fans(section, voice, document.as_of) if section.chart == "fan" else (),
    )


def _shown(
    row: Row, column: Column, section: Section, voice: Voice, drawing: Bar | None = None, step: Step | None = None
) -> Shown:
    value, kind, digits = cell(row, column)
    if value is None:
        return Shown(column, voice.absent(row, column), known=False, applies=column.key in row, step=step)
    text = voice.text(row, column) or ""
    text = listed(text) if column.key == "niche" else text
    flags = [each for each in value if isinstance(each, RedFlag)] if isinstance(value, tuple) else []
    ends = [each for each in section.columns if each.part_of == column.key and cell(row, each)[0] is not None]
    numbers = [end for end in (cell(row, each)[0] for each in ends) if isinstance(end, int | float)]
    between = voice.interval(numbers[0], numbers[1], kind, digits) if len(numbers) > 1 else None
    return Shown(
        column=column,
        text=text,
        data=plain(value) if isinstance(value, int | float) else value.isoformat() if isinstance(value, date) else None,
        code=str(row[column.key]) if column.kind == "code" else None,
        below=tuple(_shown(row, each, section, voice) for each in ends),
        interval=between if between != text else None,
        lines=tuple(voice.flag(each, "flag_short") for each in flags),
        drawing=drawing,
        step=step,
    )
