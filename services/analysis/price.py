"""What is asked in a niche, and where its revenue lies between cheap and dear."""

import numpy as np

from contracts.findings import Price, PriceSegment
from services.analysis.ledger import Shelf
from services.analysis.weeks import Floats

QUANTILES = (5, 25, 50, 75, 95)
BANDS = 5
FEWEST = 10
"""Listings with a price from which on bands are worth drawing."""


def price(on: Shelf, counts: Floats) -> Price | None:
    """Quantiles of the listings' prices and five bands of them; `None` where no listing has a price.

    A listing's price is the median of what it was asked for in the window. `counts` are the bootstrap's draws
    [draws, products] (see `draws.resample`), from which the ratio of a band has its 95 % interval.
    """
    priced = on.present & ~np.isnan(on.price)
    if not priced.any():
        return None
    prices = on.price[priced]
    values = np.quantile(prices, np.array(QUANTILES) / 100)
    quantiles = {f"p{percent}": float(value) for percent, value in zip(QUANTILES, values, strict=True)}
    return Price(quantiles=quantiles, segments=segments(prices, on.sold[priced], counts[:, priced]))


def segments(prices: Floats, sold: Floats, counts: Floats) -> tuple[PriceSegment, ...]:
    """Bands between the quintiles of price (fewer where prices are equal): share of offers, of revenue, and ratio.

    A ratio over one says that a band earns more than its share of the offers. Nothing for under ten listings, one
    price, or no revenue.
    """
    edges = np.unique(np.quantile(prices, np.linspace(0, 1, BANDS + 1)))
    if len(prices) < FEWEST or len(edges) < 3 or sold.sum() <= 0:  # noqa: PLR2004 - three edges are two bands
        return ()
    band = np.clip(np.searchsorted(edges, prices, side="right") - 1, 0, len(edges) - 2)
    member = (band[:, None] == np.arange(len(edges) - 1)).astype(np.float64)
    offers, revenue = member.sum(axis=0), sold @ member
    drawn = _ratios(counts @ member, (counts * sold) @ member)
    found = []
    for index in np.flatnonzero(offers).tolist():
        known = drawn[~np.isnan(drawn[:, index]), index]
        low, high = np.quantile(known, (0.025, 0.975)).tolist() if len(known) else (None, None)
        found.append(
            PriceSegment(
                lo=float(edges[index]),
                hi=float(edges[index + 1]),
                offers=int(offers[index]),
                offer_share=float(offers[index] / offers.sum()),
                revenue=float(revenue[index]),
                revenue_share=float(revenue[index] / revenue.sum()),
                ratio=float(revenue[index] / revenue.sum() / (offers[index] / offers.sum())),
                ratio_lo=low,
                ratio_hi=high,
            )
        )
    return tuple(found)


def _ratios(offers: Floats, revenue: Floats) -> Floats:
    """Revenue share over offer share of each draw and band; NaN for a draw without an offer or revenue in all."""
    all_offers, all_revenue = offers.sum(axis=1, keepdims=True), revenue.sum(axis=1, keepdims=True)
    usable = (offers > 0) & (all_revenue > 0)
    share = revenue / np.where(all_revenue > 0, all_revenue, 1.0)
    return np.where(usable, share * all_offers / np.where(offers > 0, offers, 1.0), np.nan)


def matched_change(before: Shelf, now: Shelf) -> float | None:
    """The median relative change of price of the products that were on sale in both windows.

    Matching products keeps a change of assortment out of it. `None` under five of them.
    """
    both = (before.price > 0) & (now.price > 0)
    if both.sum() < 5:  # noqa: PLR2004 - said in the docstring
        return None
    return float(np.median(now.price[both] / before.price[both]) - 1)
