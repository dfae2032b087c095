"""A report as JSON: numbers as computed, codes and keys that are never translated, what is not known left out.

`tables` holds the rows of each section by its key, `units` the unit of each of its columns. Money is in `currency`,
shares and changes are fractions, scores run from 0 to 100. Sentences are in `lang`.
"""

import json
from datetime import date
from typing import Any

from contracts.message import Shape
from services.export.tables import Column, Document, Row, Section, cell


def json_file(document: Document) -> bytes:
    """The bytes of the file."""
    told: dict[str, Any] = {
        "report": document.kind,
        "lang": document.lang,
        "market": document.market,
        "currency": document.currency,
        "as_of": document.as_of.isoformat(),
        "title": document.title,
        **document.ids,
        "niche_ids": list(document.niche_ids),
        "units": {section.key: _units(section) for section in document.sections},
        "tables": {section.key: [_row(row, section) for row in section.rows] for section in document.sections},
    }
    return (json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _units(section: Section) -> dict[str, str]:
    return {
        column.key: column.unit or column.kind for column in section.columns if column.numeric and column.kind != "own"
    }


def _row(row: Row, section: Section) -> dict[str, Any]:
    cells = ((column.key, _cell(row, column)) for column in section.columns)
    return {key: value for key, value in cells if value is not None}


def _cell(row: Row, column: Column) -> Any:
    value, _, _ = cell(row, column)
    match value:
        case date():
            return value.isoformat()
        case tuple():
            return [_item(each) for each in value]
        case _:
            return value


def _item(of: str | Shape) -> Any:
    return of if isinstance(of, str) else of.model_dump(mode="json", exclude_none=True)
