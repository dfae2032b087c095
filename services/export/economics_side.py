"""What a seller keeps of a sale, in tables: from the price down to the margin, and what the first batch takes."""

from contracts.analysis import Analysis
from contracts.economics import Economics
from services.export.facts import COLUMNS as FACTS
from services.export.facts import Fact, fact_rows
from services.export.tables import Column, Row, Section
from services.export.words import Voice

LINES = (
    Column(key="line", kind="code", words="line", width=30),
    Column(key="of_price", kind="share", width=12),
    Column(key="amount", kind="price", unit="price", draw="steps", width=14),
)
TAKEN = ("commission", "logistics", "storage", "returns", "tax", "ads", "cost")


def waterfall(analysis: Analysis, voice: Voice) -> Section:
    """The price, each part that comes off it, and the margin; a part that is not known says so."""
    found = analysis.economics
    return Section(
        key="economics",
        columns=LINES,
        rows=_lines(found) if found else (),
        title=_title(found, voice) if found else voice.say("economics"),
        note=_note(found, voice) if found else "",
        empty=voice.say("no_economics"),
        sheet="economics",
    )


def batch(analysis: Analysis, voice: Voice) -> Section:
    """What the margin comes to, where it ends, and what the first batch takes."""
    found = analysis.economics
    rows: tuple[Row, ...] = ()
    if found is not None:
        rows = fact_rows(
            Fact("margin_share", found.margin_share, "share"),
            Fact("roi", found.roi, "share"),
            Fact("break_even_price", found.break_even_price, "price"),
            Fact("break_even_cost", found.break_even_cost, "price"),
            Fact("first_batch", found.first_batch, "count"),
            Fact("first_batch_capital", found.first_batch_capital, "money"),
            Fact("order_by", found.order_by, "date"),
        )
    return Section(
        key="batch",
        columns=FACTS,
        rows=rows,
        title=voice.say("batch"),
        note=voice.say("batch_note") if rows else "",
        empty=voice.say("no_economics"),
        sheet="economics",
    )


def _lines(found: Economics) -> tuple[Row, ...]:
    parts: list[tuple[str, str, float | None]] = [("price", "base", found.price)]
    parts += [(name, "part", None if (off := getattr(found, name)) is None else -off) for name in TAKEN]
    parts.append(("margin", "total", found.margin))
    return tuple(
        {
            "line": name,
            "group": group,
            "of_price": None if amount is None else amount / found.price,
            "amount": amount,
        }
        for name, group, amount in parts
    )


def _title(found: Economics, voice: Voice) -> str:
    price = voice.figure(found.price, "price")
    if found.margin is not None and found.margin_share is not None:
        margin, share = voice.figure(found.margin, "price"), voice.figure(found.margin_share, "share")
        return voice.say("economics_margin", price=price, margin=margin, share=share)
    if found.break_even_cost is not None and found.break_even_cost <= 0:
        return voice.say("economics_loss", price=price)
    if found.break_even_cost is not None:
        return voice.say("economics_cost", price=price, cost=voice.figure(found.break_even_cost, "price"))
    return voice.say("economics_unknown", price=price)


def _note(found: Economics, voice: Voice) -> str:
    told = [voice.say("economics_tariff", day=voice.day(found.since))] if found.since else []
    if found.missing:
        told.append(
            voice.say("economics_missing", missing=", ".join(voice.word("lacking", each) for each in found.missing))
        )
    return " ".join(told)
