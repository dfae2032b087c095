"""The page that tells what an analysis holds names every number of it, and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from contracts.analysis import Analysis, OpportunityKind
from contracts.economics import Own

PAGE = (Path(__file__).parents[2] / "docs" / "analysis.md").read_text()
SECTIONS = {
    "series": "Weeks",
    "quality": "Quality",
    "snapshots": "Then and now",
    "demand": "Demand",
    "forecast": "Forecast",
    "competition": "Competition",
    "entrants": "Newcomers",
    "price": "Price",
    "unmet": "Unmet need",
    "economics": "Unit economics",
    "opportunities": "Openings",
    "red_flags": "Red flags",
    "texts": "Text",
}


def fields(shape: type[BaseModel], before: str = "") -> Iterator[str]:
    """The names of all that a shape holds, those of shapes within it after its field's name and a point."""
    for name, field in shape.model_fields.items():
        inner = shapes(field.annotation)
        for one in inner:
            yield from fields(one, f"{before}{name}.")
        if not inner:
            yield f"{before}{name}"


def shapes(annotation: object) -> list[type[BaseModel]]:
    """The shapes that an annotation is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [shape for part in get_args(annotation) for shape in shapes(part)]


def named(title: str) -> set[str]:
    """What the first column of a section's tables names."""
    (text,) = re.findall(rf"^## {title}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| (`.+?) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([a-z0-9_.]+)`", row)}


@pytest.mark.parametrize(("field", "title"), SECTIONS.items())
def test_each_section_names_every_number(field: str, title: str) -> None:
    """A number that the page does not tell is one that nobody can read."""
    (shape,) = shapes(Analysis.model_fields[field].annotation)

    assert named(title) - {*get_args(OpportunityKind), *flags()} == set(fields(shape))


def test_the_page_tells_every_section() -> None:
    """All fields that hold findings; the others are of its origin, or what scoring hears."""
    told = {name for name, field in Analysis.model_fields.items() if shapes(field.annotation)}

    assert told - SECTIONS.keys() == {"params", "terms"}
    assert Own.model_fields.keys() <= set(re.findall(r"`([a-z_]+)`", PAGE))


def test_the_page_tells_every_opening_and_flag() -> None:
    """Each kind with its rule."""
    assert set(get_args(OpportunityKind)) <= named("Openings")
    assert flags() <= named("Red flags")


def flags() -> set[str]:
    """The codes of red flags that have words."""
    from services.export.words import FLAG_KINDS  # noqa: PLC0415 - the vocabulary of the codes is the reports'

    return set(FLAG_KINDS)
