"""Who sells in a niche, in tables: how unequal they are, how newcomers fare, and what a newcomer has to climb."""

from contracts.analysis import Analysis
from contracts.competition import Entrants
from services.export.facts import COLUMNS as FACTS
from services.export.facts import Fact, bounded, fact_rows
from services.export.tables import Column, Row, Section
from services.export.words import Voice

SELLERS = (
    Column(key="seller", width=24),
    Column(key="share", kind="share", draw="share", width=14),
    Column(key="products", kind="count"),
)
BRAND = (
    Column(key="brand", width=24),
    Column(key="share", kind="share", width=14),
    Column(key="top3", kind="share", width=16),
    Column(key="navigational", kind="code", words="passed", width=20),
)


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
            Fact("sellers_listed", found.sellers_listed, "count"),
            Fact("brands", found.brands, "count"),
            Fact("hhi", found.hhi_lo, "number", 2, found.hhi_lo, found.hhi_hi),
            Fact("effective_sellers", found.effective_sellers, "number", 1),
            Fact("cr4", found.cr4, "share"),
            Fact("cr10", found.cr10, "share"),
            Fact("gini", found.gini, "number", 2),
            Fact("gini_all", found.gini_all, "number", 2),
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
        note=_note(came, voice) if rows else "",
        empty=voice.say("no_competition"),
        sheet="competition",
    )


def _note(came: Entrants | None, voice: Voice) -> str:
    if came is None:
        return voice.say("no_entrants")
    return voice.say("entrants_note", weeks=voice.many(came.weeks, "week"))


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


def brand(analysis: Analysis, voice: Voice) -> Section:
    """The largest brand, and whether buyers look for it rather than for a product."""
    found = analysis.competition.brand if analysis.competition else None
    rows: tuple[Row, ...] = ()
    title, note = voice.say("brand"), ""
    if found is not None:
        guard = {True: "yes", False: "no", None: "unknown"}[found.navigational]
        rows = ({"brand": found.brand, "share": found.share, "top3": found.top3, "navigational": guard},)
        title = voice.say("brand_title", brand=found.brand, share=voice.figure(found.share, "share"))
        note = voice.say({"yes": "brand_niche", "no": "brand_note", "unknown": "brand_unknown"}[guard])
    return Section(
        key="brand",
        columns=BRAND,
        rows=rows,
        title=title,
        note=note,
        empty=voice.say("no_brand"),
        sheet="competition",
    )


def barrier(analysis: Analysis, voice: Voice) -> Section:
    """How many reviews the best listings have, and how long a newcomer needs to reach them."""
    found = analysis.competition.review_barrier if analysis.competition else None
    rows: tuple[Row, ...] = ()
    title = voice.say("barrier")
    if found is not None:
        rows = fact_rows(
            Fact("review_median", found.median, "count"),
            Fact("review_p75", found.p75, "count"),
            Fact("review_listings", found.listings, "count"),
            Fact("review_pace", found.pace, "number", 1),
            Fact("review_weeks", found.weeks, "count"),
        )
        title = voice.say("barrier_title", reviews=voice.figure(found.median, "count"))
    return Section(
        key="barrier",
        columns=FACTS,
        rows=rows,
        title=title,
        note=voice.say("barrier_note") if rows else "",
        empty=voice.say("no_barrier"),
        sheet="competition",
    )
