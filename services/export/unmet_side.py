"""What buyers do not get in a niche, in tables: goods on the shelf, and well-rated goods."""

from contracts.analysis import Analysis
from services.export.facts import COLUMNS as FACTS
from services.export.facts import Fact, fact_rows, known
from services.export.tables import Row, Section
from services.export.words import Voice


def stock(analysis: Analysis, voice: Voice) -> Section:
    """What was off the shelf, what that cost, and the change of sales without returns to it."""
    found = analysis.demand.stock if analysis.demand else None
    unmet = analysis.unmet
    share = found.out_share if found else known(unmet, "out_of_stock")
    lost = found.lost_revenue if found else known(unmet, "lost_revenue")
    rows: tuple[Row, ...] = ()
    title, note = voice.say("stock"), ""
    if share is not None or lost is not None:
        rows = fact_rows(
            Fact("out_share", share, "share"),
            Fact("products_out", known(found, "products_out"), "count"),
            Fact("lost_revenue", lost, "money"),
            Fact("returned", known(found, "returned"), "count"),
            Fact("stock_change", known(found, "change"), "change"),
        )
        note = voice.say("stock_inferred" if found and found.inferred else "stock_note")
        if share is not None:
            title = voice.say("stock_title", share=voice.figure(share, "share"))
    return Section(
        key="stock",
        columns=FACTS,
        rows=rows,
        title=title,
        note=note,
        empty=voice.say("no_stock"),
        sheet="unmet",
    )


def rating(analysis: Analysis, voice: Voice) -> Section:
    """How well buyers are served, and how much revenue badly rated listings hold."""
    found = analysis.unmet.rating if analysis.unmet else None
    rows: tuple[Row, ...] = ()
    title, note = voice.say("rating"), ""
    if found is not None:
        rows = fact_rows(
            Fact("rating_mean", found.mean, "number", 2),
            Fact("rating_limit", found.limit, "number", 1),
            Fact("below_share", found.below_share, "share"),
            Fact("below", found.below, "count"),
            Fact("rated", found.listings, "count"),
        )
        share, limit = voice.figure(found.below_share, "share"), voice.figure(found.limit, "number", 1)
        title = voice.say("rating_title", share=share, limit=limit)
        note = voice.say("rating_note", reviews=voice.figure(found.prior_reviews, "number"))
    return Section(
        key="rating",
        columns=FACTS,
        rows=rows,
        title=title,
        note=note,
        empty=voice.say("no_rating"),
        sheet="unmet",
    )
