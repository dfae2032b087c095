"""Concrete openings in a niche, each with evidence that a reader can check."""

import numpy as np

from contracts.analysis import Opportunity
from contracts.findings import Price, PriceSegment
from services.analysis.ledger import Ledger, Shelf
from services.analysis.weeks import BASE

GAP_RATIO, GAP_UNITS_RATIO = 1.5, 1.0
GAP_OFFERS, GAP_SELLERS, GAP_TOP_SHARE = 5, 2, 0.5


def opportunities(of: Ledger, on: Shelf, asked: Price | None) -> tuple[Opportunity, ...]:
    """Price gaps, the largest first.

    A gap is a band of prices that earns at least 1.5 times its share of the offers, surely more than its share (the
    interval of the ratio lies above one), in pieces too (a dear band earns much from few), with five offers or more
    of two sellers or more, of which the best makes at most half, so that it is not one star product. Units and
    sellers that are not known are not asked.
    """
    bands = asked.segments if asked else ()
    found = (_gap(band, _evidence(band, of, on)) for band in bands)
    return tuple(sorted((gap for gap in found if gap is not None), key=lambda gap: -gap.size))


def _gap(band: PriceSegment, evidence: dict[str, float]) -> Opportunity | None:
    pays = band.ratio >= GAP_RATIO and evidence.get("ratio_lo", 0.0) > 1
    moves = evidence.get("units_ratio", GAP_UNITS_RATIO) >= GAP_UNITS_RATIO
    many = band.offers >= GAP_OFFERS and evidence.get("sellers", GAP_SELLERS) >= GAP_SELLERS
    if not (pays and moves and many and evidence["top_share"] <= GAP_TOP_SHARE):
        return None
    where = f"{band.lo:.2f}-{band.hi:.2f}"
    return Opportunity(kind="price_gap", where=where, size=band.revenue / BASE, evidence=evidence)


def _evidence(band: PriceSegment, of: Ledger, on: Shelf) -> dict[str, float]:
    dearest = np.nanmax(on.price)
    inside = (on.price >= band.lo) & ((on.price < band.hi) | (on.price == dearest) & (band.hi >= dearest))
    known: dict[str, float | None] = {
        "lo": band.lo,
        "hi": band.hi,
        "offers": float(band.offers),
        "offer_share": band.offer_share,
        "revenue_share": band.revenue_share,
        "ratio": band.ratio,
        "ratio_lo": band.ratio_lo,
        "ratio_hi": band.ratio_hi,
        "top_share": float(on.sold[inside].max() / band.revenue) if band.revenue > 0 else 1.0,
    }
    if of.units is not None:
        units = of.units[:, -BASE:].sum(axis=1)
        total = units[~np.isnan(on.price)].sum()
        known["units_ratio"] = float(units[inside].sum() / total / band.offer_share) if total > 0 else None
    if len(of.sellers):
        pairs = inside[on.pair_product] & (on.pair_sold > 0) & (on.pair_seller >= 0)
        known["sellers"] = float(len(np.unique(on.pair_seller[pairs])))
    return {name: value for name, value in known.items() if value is not None}
