"""Red flags: what is measured beyond a limit that a careful person would set."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from contracts.analysis import RedFlag
from contracts.competition import Competition
from contracts.demand import Demand
from services.analysis.brands import HOLDS
from services.analysis.competition import revenue_per_seller
from services.analysis.ledger import Ledger, Shelf
from services.analysis.price import matched_change
from services.analysis.season import CLEAR
from services.analysis.weeks import BASE

SMALL_PERCENT = 10
FALLING, FALLING_PER_SELLER, PRICE_FALL = -0.2, -0.2, -0.1
FEW_HOLD, SPIKE_SHARE = 0.9, 0.5
RISING = 0.2
"""Growth that a person would enter a niche for; where it is only a return to the shelf he should know."""
BRAND_HOLDS = HOLDS / 2
"""A brand that a niche is named after holds half of what is known by brand, which is half of the revenue at least."""
EXTREME_SEASON = 2.0
"""A best week of twice the mean one: half of what is ordered for it is too much for any other week."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The last eight weeks against the eight before, as relative changes; `None` where not known."""

    revenue_per_seller: float | None = None
    price: float | None = None


def compared(of: Ledger, before: Shelf, now: Shelf) -> Compared:
    """The last eight weeks against the eight before: revenue per seller in a known week, and prices."""
    then, today = revenue_per_seller(of, before), revenue_per_seller(of, now)
    weeks, earlier = int(of.known[-BASE:].sum()), int(of.known[-2 * BASE : -BASE].sum())
    per_seller = (today / weeks) / (then / earlier) - 1 if then and today and weeks and earlier else None
    return Compared(revenue_per_seller=per_seller, price=matched_change(before, now))


def red_flags(
    bought: Demand | None,
    who: Competition | None,
    compared: Compared,
    reference: Mapping[str, tuple[float, ...]] | None = None,
) -> tuple[RedFlag, ...]:
    """The flags that are up, the gravest first, each with its value and limit; what is not known raises none.

    `reference` (quantiles of the market's terms, see `reference.quantiles`) gives the limit of a small turnover: the
    weekly revenue that 10 % of the market's niches stay under. A fall of turnover that hangs on the choice of products
    (the interval reaches above zero) is no flag.
    """
    quantiles = (reference or {}).get("level")
    small = float(np.exp(quantiles[SMALL_PERCENT])) if quantiles else None
    change = bought.change if bought else None
    brand = who.brand if who else None
    found = (
        RedFlag(code="navigational", value=brand.share, limit=BRAND_HOLDS) if brand and brand.navigational else None,
        _under("small_turnover", bought.level if bought else None, small),
        _under("falling_turnover", change.value if change and (change.hi or 0.0) < 0 else None, FALLING),
        _returned(bought),
        _under("falling_revenue_per_seller", compared.revenue_per_seller, FALLING_PER_SELLER),
        _over("few_sellers_hold_most", who.cr4 if who else None, FEW_HOLD),
        _over("few_brands_hold_most", brand.top3 if brand else None, FEW_HOLD),
        _under("price_war", compared.price, PRICE_FALL),
        _spike(bought),
        _extreme(bought),
    )
    return tuple(flag for flag in found if flag is not None)


def _returned(bought: Demand | None) -> RedFlag | None:
    """Growth of which half or more is gone once the weeks off the shelf are filled in."""
    if bought is None or bought.change is None or bought.stock is None or bought.stock.change is None:
        return None
    raw, filled = bought.change.value, bought.stock.change
    return _over("stock_return", raw, RISING) if filled <= min(RISING, raw / 2) else None


def _spike(bought: Demand | None) -> RedFlag | None:
    """Two weeks that hold most of eight; where the niche has a clear season its rise is none."""
    if bought is None or (bought.season is not None and bought.season.strength >= CLEAR):
        return None
    return _over("spike", bought.spike_share, SPIKE_SHARE)


def _extreme(bought: Demand | None) -> RedFlag | None:
    season = bought.season if bought else None
    if season is None or season.strength < CLEAR:
        return None
    return _over("extreme_season", season.peak_ratio, EXTREME_SEASON)


def _under(code: str, value: float | None, limit: float | None) -> RedFlag | None:
    if value is None or limit is None or value >= limit:
        return None
    return RedFlag(code=code, value=value, limit=limit)


def _over(code: str, value: float | None, limit: float) -> RedFlag | None:
    if value is None or value <= limit:
        return None
    return RedFlag(code=code, value=value, limit=limit)
