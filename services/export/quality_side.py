"""What an analysis stands on, in tables: how much is known and how fresh, and the rows that were left out."""

from contracts.analysis import Analysis
from contracts.quality import BadRow
from services.export.facts import COLUMNS as FACTS
from services.export.facts import Fact, fact_rows
from services.export.tables import Column, Row, Section, Value
from services.export.words import Voice

DROPPED = (
    Column(key="reason", kind="code", words="dropped", width=44),
    Column(key="rows", kind="count"),
)
EXAMPLES = (
    Column(key="reason", kind="code", words="dropped", width=44),
    Column(key="product", width=24),
    Column(key="seller", width=18),
    Column(key="day", kind="date", width=18),
    Column(key="wrong", kind="number", digits=2, width=14),
    Column(key="against", kind="number", digits=2, width=14),
)


def quality(analysis: Analysis, voice: Voice) -> Section:
    """How much is known, how fresh, and what there is to object to."""
    of = analysis.quality
    objections = ", ".join(voice.word("quality", flag) for flag in of.flags)
    told = [f"{objections.capitalize()}." if objections else voice.say("quality_good")]
    if of.sources:
        told.append(voice.say("sources", names=", ".join(of.sources)))
    return Section(
        key="quality",
        columns=FACTS,
        rows=fact_rows(
            Fact("weeks", of.weeks, "count"),
            Fact("days", of.days, "count"),
            Fact("rows", of.rows, "count"),
            Fact("products", of.products, "count"),
            Fact("sellers", of.sellers, "count"),
            Fact("missing", of.missing, "count"),
            Fact("freshness", of.freshness, "count"),
            Fact("first_day", of.first_day, "date"),
            Fact("last_day", of.last_day, "date"),
            Fact("sources", len(of.sources) or None, "count"),
        ),
        title=voice.say("quality", weeks=voice.many(of.weeks, "week"), rows=voice.many(of.rows, "row")),
        note=" ".join(told),
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


def examples(analysis: Analysis, voice: Voice) -> Section:
    """A few of the rows that were left out, as their source told them."""
    rows = tuple(_example(each) for each in analysis.quality.examples)
    return Section(
        key="examples",
        columns=EXAMPLES,
        rows=rows,
        title=voice.say("examples"),
        note=voice.say("examples_note") if rows else "",
        empty=voice.say("no_examples" if analysis.quality.dropped else "no_dropped"),
        sheet="quality",
    )


def _example(of: BadRow) -> Row:
    """A row as its source told it; where nothing was compared, a value and its limit do not apply."""
    row: dict[str, Value] = {"reason": of.why, "product": of.product, "seller": of.seller, "day": of.day}
    return row | {key: value for key, value in (("wrong", of.value), ("against", of.limit)) if value is not None}
