"""Who sold in a window of weeks: products and sellers with sales, and their revenue."""

import numpy as np
import polars as pl

from services.analysis.ledger import Shelf
from services.analysis.terms import Listings, concentration
from services.analysis.weeks import BASE, Floats


def base_window(numbers: range) -> range:
    """The last eight of the weeks."""
    return numbers[-BASE:]


def listings(rows: pl.DataFrame, niches: int) -> Listings:
    """Sales by niche over the given rows (columns niche, product, seller, revenue; niche from 0 to `niches` - 1)."""
    sold = rows.group_by("niche", "product").agg(pl.col("revenue").sum()).filter(pl.col("revenue") > 0)
    products = np.bincount(sold["niche"].to_numpy(), minlength=niches).astype(np.float64)
    sellers = rows.group_by("niche", "seller").agg(pl.col("revenue").sum()).filter(pl.col("revenue") > 0)
    named = sellers.filter(pl.col("seller").is_not_null())
    nameless = sellers.filter(pl.col("seller").is_null())
    place, money = named["niche"].to_numpy(), named["revenue"].to_numpy()
    count = np.bincount(place, minlength=niches).astype(np.float64)
    known = _sum(place, money, niches)
    unknown = _sum(nameless["niche"].to_numpy(), nameless["revenue"].to_numpy(), niches)
    return Listings(
        products=products,
        sellers=np.where(count > 0, count, np.nan),
        seller_revenue=known,
        hhi=concentration(_sum(place, money * money, niches), known, unknown),
    )


def sold_by(counts: Floats, on: Shelf) -> Listings:
    """Products and sellers with sales when each product counts as often as it was drawn [draws, products]."""
    weighed = counts.T[on.pair_product] * on.pair_sold[:, None]  # [pairs, draws]
    seller = on.pair_seller
    begins = np.flatnonzero(np.append(len(seller) > 0, seller[1:] != seller[:-1]))
    sums, nobody = np.add.reduceat(weighed, begins, axis=0), int((seller[:1] < 0).any())
    sellers, unknown = sums[nobody:], sums[:nobody].sum(axis=0)
    known, count = sellers.sum(axis=0), (sellers > 0).sum(axis=0)
    return Listings(
        products=counts @ (on.sold > 0).astype(np.float64),
        sellers=np.where(count > 0, count, np.nan),
        seller_revenue=known,
        hhi=concentration((sellers * sellers).sum(axis=0), known, unknown),
    )


def _sum(place: np.ndarray[tuple[int], np.dtype[np.integer]], money: Floats, size: int) -> Floats:
    return np.bincount(place, weights=money, minlength=size).astype(np.float64)
