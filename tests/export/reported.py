"""The report on the example's second niche, and its parts."""

from contracts.report import Lang, ReportRequest
from services.export.niche import niche
from services.export.tables import Document, Quantity, Section
from tests.export.analysed import analysis
from tests.export.examples import rows


def report(lang: Lang = "en", **changes: object) -> Document:
    """The report on the example's second niche."""
    of = analysis().model_copy(update=changes)
    return niche(ReportRequest(kind="niche", market="demo", niche_id="niche-1", lang=lang), rows(), of)


def part(document: Document, key: str) -> Section:
    """One section of it."""
    return next(section for section in document.sections if section.key == key)


def facts(section: Section) -> dict[str, float | None]:
    """The values of a table of facts."""
    found = {}
    for row in section.rows:
        value = row["value"]
        found[str(row["fact"])] = value.value if isinstance(value, Quantity) else None
    return found
