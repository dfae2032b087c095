"""Who sells in a niche and at what price, in tables."""

from contracts.analysis import Analysis
from contracts.findings import Entrants
from services.export.facts import COLUMNS as FACTS
from services.export.facts import Fact, bounded, fact_rows
from services.export.tables import Column, Row, Section
from services.export.words import Voice

SELLERS = (
    Column(key="seller", width=24),
    Column(key="share", kind="share", draw="share", width=14),
    Column(key="products", kind="count"),
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
QUANTILES = ("p5", "p25", "p50", "p75", "p95")


def competition(analysis: Analysis, voice: Voice) -> Section:
    """How many sell, how unequal they are, and how newcomers fare."""
    found, came = analysis.competition, analysis.entrants
    rows: tuple[Row, ...] = ()
    title = voice.say("competition_plain")
    if found is not None:
        rows = fact_rows(
            Fact("products", found.products, "count"),
            Fact("products_with_sales", found.products_with_sales, "count"),
            Fact("share_with_sales", found.share_with_sales, "share"),
            Fact("sellers", found.sellers, "count"),
            Fact("brands", found.brands, "count"),
            Fact("hhi", found.hhi_lo, "number", 2, found.hhi_lo, found.hhi_hi),
            Fact("effective_sellers", found.effective_sellers, "number", 1),
            Fact("cr4", found.cr4, "share"),
            Fact("unknown_share", found.unknown_share, "share"),
            Fact("revenue_per_seller", found.revenue_per_seller, "money"),
            Fact("newcomer_share", found.newcomer_share, "share"),
        )
        rows += _entrants(came) if came else ()
        if found.sellers is not None and found.cr4 is not None:
            sellers, cr4 = voice.many(found.sellers, "seller"), voice.figure(found.cr4, "share")
            title = voice.say("competition", sellers=sellers, cr4=cr4)
    return Section(
        key="competition",
        columns=FACTS,
        rows=rows,
        title=title,
        note=voice.say("competition_note" if came else "no_entrants") if rows else "",
        empty=voice.say("no_competition"),
        sheet="competition",
    )


def _entrants(came: Entrants) -> tuple[Row, ...]:
    return fact_rows(
        Fact("entrants", came.n, "count"),
        Fact("entrants_ok", came.ok, "count"),
        bounded("entrants_share", came, "share", field="share"),
    )


def top_sellers(analysis: Analysis, voice: Voice) -> Section:
    """The largest sellers with their share of the revenue."""
    top = analysis.competition.top if analysis.competition else ()
    rows: tuple[Row, ...] = tuple(
        {"seller": each.seller, "share": each.share, "products": each.products} for each in top
    )
    largest = max((each.share for each in top), default=None)
    return Section(
        key="sellers",
        columns=SELLERS,
        rows=rows,
        title=voice.say("top") if largest is None else voice.say("top_title", share=voice.figure(largest, "share")),
        note=voice.say("competition_note") if rows else "",
        empty=voice.say("no_top"),
        sheet="competition",
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
        rows=fact_rows(*(Fact(name, asked[name], "price") for name in QUANTILES if name in asked)),
        title=title,
        note=voice.say("competition_note") if asked else "",
        empty=voice.say("no_price"),
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
