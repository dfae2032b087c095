"""Price gaps: prices at which listings sell far more than their share of the offers."""

import numpy as np
from numpy.typing import NDArray

from contracts.analysis import Opportunity
from contracts.price import Price, PriceSegment
from services.analysis.ledger import Ledger, Shelf
from services.analysis.weeks import BASE, Floats

GAP_RATIO = 1.5
"""Half as much again as an ordinary offer earns: less is not worth a price of one's own."""
GAP_OFFERS, GAP_SELLERS = 8, 2
"""What fewer offers, or one seller alone, do is their own story (a brand, a contract), not an opening."""
GAP_TOP_SHARE = 1 / 3
"""One listing that makes more than a third of it is a star; the others beside it are ordinary."""
_Z = 2.576
"""99 % of a bell curve: up to five segments of a niche are looked at, and each may seem a gap by chance."""


def price_gaps(of: Ledger, on: Shelf, asked: Price | None) -> list[Opportunity]:
    """The segments of prices that are gaps.

    A gap earns at least 1.5 times its share of the offers, and surely more than its share: in money, and in pieces too
    (a dear segment earns much from few), for the interval of each ratio lies above one. It has eight offers or more, of
    two sellers or more, of which the best makes at most a third. Units and sellers that are not known are not asked.

    Of random niches of 15 to 400 listings whose sales do not hang on the price, in money or in pieces, 0 to 2.3 % have
    such a gap; of those where a quarter of the prices sells four times as well, up to 44 %. Of the demo market's niches
    1 to 3 % have one, and a third as many once their prices are dealt anew: such a gap is a lead, no proof.
    """
    pays = [segment for segment in (asked.segments if asked else ()) if _pays(segment)]
    found = ((segment, _evidence(segment, of, on)) for segment in pays)
    return [_gap(segment, evidence) for segment, evidence in found if _sells(evidence)]


def _pays(segment: PriceSegment) -> bool:
    sure = segment.ratio_lo is not None and segment.ratio_lo > 1
    return segment.ratio >= GAP_RATIO and sure and segment.offers >= GAP_OFFERS


def _sells(evidence: dict[str, float]) -> bool:
    moves = evidence.get("units_ratio_lo", 0.0) > 1 or "units_ratio" not in evidence
    return moves and evidence.get("sellers", GAP_SELLERS) >= GAP_SELLERS and evidence["top_share"] <= GAP_TOP_SHARE


def _gap(segment: PriceSegment, evidence: dict[str, float]) -> Opportunity:
    where = f"{segment.lo:.2f}-{segment.hi:.2f}"
    return Opportunity(kind="price_gap", where=where, size=segment.revenue / BASE, evidence=evidence)


def _evidence(segment: PriceSegment, of: Ledger, on: Shelf) -> dict[str, float]:
    dearest = np.nanmax(on.price)
    inside = (on.price >= segment.lo) & ((on.price < segment.hi) | (on.price == dearest) & (segment.hi >= dearest))
    known: dict[str, float | None] = {
        "lo": segment.lo,
        "hi": segment.hi,
        "offers": float(segment.offers),
        "offer_share": segment.offer_share,
        "revenue_share": segment.revenue_share,
        "ratio": segment.ratio,
        "ratio_lo": segment.ratio_lo,
        "ratio_hi": segment.ratio_hi,
        "top_share": float(on.sold[inside].max() / segment.revenue) if segment.revenue > 0 else 1.0,
    }
    if of.units is not None:
        units = of.units[:, -BASE:].sum(axis=1)
        # Where pieces of some listings are not known, their share of all is not either.
        known |= {} if np.isnan(units[on.price > 0]).any() else units_ratio(units[on.price > 0], inside[on.price > 0])
    if len(of.sellers):
        pairs = inside[on.pair_product] & (on.pair_sold > 0) & (on.pair_seller >= 0)
        known["sellers"] = float(len(np.unique(on.pair_seller[pairs])))
    return {name: value for name, value in known.items() if value is not None}


def units_ratio(units: Floats, inside: NDArray[np.bool_]) -> dict[str, float]:
    """Share of pieces over share of listings, and where its 99 % interval begins and ends.

    The interval is of the infinitesimal jackknife of the logarithm (Jaeckel 1972): what each listing adds to it.
    """
    total, within, offers = units.sum(), units[inside].sum(), inside.sum()
    if total <= 0 or within <= 0:
        return {"units_ratio": 0.0} if total > 0 else {}
    ratio = float(within / total / (offers / len(units)))
    pull = inside * (units / within - 1 / offers) - (units / total - 1 / len(units))
    wide = float(np.exp(_Z * np.sqrt((pull**2).sum())))
    return {"units_ratio": ratio, "units_ratio_lo": ratio / wide, "units_ratio_hi": ratio * wide}
