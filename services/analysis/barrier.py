"""What a newcomer has to climb: the reviews of those whom buyers see first."""

import numpy as np

from contracts.competition import ReviewBarrier
from services.analysis.ledger import Ledger, Shelf

BEST = 10
"""Listings with the most revenue that a newcomer stands beside: about what a first screen shows."""


def review_barrier(of: Ledger, on: Shelf) -> ReviewBarrier | None:
    """Reviews of the ten listings with the most revenue; `None` where they are known of fewer than half of these.

    The pace is that of all listings with sales: one that sells nothing gains no reviews, and is no example.
    """
    selling = np.flatnonzero(on.sold > 0)
    best = selling[np.argsort(-on.sold[selling], kind="stable")[:BEST]]
    reviews = of.reviews[best]
    known = reviews[~np.isnan(reviews)]
    if not len(known) or 2 * len(known) < len(best):
        return None
    median, upper = np.quantile(known, (0.5, 0.75)).tolist()
    paces = of.review_pace[selling]
    paces = paces[~np.isnan(paces)]
    pace = float(np.median(paces)) if len(paces) else None
    return ReviewBarrier(
        median=median,
        p75=upper,
        listings=len(known),
        pace=pace,
        weeks=median / pace if pace else None,
    )
