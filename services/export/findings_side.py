"""What an analysis says of a niche beyond its numbers, in tables: text, openings and red flags."""

from contracts.analysis import Analysis
from services.export.openings import opening
from services.export.tables import Column, Quantity, Row, Section
from services.export.words import FLAG_KINDS, Voice

TEXT = (
    Column(key="part", kind="code", words="part", width=16),
    Column(key="text", width=90),
)
OPENINGS = (
    Column(key="opening", kind="code", words="opening", width=16),
    Column(key="where", width=22),
    Column(key="size", kind="money", unit="money_week", width=22),
    Column(key="note", width=90),
)
FLAGS = (
    Column(key="flag", kind="code", words="flag", width=34),
    Column(key="value", kind="own"),
    Column(key="limit", kind="own"),
)


def text(analysis: Analysis, voice: Voice) -> Section:
    """The analysis in sentences, in the language of the report."""
    found = next((each for each in analysis.texts if each.lang == voice.lang), None)
    rows: tuple[Row, ...] = ()
    if found is not None:
        parts = [
            ("conclusion", found.conclusion),
            *(("evidence", each) for each in found.evidence),
            *(("risk", each) for each in found.risks),
            ("next_step", found.next_step),
        ]
        rows = tuple({"part": part, "text": sentence} for part, sentence in parts)
    return Section(
        key="text",
        columns=TEXT,
        rows=rows,
        title=voice.say("text"),
        note=voice.say("by_template") if rows else "",
        empty=voice.say("no_text"),
        sheet="summary",
        wide=True,
    )


def openings(analysis: Analysis, voice: Voice) -> Section:
    """Concrete openings, each with its evidence."""
    return Section(
        key="openings",
        columns=OPENINGS,
        rows=tuple(opening(each, voice) for each in analysis.opportunities),
        title=voice.say("openings_title", number=len(analysis.opportunities)),
        note=voice.say("openings_note") if analysis.opportunities else "",
        empty=voice.say("no_openings"),
        sheet="findings",
    )


def red_flags(analysis: Analysis, voice: Voice) -> Section:
    """Measured values beyond their limits."""
    rows: tuple[Row, ...] = tuple(
        {
            "flag": each.code,
            "value": Quantity(each.value, FLAG_KINDS.get(each.code, "number"), 2),
            "limit": Quantity(each.limit, FLAG_KINDS.get(each.code, "number"), 2),
        }
        for each in analysis.red_flags
    )
    return Section(
        key="red_flags",
        columns=FLAGS,
        rows=rows,
        title=voice.say("flags_title", number=len(rows)),
        note=voice.say("flags_note") if rows else "",
        empty=voice.say("no_flags"),
        sheet="findings",
    )
