"""Whose name is on the goods of a niche, and whether buyers look for that name rather than for the goods."""

from collections import defaultdict

import numpy as np

from contracts.competition import BrandShare
from contracts.niche import Niche
from services.analysis.brand_names import words
from services.analysis.coded import UNKNOWN
from services.analysis.ledger import Ledger, Shelf

HOLDS = 0.5
"""A niche that is named after a brand is the brand's own from this share of the revenue on whose brand is known."""


def brand_sales(of: Ledger, on: Shelf) -> dict[str, float]:
    """Revenue by brand, the largest first, of brands with sales; under their best-selling spelling."""
    named = (of.brand != UNKNOWN) & (on.sold > 0)
    sold = np.bincount(of.brand[named], on.sold[named], len(of.brands))
    spelled: dict[str, str] = {}
    money = defaultdict[str, float](float)
    for code in np.argsort(-sold, kind="stable")[: int((sold > 0).sum())].tolist():
        spelling = spelled.setdefault(words(of.brands[code]), of.brands[code])
        money[spelling] += float(sold[code])
    return dict(sorted(money.items(), key=lambda one: -one[1]))


def brand_share(sales: dict[str, float], total: float, niche: Niche) -> BrandShare | None:
    """The largest brand's share of all revenue, and whether the niche is that brand's own; `None` if none is known.

    A query for a brand has few brands and much demand, which looks like an opening and is none: who searches for
    the name buys the name. Whether it is one is not known where brands are known of less than half of the revenue.
    """
    if not sales or total <= 0:
        return None
    brand, most = next(iter(sales.items()))
    known = sum(sales.values())
    return BrandShare(
        brand=brand,
        share=most / total,
        top3=sum(list(sales.values())[:3]) / total,
        navigational=(most >= HOLDS * known and named_after(niche, brand)) if known >= total / 2 else None,
    )


def named_after(niche: Niche, brand: str) -> bool:
    """Whether the niche's name, path or a keyword holds the brand's words, whole and one after the other."""
    name = words(brand)
    texts = (niche.name, niche.path, *niche.keywords)
    return bool(name) and any(f" {name} " in f" {words(text)} " for text in texts)
