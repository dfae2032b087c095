"""The raw terms of a score, over batches of series: one niche, its draws, a whole market or a past cut alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts.analysis import Term
from services.analysis.forecast import damped
from services.analysis.weeks import BASE, Floats

UNITS = {
    "forecast_growth": "log ratio",
    "momentum_4w": "log ratio",
    "momentum_8w": "log ratio",
    "level": "log money",
    "revenue_per_listing": "log money",
    "revenue_per_seller": "log money",
    "concentration": "hhi",
}

HORIZON = 8
CLIP = float(np.log(100.0))
"""A ratio is held within 1:100 and 100:1: beyond, it says how small its base is, not how fast a niche grows."""


@dataclass(frozen=True, slots=True)
class Listings:
    """Who sold in the last eight weeks, per series: NaN where sellers are not known."""

    products: Floats
    sellers: Floats
    seller_revenue: Floats
    hhi: Floats


def log_ratio(over: Floats, base: Floats) -> Floats:
    """log(over / base) within `CLIP`; NaN where the base is zero or either is not known."""
    over, base = np.asarray(over, dtype=np.float64), np.asarray(base, dtype=np.float64)
    usable = (base > 0) & ~np.isnan(over)
    least = np.finfo(np.float64).tiny  # whose logarithm is beyond `CLIP` too
    raw = np.log(np.where(usable, np.maximum(over, least), 1.0)) - np.log(np.where(usable, base, 1.0))
    return np.where(usable, np.clip(raw, -CLIP, CLIP), np.nan)


def mean_of(weeks: Floats) -> Floats:
    """Mean over the known weeks of each series; NaN unless at least half of them are known."""
    known = ~np.isnan(weeks)
    count = known.sum(axis=1)
    total = np.where(known, weeks, 0.0).sum(axis=1)
    return np.where((count > 0) & (count * 2 >= weeks.shape[1]), total / np.maximum(count, 1), np.nan)


def _log(money: Floats) -> Floats:
    usable = money > 0
    return np.where(usable, np.log(np.where(usable, money, 1.0)), np.nan)


@dataclass(frozen=True, slots=True)
class Means:
    """Mean revenue a week [series]: over the last eight, their halves, and the eight before; NaN where unknown."""

    base: Floats
    recent: Floats
    before: Floats
    earlier: Floats


_WINDOWS = ((BASE, 0), (4, 0), (BASE, 4), (2 * BASE, BASE))
"""The weeks that each of the means is taken over, counted back from the end: the first one, and where it stops."""


def means(revenue: Floats) -> Means:
    """The means of revenue [series, weeks] up to the day of the analysis; what it has no weeks for is not known."""
    n, weeks = revenue.shape
    unknown = np.full(n, np.nan)
    windows = (
        revenue[:, weeks - first : weeks - stop] if weeks >= max(first, BASE) else None for first, stop in _WINDOWS
    )
    return Means(*(unknown if window is None else mean_of(window) for window in windows))


def mean_weights(known: NDArray[np.bool_]) -> Floats:
    """What each week weighs in each of the means [weeks, 4], for series that know the same weeks.

    `revenue @ mean_weights(known)` holds the columns of `means(revenue)`, where unknown weeks of revenue are zero.
    """
    weeks = len(known)
    weights = np.zeros((weeks, len(_WINDOWS)))
    for place, (first, stop) in enumerate(_WINDOWS):
        inside = known[weeks - first : weeks - stop] if weeks >= max(first, BASE) else known[:0]
        count = int(inside.sum())
        if 2 * count >= first - stop:
            weights[weeks - first : weeks - stop, place] = inside / count
        else:
            weights[:, place] = np.nan
    return weights


def raw_terms(revenue: Floats, listings: Listings) -> dict[str, Floats]:
    """Every term of every series of revenue [series, weeks]; NaN where it cannot be computed.

    A series with under eight weeks has no growth and no level, one with under sixteen no eight-week momentum.
    """
    return terms_of(means(revenue), damped(revenue, HORIZON).mean(axis=1), listings)


def terms_of(of: Means, ahead: Floats, listings: Listings) -> dict[str, Floats]:
    """Every term [series] from the means of weeks, the forecast mean of the next eight, and who sold."""
    half = np.where(of.base > 0, of.before, np.nan)
    products = np.where(listings.products > 0, listings.products, np.nan)
    sellers = np.where(listings.sellers > 0, listings.sellers, np.nan)
    growth, four, eight = log_ratio(np.array([ahead, of.recent, of.base]), np.array([of.base, half, of.earlier]))
    each = (of.base, of.base * BASE / products, listings.seller_revenue / sellers)
    level, per_listing, per_seller = _log(np.array(each))
    return {
        "forecast_growth": growth,
        "momentum_4w": np.where(half == 0, CLIP, four),
        "momentum_8w": eight,
        "level": level,
        "revenue_per_listing": per_listing,
        "revenue_per_seller": per_seller,
        "concentration": listings.hhi,
    }


def terms(raw: dict[str, Floats]) -> tuple[Term, ...]:
    """The terms of a batch of one, as scoring hears them."""
    return tuple(
        Term(name=name, raw=None if np.isnan(raw[name][0]) else float(raw[name][0]), unit=unit)
        for name, unit in UNITS.items()
    )


def hhi_bounds(squares: Floats, known: Floats, unknown: Floats) -> tuple[Floats, Floats]:
    """Least and greatest Herfindahl index that revenue by seller allows; NaN where no revenue has a seller.

    `squares` is the sum of the sellers' squared revenues, `known` their sum. Revenue without a seller (`unknown`) may
    belong to very many sellers (it adds nothing) or to one (it adds the square of its share).
    """
    usable = known > 0
    total = np.where(usable, known + unknown, 1.0)
    low = np.where(usable, squares / total**2, np.nan)
    return low, np.where(usable, low + (unknown / total) ** 2, np.nan)


def concentration(squares: Floats, known: Floats, unknown: Floats) -> Floats:
    """The middle of both bounds of the Herfindahl index; NaN where under half of the revenue has a seller."""
    low, high = hhi_bounds(squares, known, unknown)
    return np.where(known >= unknown, (low + high) / 2, np.nan)
