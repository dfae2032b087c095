"""What is asked in a niche, and where its revenue lies between cheap and dear."""

import numpy as np

from contracts.price import Price, PriceMode, PriceSegment
from services.analysis.breaks import natural_breaks
from services.analysis.ledger import Shelf
from services.analysis.modes import modes
from services.analysis.quantiles import ENDS, deviation, median, quantiles
from services.analysis.weeks import Floats

QUANTILES = {"p5": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
FEWEST = 10
"""Listings with a price from which on modes and segments are worth drawing."""
OFFERS = 5
"""A segment of fewer offers says what single listings do."""
ODD = 2
"""So many of the cheapest and dearest listings, or one of a hundred, do not decide where segments part."""
ALIKE = 0.05
"""Prices nearer to each other than about 5 % are one price to a buyer: 9.90 and 9.99 make no two modes."""


def price(on: Shelf, counts: Floats) -> Price | None:
    """Quantiles, variation, modes and segments of the listings' prices; `None` where no listing has a price.

    A listing's price is the median of what it was asked for in the window; zero is no price. `counts` are the
    bootstrap's draws [draws, products] (see `draws.resample`), from which a segment's ratio has its 95 % interval.
    """
    priced = on.present & (on.price > 0) & np.isfinite(on.price)
    if not priced.any():
        return None
    prices = np.sort(on.price[priced])
    many = len(prices) >= FEWEST
    return Price(
        quantiles=dict(zip(QUANTILES, quantiles(prices, tuple(QUANTILES.values())).tolist(), strict=True)),
        variation=variation(prices),
        # Of the logarithm: prices are compared by ratio, and most lie in a long tail to the dear side.
        modes=tuple(PriceMode(price=float(np.exp(at)), share=share) for at, share in modes(np.log(prices), ALIKE))
        if many
        else (),
        segments=segments(np.where(priced, on.price, np.nan), on.sold, counts) if many else (),
    )


def variation(prices: Floats) -> float | None:
    """The standard deviation (of the population) over the mean of sorted prices; `None` for a single one."""
    scaled = prices / prices[-1]
    return deviation(scaled) * len(scaled) / float(scaled.sum()) if len(prices) > 1 else None


def segments(prices: Floats, sold: Floats, counts: Floats) -> tuple[PriceSegment, ...]:
    """Segments between the natural breaks of the logarithm of price (NaN: no price), from cheap to dear.

    Breaks in price itself would follow the few dearest listings; in its logarithm they part what is so many times
    dearer, whatever the currency. A ratio over one says that a segment earns more than its share of the offers.
    Nothing where there are no two segments of five offers each, or no revenue.
    """
    priced = ~np.isnan(prices)
    edges = _edges(np.sort(prices[priced]))
    parts = len(edges) - 1
    if parts < 2:  # noqa: PLR2004 - said in the docstring
        return ()
    # A listing without a price belongs to no segment, and its revenue to none.
    member = priced[:, None] & (np.searchsorted(edges[1:-1], prices, side="right")[:, None] == np.arange(parts))
    both = np.hstack([member, np.where(member, sold[:, None], 0.0)])
    offers, revenue = both.sum(axis=0).reshape(2, parts)
    if revenue.sum() <= 0:
        return ()
    drawn = counts @ both
    bounds = _bounds(_ratios(drawn[:, :parts], drawn[:, parts:]))
    offer_share, revenue_share = (offers / offers.sum()).tolist(), (revenue / revenue.sum()).tolist()
    return tuple(
        PriceSegment(
            lo=float(edges[part]),
            hi=float(edges[part + 1]),
            offers=int(offers[part]),
            offer_share=offer_share[part],
            revenue=float(revenue[part]),
            revenue_share=revenue_share[part],
            ratio=revenue_share[part] / offer_share[part],
            ratio_lo=low,
            ratio_hi=high,
        )
        for part, (low, high) in enumerate(bounds)
    )


def _edges(prices: Floats) -> Floats:
    """The lowest price, the price that each further segment begins with, and the highest price, of sorted prices."""
    if len(prices) < 2 * OFFERS:
        return prices[:0]
    odd = max(ODD, len(prices) // 100)
    known = np.log(np.clip(prices, prices[odd], prices[-1 - odd]))
    return np.array([prices[0], *prices[natural_breaks(known, OFFERS)[1:]], prices[-1]])


def _ratios(offers: Floats, revenue: Floats) -> Floats:
    """Revenue share over offer share of each draw and segment; NaN for a draw without an offer or revenue in all."""
    with np.errstate(divide="ignore", invalid="ignore"):  # zero over zero is what is not known
        earned, offered = (part / part.sum(axis=1, keepdims=True) for part in (revenue, offers))
        return np.asarray(earned / offered)


def _bounds(drawn: Floats) -> list[tuple[float | None, float | None]]:
    """The ends of the 95 % interval of each segment's draws (NaN: not known), absent where no draw has one."""
    drawn.sort(axis=0)  # what is not known goes last
    known = (~np.isnan(drawn)).sum(axis=0).tolist()
    if min(known) == len(drawn):
        return [(low, high) for low, high in quantiles(drawn, ENDS).T.tolist()]
    return [
        tuple(quantiles(drawn[:count, part], ENDS).tolist()) if count else (None, None)
        for part, count in enumerate(known)
    ]


def matched_change(before: Shelf, now: Shelf) -> float | None:
    """The median relative change of price of the products that were on sale in both windows.

    Matching products keeps a change of assortment out of it. `None` under five of them.
    """
    both = (before.price > 0) & (now.price > 0)
    if both.sum() < 5:  # noqa: PLR2004 - said in the docstring
        return None
    return median(now.price[both] / before.price[both]) - 1
