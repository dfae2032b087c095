"""Who sells in a niche, how much of it they hold, and what a newcomer has to climb.

Shares and concentrations run from 0 to 1. What cannot be computed is absent, never zero.
"""

from contracts.message import Shape


class SellerShare(Shape):
    """One seller's share of the revenue of the last eight weeks."""

    seller: str
    share: float
    products: int


class BrandShare(Shape):
    """The largest brand's share of the revenue of the last eight weeks, and of the three largest together.

    `navigational` says that buyers look for a brand here, not for a product: the niche is named after a brand that
    holds at least half of it. It is absent where brands are known of less than half of the revenue.
    """

    brand: str
    share: float
    top3: float
    navigational: bool | None = None


class ReviewBarrier(Shape):
    """Reviews of the ten listings with the most revenue: `median` and `p75`, of the `listings` that tell.

    `pace` is the median number of reviews that one of the niche's listings with sales gains in a week, absent where
    reviews are not known twice; `weeks` is how long a newcomer at that pace needs to reach the median, absent without
    a pace.
    """

    median: float
    p75: float
    listings: int
    pace: float | None = None
    weeks: float | None = None


class Competition(Shape):
    """Who sells, over the last eight weeks.

    `hhi_lo` and `hhi_hi` are bounds: they differ where part of the revenue has no seller (`unknown_share`), and are
    absent, as all seller figures are, where no revenue has one. `gini` is of the revenue of sellers with sales,
    `gini_all` counts those with none too. `sellers` have sales, `sellers_listed` have an offer.
    """

    products: int
    products_with_sales: int
    share_with_sales: float
    sellers: int | None = None
    sellers_listed: int | None = None
    brands: int | None = None
    hhi_lo: float | None = None
    hhi_hi: float | None = None
    effective_sellers: float | None = None
    cr4: float | None = None
    cr10: float | None = None
    gini: float | None = None
    gini_all: float | None = None
    unknown_share: float | None = None
    revenue_per_seller: float | None = None
    newcomer_share: float | None = None
    brand: BrandShare | None = None
    review_barrier: ReviewBarrier | None = None
    top: tuple[SellerShare, ...] = ()


class Entrants(Shape):
    """Products listed in the last `weeks` weeks: `n` of them, `ok` reached the niche's median listing.

    `lo` and `hi` are the 95 % Wilson interval of ok / n, absent with n.
    """

    weeks: int
    n: int
    ok: int
    share: float | None = None
    lo: float | None = None
    hi: float | None = None
