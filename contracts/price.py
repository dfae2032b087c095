"""What is asked in a niche, where its revenue lies between cheap and dear, and what buyers do not get.

Money is in the market's currency, shares run from 0 to 1, `lo` and `hi` of a ratio are the ends of its 95 % interval.
What cannot be computed is absent, never zero.
"""

from contracts.message import Shape


class PriceSegment(Shape):
    """The listings priced from `lo` to `hi`: their share of offers and of revenue, and the second over the first.

    A price of `hi` belongs to the next segment, but to the last one where there is none. `revenue` is of the last
    eight weeks.
    """

    lo: float
    hi: float
    offers: int
    offer_share: float
    revenue: float
    revenue_share: float
    ratio: float
    ratio_lo: float | None = None
    ratio_hi: float | None = None


class PriceMode(Shape):
    """A price around which listings gather: the peak of their density, and the share of listings nearest to it."""

    price: float
    share: float


class Price(Shape):
    """What is asked, over the last eight weeks: quantiles of the listings' prices by percent, modes, and segments.

    `variation` is the standard deviation over the mean. Modes and segments (between natural breaks) go from cheap to
    dear; there are none for under ten listings.
    """

    quantiles: dict[str, float]
    variation: float | None = None
    modes: tuple[PriceMode, ...] = ()
    segments: tuple[PriceSegment, ...] = ()


class RatingGap(Shape):
    """How well buyers are served, over the listings with sales of the last eight weeks.

    `mean` is weighed by revenue and shrunk: a listing's rating counts as if `prior_reviews` reviews of the niche's
    mean rating stood beside its own. `below_share` is the share of all revenue that listings shrunk under `limit`
    have, and `below` their number; `listings` have a rating.
    """

    mean: float
    limit: float
    below: int
    below_share: float
    listings: int
    prior_reviews: float


class Unmet(Shape):
    """What buyers do not get: well-rated goods, and goods that are on the shelf (money a week)."""

    rating: RatingGap | None = None
    out_of_stock: float | None = None
    lost_revenue: float | None = None
