"""What an analysis says of a niche beyond its numbers, in tables: text, openings, red flags, and what it stands on."""

from contracts.analysis import Analysis, Opportunity
from services.export.facts import COLUMNS as FACTS
from services.export.facts import Fact, fact_rows
from services.export.tables import Column, Quantity, Row, Section, Value
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
DROPPED = (
    Column(key="reason", kind="code", words="dropped", width=44),
    Column(key="rows", kind="count"),
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
        rows=tuple(_opening(each, voice) for each in analysis.opportunities),
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


def quality(analysis: Analysis, voice: Voice) -> Section:
    """How much is known, how fresh, and what there is to object to."""
    of = analysis.quality
    objections = ", ".join(voice.word("quality", flag) for flag in of.flags)
    return Section(
        key="quality",
        columns=FACTS,
        rows=fact_rows(
            Fact("weeks", of.weeks, "count"),
            Fact("days", of.days, "count"),
            Fact("rows", of.rows, "count"),
            Fact("products", of.products, "count"),
            Fact("missing", of.missing, "count"),
            Fact("freshness", of.freshness, "count"),
            Fact("sources", len(of.sources) or None, "count"),
            Fact("mase", analysis.forecast.mase, "number", 2),
        ),
        title=voice.say("quality", weeks=voice.many(of.weeks, "week"), rows=voice.many(of.rows, "row")),
        note=f"{objections.capitalize()}." if objections else voice.say("quality_good"),
        sheet="quality",
    )


def dropped(analysis: Analysis, voice: Voice) -> Section:
    """Rows that were left out, by reason."""
    return Section(
        key="dropped",
        columns=DROPPED,
        rows=tuple({"reason": reason, "rows": rows} for reason, rows in sorted(analysis.quality.dropped.items())),
        title=voice.say("dropped"),
        empty=voice.say("no_dropped"),
        sheet="quality",
    )


def _opening(found: Opportunity, voice: Voice) -> Row:
    known = found.evidence
    row: dict[str, Value] = {"opening": found.kind, "where": found.where, "size": found.size}
    if {"lo", "hi"} <= known.keys():
        row["where"] = voice.interval(known["lo"], known["hi"], "price")
    if {"offer_share", "revenue_share", "ratio", "ratio_lo", "ratio_hi"} <= known.keys():
        row["note"] = voice.say(
            "price_gap",
            offers=voice.figure(known["offer_share"], "share"),
            revenue=voice.figure(known["revenue_share"], "share"),
            ratio=voice.figure(known["ratio"], "ratio", 1),
            interval=voice.interval(known["ratio_lo"], known["ratio_hi"], "ratio", 1),
        )
    return row
