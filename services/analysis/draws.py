"""The bootstrap: what the terms would be had the niche other products of the same kind, or other weeks."""

from hashlib import sha256

import numpy as np

from services.analysis.ledger import Ledger, Shelf
from services.analysis.terms import Listings, concentration, raw_terms
from services.analysis.weeks import Floats

DRAWS = 200
FEW = 3
"""With fewer selling products there is nothing to draw from: every draw would be the niche itself."""
_SMOOTH = 5


def resample(products: int, niche_id: str, draws: int = DRAWS) -> Floats:
    """How often each product is drawn [draws, products], with replacement; the niche's id is the seed (Efron 1979)."""
    if products == 0:
        return np.zeros((draws, 0))
    picks = _generator(niche_id).integers(0, products, (draws, products))
    flat = picks + np.arange(draws)[:, None] * products
    return np.bincount(flat.ravel(), minlength=draws * products).reshape(draws, products).astype(np.float64)


def sold_by(counts: Floats, on: Shelf) -> Listings:
    """Products and sellers with sales when each product counts as often as it was drawn [draws, products]."""
    draws = len(counts)
    weighed = counts[:, on.pair_product] * on.pair_sold
    named = on.pair_seller >= 0
    unknown = weighed[:, ~named].sum(axis=1)
    starts = np.flatnonzero(np.diff(on.pair_seller[named], prepend=-1))
    sellers = np.add.reduceat(weighed[:, named], starts, axis=1) if len(starts) else np.zeros((draws, 0))
    known, count = sellers.sum(axis=1), (sellers > 0).sum(axis=1)
    return Listings(
        products=counts[:, on.sold > 0].sum(axis=1),
        sellers=np.where(count > 0, count, np.nan),
        seller_revenue=known,
        hhi=concentration((sellers**2).sum(axis=1), known, unknown),
    )


def drawn_terms(of: Ledger, on: Shelf, counts: Floats, niche_id: str) -> dict[str, Floats]:
    """Every term of every draw, NaN where a draw does not give it.

    Products are drawn; in a niche with fewer than three that sell, the noise of its weeks is drawn instead, and each
    term's draws are moved onto the niche's own value, since smoothed weeks know no steep last one.
    """
    if (on.sold > 0).sum() < FEW:
        draws, once = len(counts), sold_by(np.ones((1, len(of.products))), on)
        same = Listings(
            *(np.repeat(part, draws) for part in (once.products, once.sellers, once.seller_revenue, once.hhi))
        )
        drawn, point = raw_terms(other_weeks(of.weekly, niche_id, draws), same), raw_terms(of.weekly[None], once)
        return {name: _onto(values, point[name][0]) for name, values in drawn.items()}
    revenue = np.where(of.known, counts @ of.revenue, np.nan)
    return raw_terms(revenue, sold_by(counts, on))


def _onto(drawn: Floats, value: float) -> Floats:
    """Move draws so that their median is `value`; nothing is moved where one of the two is not known."""
    known = drawn[~np.isnan(drawn)]
    return drawn if np.isnan(value) or not len(known) else drawn - np.median(known) + value


def other_weeks(weekly: Floats, niche_id: str, draws: int = DRAWS) -> Floats:
    """Weeks as they could have been [draws, weeks]: a centred five-week mean and residuals drawn anew, never below 0.

    The residual bootstrap (Efron and Tibshirani 1993, ch. 9); residuals are widened by what the mean took of them.
    """
    known = ~np.isnan(weekly)
    if not known.any():
        return np.full((draws, len(weekly)), np.nan)
    size = min(_SMOOTH, len(weekly))
    window = np.ones(size)
    weight = np.convolve(known, window, mode="same")
    mean = np.convolve(np.where(known, weekly, 0.0), window, mode="same") / np.maximum(weight, 1.0)
    residual = (weekly - mean)[known] / np.sqrt(1 - 1 / max(size, 2))
    picks = _generator(niche_id).integers(0, len(residual), (draws, len(weekly)))
    return np.where(known, np.maximum(mean + residual[picks], 0.0), np.nan)


def _generator(niche_id: str) -> np.random.Generator:
    return np.random.default_rng(int.from_bytes(sha256(niche_id.encode()).digest()[:8]))


def centred(drawn: dict[str, Floats], point: dict[str, Floats]) -> dict[str, Floats]:
    """Move the draws of the seller terms onto the niche's own value.

    Products drawn with replacement always miss some sellers, so that these terms are too high in every draw: their
    spread is right, their middle is not.
    """
    moved = dict(drawn)
    for name in ("revenue_per_seller", "concentration"):
        values = drawn[name][~np.isnan(drawn[name])]
        if len(values) and not np.isnan(point[name][0]):
            moved[name] = drawn[name] - values.mean() + point[name][0]
    moved["concentration"] = np.clip(moved["concentration"], 0.0, 1.0)
    return moved


def complete(drawn: dict[str, Floats], point: dict[str, Floats]) -> dict[str, tuple[float, ...]]:
    """The draws of each term that the niche itself has, to 6 digits; draws that lack one of them are left out of all.

    So the n-th values of all terms belong to one draw.
    """
    names = [name for name, value in point.items() if not np.isnan(value[0])]
    whole = ~np.any([np.isnan(drawn[name]) for name in names], axis=0) if names else np.zeros(0, dtype=np.bool_)
    return {name: tuple(float(f"{value:.6g}") for value in drawn[name][whole]) for name in names}
