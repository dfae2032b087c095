"""Concrete openings in a niche, each with evidence that a reader can check."""

from datetime import date, timedelta

import numpy as np

from contracts.analysis import Opportunity
from contracts.demand import Demand
from contracts.price import Price, Unmet
from services.analysis.ledger import Ledger, Shelf
from services.analysis.opportunities_price import GAP_SELLERS, GAP_TOP_SHARE, price_gaps
from services.analysis.season import CLEAR, YEAR
from services.analysis.unmet import WORST
from services.analysis.weeks import BASE

BADLY_RATED_SHARE = 0.3
"""Where buyers leave a third of their money at badly rated goods, better ones can take some; less is usual."""
RATED, BADLY_RATED = 10, 5
"""Rated listings with sales, and badly rated ones among them, from which on a share of them means something."""

PRODUCTS_OUT = 3
"""Of one or two products it may be the end of them."""
LOST_SHARE = {False: 0.05, True: 0.1}
"""Lost revenue, as a share of what is sold in a week, that is worth a delivery: as told, and as inferred.

Where silences have to tell, chance makes some: of random niches whose products sell in 60 to 95 of 100 weeks and are
never off the shelf, up to 11 % lose a twentieth in this way, and up to 5 % a tenth.
"""

PEAK_RATIO = 1.3
"""A best week of a third more than the mean one pays for an order of its own."""
AHEAD = (4, 26)
"""Weeks to the peak: sooner nothing that is ordered now arrives, later another analysis will tell."""


def opportunities(
    of: Ledger, on: Shelf, asked: Price | None, unmet: Unmet | None, bought: Demand | None, as_of: date
) -> tuple[Opportunity, ...]:
    """All openings, that with the most money a week first.

    Price gaps (see `price_gaps`), goods that are rated badly and bought all the same, goods that were not on the shelf,
    and a season to order for. `on` is the shelf of the last eight weeks. What is not known opens nothing.
    """
    others = (rating_gap(of, on, unmet), stock_out(bought), season(of, bought, as_of))
    found = [*price_gaps(of, on, asked), *(opening for opening in others if opening is not None)]
    return tuple(sorted(found, key=lambda opening: -opening.size))


def rating_gap(of: Ledger, on: Shelf, unmet: Unmet | None) -> Opportunity | None:
    """Revenue of badly rated listings: much of the niche's, of five listings and two sellers or more, and no star.

    Ratings are shrunk (see `unmet`), and as much must be of listings whose own reviews weigh more than that: a few
    angry buyers are no opening. `where` is the limit of stars, `size` what these listings sell in a week.
    """
    gap = unmet.rating if unmet else None
    if gap is None or gap.listings < RATED or gap.below_share < BADLY_RATED_SHARE:
        return None
    # Those whose own reviews outweigh the prior; where their number is not told, nothing speaks against them.
    bad = (of.rating >= WORST) & (of.rating < gap.limit) & ~(of.reviews < gap.prior_reviews) & (on.sold > 0)
    sold = float(on.sold.sum())
    if bad.sum() < BADLY_RATED or on.sold[bad].sum() < BADLY_RATED_SHARE * sold:
        return None
    money = sold * gap.below_share
    top = float(on.sold[bad].max() / money)
    evidence = {
        "limit": gap.limit,
        "mean": gap.mean,
        "below": float(gap.below),
        "below_share": gap.below_share,
        "listings": float(gap.listings),
        "top_share": top,
    }
    if len(of.sellers):
        pairs = bad[on.pair_product] & (on.pair_sold > 0) & (on.pair_seller >= 0)
        evidence["sellers"] = float(len(np.unique(on.pair_seller[pairs])))
    if top > GAP_TOP_SHARE or evidence.get("sellers", GAP_SELLERS) < GAP_SELLERS:
        return None
    return Opportunity(kind="rating_gap", where=f"{gap.limit:g}", size=money / BASE, evidence=evidence)


def stock_out(bought: Demand | None) -> Opportunity | None:
    """Goods that sold and were off the shelf in the last eight weeks: three or more, and 5 % of the niche's revenue.

    It takes 10 % where the data do not tell and silences were taken for it. `where` is their number, `size` what they
    would have sold in a week.
    """
    stock = bought.stock if bought else None
    if bought is None or stock is None or stock.products_out < PRODUCTS_OUT:
        return None
    if bought.level <= 0 or stock.lost_revenue < LOST_SHARE[stock.inferred] * bought.level:
        return None
    evidence = {
        "products_out": float(stock.products_out),
        "out_share": stock.out_share,
        "lost_revenue": stock.lost_revenue,
        "lost_share": stock.lost_revenue / bought.level,
        "inferred": float(stock.inferred),
    }
    return Opportunity(kind="stock_out", where=str(stock.products_out), size=stock.lost_revenue, evidence=evidence)


def season(of: Ledger, bought: Demand | None, as_of: date) -> Opportunity | None:
    """A clear season with a high peak that lies 4 to 26 weeks ahead.

    `where` is the ISO week of the peak, `size` what it brings over the mean week of the last year.
    """
    yearly = bought.season if bought else None
    if yearly is None or yearly.strength < CLEAR or yearly.peak_ratio < PEAK_RATIO:
        return None
    weeks = (next_monday(yearly.peak, as_of) - as_of).days // 7
    year = of.weekly[-YEAR:]
    if not AHEAD[0] <= weeks <= AHEAD[1] or np.isnan(year).all():
        return None
    mean = float(np.nanmean(year))
    evidence = {
        "strength": yearly.strength,
        "peak_ratio": yearly.peak_ratio,
        "weeks_ahead": float(weeks),
        "mean_week": mean,
    }
    return Opportunity(kind="season", where=str(yearly.peak), size=mean * (yearly.peak_ratio - 1), evidence=evidence)


def next_monday(week: int, after: date) -> date:
    """The first Monday after a day that begins the ISO week of that number; 53 counts as 52, for few years have it."""
    day = after + timedelta(days=7 - after.weekday())
    while day.isocalendar().week != min(week, YEAR):
        day += timedelta(weeks=1)
    return day
