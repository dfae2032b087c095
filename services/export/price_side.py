"""What is asked in a niche, in tables: quantiles, the prices where listings gather, and the segments between them."""

from contracts.analysis import Analysis
from services.export.facts import COLUMNS as FACTS
from services.export.facts import Fact, fact_rows, known
from services.export.tables import Column, Row, Section
from services.export.words import Voice

QUANTILES = ("p5", "p25", "p50", "p75", "p95")
MODES = (
    Column(key="mode", kind="price", unit="price"),
    Column(key="share_of_offers", kind="share", draw="share", width=16),
)
SEGMENTS = (
    Column(key="from_price", kind="price", unit="price"),
    Column(key="to_price", kind="price", unit="price"),
    Column(key="offers", kind="count"),
    Column(key="offer_share", kind="share", width=16),
    Column(key="revenue", kind="money", unit="money"),
    Column(key="revenue_share", kind="share", draw="share", width=16),
    Column(key="ratio", kind="ratio", digits=2, width=18),
    Column(key="ratio_lo", kind="ratio", digits=2, part_of="ratio"),
    Column(key="ratio_hi", kind="ratio", digits=2, part_of="ratio"),
)


def prices(analysis: Analysis, voice: Voice) -> Section:
    """What is asked: quantiles of the listings' prices."""
    asked = analysis.price.quantiles if analysis.price else {}
    low, high = asked.get("p25"), asked.get("p75")
    title = voice.say("prices_plain")
    if low is not None and high is not None:
        ends = [voice.figure(end, "price") for end in (low, high)]
        apart = ends[0] != ends[1]
        title = voice.say("prices", low=ends[0], high=ends[1]) if apart else voice.say("price", price=ends[0])
    return Section(
        key="prices",
        columns=FACTS,
        rows=fact_rows(
            *(Fact(name, asked[name], "price") for name in QUANTILES if name in asked),
            *((Fact("variation", known(analysis.price, "variation"), "share"),) if asked else ()),
        ),
        title=title,
        note=voice.say("competition_note") if asked else "",
        empty=voice.say("no_price"),
        sheet="price",
    )


def modes(analysis: Analysis, voice: Voice) -> Section:
    """The prices around which listings gather."""
    rows: tuple[Row, ...] = tuple(
        {"mode": each.price, "share_of_offers": each.share} for each in (analysis.price.modes if analysis.price else ())
    )
    return Section(
        key="modes",
        columns=MODES,
        rows=rows,
        title=voice.say("modes", prices=voice.many(len(rows), "price")) if rows else voice.say("modes_plain"),
        note=voice.say("modes_note") if rows else "",
        empty=voice.say("no_modes" if analysis.price else "no_price"),
        sheet="price",
    )


def segments(analysis: Analysis, voice: Voice) -> Section:
    """Where between cheap and dear the revenue lies."""
    rows: tuple[Row, ...] = tuple(
        {
            "from_price": each.lo,
            "to_price": each.hi,
            "offers": each.offers,
            "offer_share": each.offer_share,
            "revenue": each.revenue,
            "revenue_share": each.revenue_share,
            "ratio": each.ratio,
            "ratio_lo": each.ratio_lo,
            "ratio_hi": each.ratio_hi,
        }
        for each in (analysis.price.segments if analysis.price else ())
    )
    return Section(
        key="segments",
        columns=SEGMENTS,
        rows=rows,
        title=voice.say("segments"),
        note=voice.say("segments_note") if rows else "",
        empty=voice.say("no_segments"),
        sheet="price",
        wide=True,
    )
