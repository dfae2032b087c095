"""The bootstrap: what the terms would be had the niche other products of the same kind, or other weeks."""

from dataclasses import fields
from hashlib import sha256

import numpy as np

from services.analysis.ledger import Ledger, Shelf
from services.analysis.listings import sold_by
from services.analysis.points import Point
from services.analysis.quantiles import median
from services.analysis.terms import HORIZON, Listings, Means, mean_weights, means, terms_of
from services.analysis.weeks import Floats

DRAWS = 200
FEW_DRAWS, MANY = 50, 20_000
"""From so many products on an interval is narrow whatever is drawn, and 200 draws of them would fill the memory."""

FEW = 3
"""With fewer selling products there is nothing to draw from: every draw would be the niche itself."""
_SMOOTH = 5


def resample(products: int, niche_id: str) -> Floats:
    """How often each product is drawn [draws, products], with replacement; the niche's id is the seed (Efron 1979)."""
    draws = DRAWS if products < MANY else FEW_DRAWS
    if products == 0:
        return np.zeros((draws, 0))
    picks = _generator(niche_id).integers(0, products, (draws, products))
    # A product's draws lie one after the other: what is summed over products then runs over whole rows.
    picks *= draws
    picks += np.arange(draws)[:, None]
    return np.bincount(picks.ravel(), minlength=draws * products).reshape(products, draws).astype(np.float64).T


def drawn_terms(of: Ledger, on: Shelf, counts: Floats, own: Point, seed: str) -> dict[str, Floats]:
    """Every term of every draw, NaN where a draw does not give it.

    Products are drawn; in a niche with fewer than three that sell, the noise of its weeks is drawn instead, and each
    term's draws are moved onto the niche's own value, since smoothed weeks know no steep last one. The forecast of a
    draw smooths its weeks as the niche's own are smoothed, so that all draws are one product of matrices.
    """
    if (on.sold > 0).sum() >= FEW:
        # Means and forecasts are linear in the weeks: a draw's are the sums of its products'.
        weights = np.hstack((mean_weights(of.known), own.ahead))
        sums = counts @ (np.where(of.known, of.revenue, 0.0) @ weights)
        return terms_of(Means(*sums[:, :-HORIZON].T), _ahead(sums[:, -HORIZON:]), sold_by(counts, on))
    weeks = other_weeks(of.weekly, seed, len(counts))
    same = Listings(*(np.repeat(getattr(own.listings, field.name), len(counts)) for field in fields(Listings)))
    drawn = terms_of(means(weeks), _ahead(np.nan_to_num(weeks) @ own.ahead), same)
    return {name: _onto(values, own.terms[name][0]) for name, values in drawn.items()}


def _ahead(weeks: Floats) -> Floats:
    """The mean of the weeks ahead [draws], none of which is under zero."""
    return np.asarray(np.maximum(weeks, 0.0).sum(axis=1) / weeks.shape[1])


def _onto(drawn: Floats, value: float) -> Floats:
    """Move draws so that their median is `value`; nothing is moved where one of the two is not known."""
    known = drawn[~np.isnan(drawn)]
    return drawn if np.isnan(value) or not len(known) else drawn - median(known) + value


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
    if not names:
        return {}
    table = np.array([drawn[name] for name in names])
    rounded = to_six_digits(table[:, ~np.isnan(table).any(axis=0)])
    return {name: tuple(values) for name, values in zip(names, rounded.tolist(), strict=True)}


def to_six_digits(values: Floats) -> Floats:
    """Values rounded to 6 significant digits, each the number that these digits write."""
    size = np.abs(values)
    decimals = 5 - np.floor(np.log10(np.where(size > 0, size, 1.0)))
    up, down = 10.0 ** np.maximum(decimals, 0), 10.0 ** np.maximum(-decimals, 0)
    return np.asarray(np.rint(values * up / down) * down / up)
