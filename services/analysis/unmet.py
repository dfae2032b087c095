"""What buyers of a niche do not get: goods that they rate well, and goods that are on the shelf."""

import numpy as np

from contracts.demand import Stock
from contracts.price import RatingGap, Unmet
from services.analysis.ledger import Ledger, Shelf
from services.analysis.weeks import Floats

LIMIT = 4.5
"""Of five stars. Ratings crowd near 4.8, so that half a star less is far below the usual."""
PRIOR_REVIEWS = 25.0
"""The variance of a single review (most are 5 stars, few are 1: about 1) over that of products' true ratings (they
differ by 0.2 stars: 0.04). A prior fitted to each niche's own ratings was no better: within a tenth of the error."""
WORST, BEST = 1.0, 5.0
"""Stars that can be given; marketplaces show 0 for a listing that nobody has rated."""


def unmet(of: Ledger, on: Shelf, stock: Stock | None) -> Unmet | None:
    """The rating gap over a window, and what was out of stock in it; `None` where neither is known."""
    rating = rating_gap(of, on)
    if rating is None and stock is None:
        return None
    return Unmet(
        rating=rating,
        out_of_stock=stock.out_share if stock else None,
        lost_revenue=stock.lost_revenue if stock else None,
    )


def rating_gap(of: Ledger, on: Shelf) -> RatingGap | None:
    """How the listings with sales are rated; `None` where no rating of theirs is known.

    A rating of no review is none. One whose number of reviews is not known counts as having the median number of
    those that tell, or where none tells as many as the prior. `below_share` is of all revenue: what belongs to
    listings without a rating is not taken for badly rated.
    """
    rated = (on.sold > 0) & (of.rating >= WORST) & (of.rating <= BEST) & ~(of.reviews <= 0)
    if not rated.any():
        return None
    sold, reviews = on.sold[rated], of.reviews[rated]
    told = reviews[~np.isnan(reviews)]
    usual = float(np.median(told)) if len(told) else PRIOR_REVIEWS
    ratings = shrunk(of.rating[rated], np.where(np.isnan(reviews), usual, reviews))
    below = ratings < LIMIT
    return RatingGap(
        mean=float(ratings @ sold / sold.sum()),
        limit=LIMIT,
        below=int(below.sum()),
        below_share=float(sold[below].sum() / on.sold.sum()),
        listings=len(ratings),
        prior_reviews=PRIOR_REVIEWS,
    )


def shrunk(ratings: Floats, reviews: Floats) -> Floats:
    """Each rating drawn towards the mean, the more the fewer its reviews (Efron and Morris 1975); one review at least.

    The mean weighs a rating by how sure it is: reviews / (reviews + prior).
    """
    trust = reviews / (reviews + PRIOR_REVIEWS)
    mean = float(trust @ ratings / trust.sum())
    return trust * ratings + (1 - trust) * mean
