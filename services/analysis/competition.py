"""Who sells in a niche, and how much of it they hold."""

import numpy as np

from contracts.competition import Competition, SellerShare
from contracts.niche import Niche
from services.analysis.barrier import review_barrier
from services.analysis.brands import brand_sales, brand_share
from services.analysis.coded import UNKNOWN
from services.analysis.concentration import gini, top_share
from services.analysis.entrants import RECENT_WEEKS, launched
from services.analysis.ledger import Ledger, Shelf
from services.analysis.terms import hhi_bounds
from services.analysis.weeks import Floats

TOP = 5


def seller_sales(of: Ledger, on: Shelf) -> tuple[Floats, float]:
    """Revenue by seller [sellers], and the revenue that has no seller."""
    named = on.pair_seller != UNKNOWN
    sold = np.bincount(on.pair_seller[named], weights=on.pair_sold[named], minlength=len(of.sellers))
    return sold.astype(np.float64), float(on.pair_sold[~named].sum())


def revenue_per_seller(of: Ledger, on: Shelf) -> float | None:
    """Mean revenue of the sellers with sales over a window; `None` where no seller is known."""
    sold, _ = seller_sales(of, on)
    selling = sold[sold > 0]
    return float(selling.mean()) if len(selling) else None


def newcomer_share(of: Ledger, on: Shelf) -> float | None:
    """Share of revenue of products launched in the last 26 weeks; `None` where no product has a listing date.

    A product without a date counts as an older one.
    """
    since = launched(of)
    if np.isnan(since).all() or on.sold.sum() <= 0:
        return None
    recent = np.nan_to_num(since, nan=-np.inf) >= len(of.numbers) - RECENT_WEEKS
    return float(on.sold[recent].sum() / on.sold.sum())


def competition(of: Ledger, on: Shelf, niche: Niche) -> Competition | None:
    """Listings, sellers and brands over a window, and the barrier of reviews; `None` where nothing was on sale in it.

    HHI is Herfindahl (1950), 1 / HHI the effective number of sellers (from the middle of both bounds), CR4 and CR10
    the share of the four and ten largest sellers.
    """
    products = int(on.present.sum())
    if products == 0:
        return None
    brands = brand_sales(of, on)
    selling = int((on.sold > 0).sum())
    found = Competition(
        products=products,
        products_with_sales=selling,
        share_with_sales=selling / products,
        sellers_listed=int(_listings(of, on).astype(bool).sum()) or None,
        brands=len(brands) or None,
        newcomer_share=newcomer_share(of, on),
        brand=brand_share(brands, float(on.sold.sum()), niche),
        review_barrier=review_barrier(of, on),
    )
    return found.model_copy(update=_sellers(of, on))


def _sellers(of: Ledger, on: Shelf) -> dict[str, object]:
    """The seller figures of a competition; none where no revenue has a seller."""
    sold, nameless = seller_sales(of, on)
    total = float(sold.sum()) + nameless
    if sold.sum() <= 0:
        return {}
    shares, unknown = sold / total, nameless / total
    low, high = hhi_bounds(np.array([(shares**2).sum()]), np.array([shares.sum()]), np.array([unknown]))
    selling = sold > 0
    counts = _listings(of, on, selling=True)
    order = np.argsort(-sold, kind="stable")[:TOP].tolist()
    return {
        "sellers": int(selling.sum()),
        "hhi_lo": float(low[0]),
        "hhi_hi": float(high[0]),
        "effective_sellers": float(2 / (low[0] + high[0])),
        "cr4": top_share(shares, 4),
        "cr10": top_share(shares, 10),
        "gini": gini(sold[selling]),
        "gini_all": gini(sold[_listings(of, on) > 0]),
        "unknown_share": unknown,
        "revenue_per_seller": float(sold.sum() / selling.sum()),
        "top": tuple(
            SellerShare(seller=of.sellers[seller], share=float(shares[seller]), products=int(counts[seller]))
            for seller in order
            if selling[seller]
        ),
    }


def _listings(of: Ledger, on: Shelf, *, selling: bool = False) -> Floats:
    """How many products each seller offers [sellers], or sells."""
    counted = (on.pair_seller != UNKNOWN) & ((on.pair_sold > 0) | (not selling))
    return np.bincount(on.pair_seller[counted], minlength=len(of.sellers)).astype(np.float64)
