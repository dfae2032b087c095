"""The sentences that tell what was found, the most important first."""

from collections.abc import Iterator

from contracts.analysis import Opportunity
from services.analysis.season import CLEAR
from services.analysis.text_teller import Teller

TREND_P, SMALLEST_P = 0.05, 0.001
FEW = 4
OPENINGS = 2
"""Openings that are told; the others stand in their table."""


def evidence(by: Teller) -> Iterator[str]:
    """The sentences of what is known; a niche without sales has only its newcomers."""
    yield from (opening(by, found) for found in by.of.opportunities[:OPENINGS])
    if by.of.demand is not None:
        yield from _sellers(by)
        yield from _economics(by)
        yield from _season(by)
    yield from _newcomers(by)
    if by.of.demand is not None:
        yield from _trend(by)
        yield from _unserved(by)
        yield from _listings(by)


def opening(by: Teller, found: Opportunity) -> str:
    """One opening with its main numbers."""
    known = found.evidence
    if found.kind == "price_gap":
        return by.say(
            "price_gap",
            lo=by.money(known["lo"]),
            hi=by.money(known["hi"]),
            offers=by.share(known["offer_share"]),
            revenue=by.share(known["revenue_share"]),
            ratio=by.number(known["ratio"], 1),
        )
    if found.kind == "rating_gap":
        return by.say(
            "rating_gap",
            share=by.share(known["below_share"]),
            limit=by.number(known["limit"], 1),
            below=by.number(known["below"]),
            listings=by.many(known["listings"], "of_listings"),
        )
    if found.kind == "stock_out":
        return by.say(
            "stock_out",
            products=by.many(known["products_out"], "product"),
            lost=by.money(known["lost_revenue"]),
            share=by.share(known["lost_share"]),
        )
    weeks = by.many(known["weeks_ahead"], "in_weeks")
    return by.say("season_ahead", peak=found.where, weeks=weeks, ratio=by.number(known["peak_ratio"], 1))


def _sellers(by: Teller) -> Iterator[str]:
    found = by.of.competition
    if found is None or found.sellers is None or found.hhi_lo is None or found.effective_sellers is None:
        return
    yield by.say(
        "sellers" if found.sellers > FEW and found.cr4 is not None else "few_sellers",
        sellers=by.many(found.sellers, "seller"),
        cr4=by.share(found.cr4 or 0.0),
        hhi=by.number(found.hhi_lo, 2),
        effective=by.number(found.effective_sellers, 1),
    )


def _economics(by: Teller) -> Iterator[str]:
    found = by.of.economics
    if found is None or found.break_even_cost is None:
        return
    price, cost = by.money(found.price), by.money(found.break_even_cost)
    if found.break_even_cost <= 0:
        yield by.say("hopeless", price=price)
    elif found.margin is None:
        yield by.say("break_even", price=price, cost=cost)
    elif found.margin < 0:
        yield by.say("loss", price=price, margin=by.money(-found.margin), cost=cost)
    else:
        told = by.say("margin", price=price, margin=by.money(found.margin), share=by.share(found.margin_share or 0.0))
        if found.first_batch is not None and found.first_batch_capital is not None:
            pieces = by.many(found.first_batch, "piece")
            told += " " + by.say("batch", pieces=pieces, capital=by.money(found.first_batch_capital))
        yield told


def _season(by: Teller) -> Iterator[str]:
    found = by.of.demand.season if by.of.demand else None
    if found is None or any(opening.kind == "season" for opening in by.of.opportunities[:OPENINGS]):
        return
    strength = by.number(found.strength, 2)
    if found.strength < CLEAR:
        yield by.say("no_season", strength=strength)
    else:
        yield by.say("season", strength=strength, peak=str(found.peak), ratio=by.number(found.peak_ratio, 1))


def _newcomers(by: Teller) -> Iterator[str]:
    """How newcomers fared, and the reviews that they have to catch up with."""
    told = []
    came = by.of.entrants
    if came is not None and came.lo is not None and came.hi is not None:
        n, lo, hi = by.many(came.n, "newcomers"), by.share(came.lo), by.share(came.hi)
        told.append(by.say("entrants", ok=str(came.ok), n=n, reached=by.form(came.ok, "reached"), lo=lo, hi=hi))
    barrier = by.of.competition.review_barrier if by.of.competition else None
    if barrier is not None:
        median = by.number(barrier.median)
        if barrier.pace is None or barrier.weeks is None:
            told.append(by.say("barrier", median=median))
        else:
            weeks = by.many(barrier.weeks, "week")
            told.append(by.say("barrier_weeks", median=median, pace=by.number(barrier.pace, 1), weeks=weeks))
    if told:
        yield " ".join(told)


def _trend(by: Teller) -> Iterator[str]:
    test = by.of.demand.mann_kendall if by.of.demand else None
    if test is None:
        return
    way = "no_trend" if test.p >= TREND_P else "rise" if test.tau > 0 else "fall"
    p = f"< {by.number(SMALLEST_P, 3)}" if test.p < SMALLEST_P else f"= {by.number(test.p, 3)}"
    yield by.say(way, weeks=by.many(by.of.quality.weeks, "week"), tau=by.number(test.tau, 2), p=p)


def _unserved(by: Teller) -> Iterator[str]:
    """What buyers did not get, where that is no opening that was told."""
    opened = {opening.kind for opening in by.of.opportunities[:OPENINGS]}
    stock = by.of.demand.stock if by.of.demand else None
    if stock is not None and stock.out_share > 0 and "stock_out" not in opened:
        how = "stock_inferred" if stock.inferred else "stock"
        yield by.say(how, share=by.share(stock.out_share), lost=by.money(stock.lost_revenue))
    rating = by.of.unmet.rating if by.of.unmet else None
    if rating is not None and rating.below and "rating_gap" not in opened:
        yield by.say("rated", share=by.share(rating.below_share), limit=by.number(rating.limit, 1))


def _listings(by: Teller) -> Iterator[str]:
    found = by.of.competition
    if found is None or not found.products_with_sales or found.products == 1:
        return
    selling, listings = by.number(found.products_with_sales), by.many(found.products, "of_listings")
    if found.revenue_per_seller is None:
        yield by.say("listings", selling=selling, listings=listings)
    else:
        each = by.money(found.revenue_per_seller)
        yield by.say("listings_each", selling=selling, listings=listings, each=each)
