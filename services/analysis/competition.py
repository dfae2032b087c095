"""Who sells in a niche, and how much of it they hold."""

import numpy as np

from contracts.findings import Competition, SellerShare
from services.analysis.entrants import RECENT_WEEKS
from services.analysis.ledger import UNKNOWN, Ledger, Shelf
from services.analysis.terms import hhi_bounds
from services.analysis.weeks import Floats

TOP = 5


def seller_sales(of: Ledger, on: Shelf) -> tuple[Floats, float]:
    """Revenue by seller [sellers], and the revenue that has no seller."""
    named = on.pair_seller != UNKNOWN
    sold = np.bincount(on.pair_seller[named], weights=on.pair_sold[named], minlength=len(of.sellers))
    return sold.astype(np.float64), float(on.pair_sold[~named].sum())


def revenue_per_seller(of: Ledger, on: Shelf) -> float | None:
    """Mean revenue of the sellers with sales; `None` where no seller is known."""
    sold, _ = seller_sales(of, on)
    selling = sold[sold > 0]
    return float(selling.mean()) if len(selling) else None


def newcomer_share(of: Ledger, on: Shelf) -> float | None:
    """Share of revenue of products listed in the last 26 weeks; `None` where no product has a listing date.

    A product without a date counts as an older one.
    """
    if np.isnan(of.listed).all() or on.sold.sum() <= 0:
        return None
    recent = np.nan_to_num(of.listed, nan=-np.inf) >= len(of.numbers) - RECENT_WEEKS
    return float(on.sold[recent].sum() / on.sold.sum())


def competition(of: Ledger, on: Shelf) -> Competition | None:
    """Sellers, brands and concentration over a window; `None` where nothing was on sale in it.

    HHI is Herfindahl (1950), 1 / HHI the effective number of sellers (from the middle of both bounds), CR4 the share
    of the four largest sellers.
    """
    products = int(on.present.sum())
    if products == 0:
        return None
    selling = on.sold > 0
    brands = np.unique(of.brand[selling & (of.brand != UNKNOWN)])
    plain = Competition(
        products=products,
        products_with_sales=int(selling.sum()),
        share_with_sales=float(selling.sum() / products),
        brands=len(brands) or None,
        newcomer_share=newcomer_share(of, on),
    )
    sold, nameless = seller_sales(of, on)
    total = float(sold.sum()) + nameless
    if sold.sum() <= 0:
        return plain
    low, high = hhi_bounds(np.array([(sold**2).sum()]), np.array([sold.sum()]), np.array([nameless]))
    order = np.argsort(-sold, kind="stable")
    shares = sold[order] / total
    count = np.bincount(on.pair_seller[(on.pair_seller != UNKNOWN) & (on.pair_sold > 0)], minlength=len(of.sellers))
    return plain.model_copy(
        update={
            "sellers": int((sold > 0).sum()),
            "hhi_lo": float(low[0]),
            "hhi_hi": float(high[0]),
            "effective_sellers": float(2 / (low[0] + high[0])),
            "cr4": float(shares[:4].sum()),
            "unknown_share": nameless / total,
            "revenue_per_seller": float(sold.sum() / (sold > 0).sum()),
            "top": tuple(
                SellerShare(seller=of.sellers[seller], share=float(share), products=int(count[seller]))
                for seller, share in zip(order[:TOP].tolist(), shares[:TOP].tolist(), strict=True)
                if share > 0
            ),
        }
    )
