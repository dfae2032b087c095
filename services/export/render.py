"""A report from what it is made of to the bytes of its file."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.analysis import Analysis
from contracts.report import ReportFormat, ReportRequest
from services.export.formats.csv_file import csv_file
from services.export.formats.html_file import html_file
from services.export.formats.json_file import json_file
from services.export.formats.xlsx_file import xlsx_file
from services.export.leaderboard import NothingToReport, leaderboard
from services.export.niche import niche
from services.export.tables import Document
from services.export.words import Voice

WRITERS: dict[ReportFormat, Callable[[Document], bytes]] = {
    "xlsx": xlsx_file,
    "csv": csv_file,
    "json": json_file,
    "html": html_file,
}
LONGEST_SLUG = 40
LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch * y * e yu ya".replace("*", "").split(" "),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A report that is ready to be kept: its bytes, its name, and what it is about."""

    content: bytes
    filename: str
    as_of: date
    niche_ids: tuple[str, ...]


def render(
    request: ReportRequest,
    rows: Iterable[Mapping[str, Any]],
    analysis: Analysis | None = None,
    market_name: str | None = None,
) -> Rendered:
    """Make the file that a request asks for; the same input gives the same bytes.

    `rows` are the documents of the collection `leaderboard` of the market, in any order; `analysis` is the newest one
    of the niche, for a report of kind niche. Raises `NothingToReport`, whose text says what to do, when the market has
    no scored niche, or the niche no analysis.
    """
    if request.kind == "leaderboard":
        document = leaderboard(request, rows, market_name)
    elif analysis is None:
        raise NothingToReport(Voice(request.lang, "").say("no_analysis", niche=request.niche_id))
    else:
        document = niche(request, rows, analysis, market_name)
    return Rendered(
        content=WRITERS[request.format](document),
        filename=filename(document, request.format),
        as_of=document.as_of,
        niche_ids=document.niche_ids,
    )


def filename(document: Document, suffix: str) -> str:
    """A name that every file system and every header takes: scout-niche-tea-demo-2017-11-05-ru.xlsx."""
    about = (slug(document.title) or document.niche_ids[0][:8],) if document.kind == "niche" else ()
    parts = ("scout", document.kind, *about, slug(document.market), document.as_of.isoformat(), document.lang)
    return "-".join(part for part in parts if part) + f".{suffix}"


def slug(text: str) -> str:
    """Latin letters, digits and hyphens only; Cyrillic letters are written in Latin ones."""
    latin = "".join(LATIN.get(letter, letter) for letter in text.lower())
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:LONGEST_SLUG].strip("-")
