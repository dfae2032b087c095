"""The niches' own terms, of many niches at once, and what their draws are measured with."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from services.analysis.forecast import damped_filters
from services.analysis.ledger import Ledger, Shelf
from services.analysis.listings import sold_by
from services.analysis.terms import HORIZON, Listings, means, terms_of
from services.analysis.weeks import Floats


@dataclass(frozen=True, slots=True)
class Point:
    """What a niche itself has: its terms and its listings (arrays of one), and how its weeks are forecast.

    `ahead` [weeks, horizon] are the weights that the damped forecast gives its weeks (see `damped_filters`).
    """

    terms: dict[str, Floats]
    listings: Listings
    ahead: Floats


def points(weekly: Floats, books: Sequence[Ledger], shelves: Sequence[Shelf]) -> list[Point]:
    """The own terms of niches: their revenue [niches, weeks], their ledgers, their shelves of the last eight weeks."""
    if not books:
        return []
    each = [sold_by(np.ones((1, len(of.products))), on) for of, on in zip(books, shelves, strict=True)]
    names = [field.name for field in fields(Listings)]
    together = Listings(*(np.concatenate([getattr(one, name) for one in each]) for name in names))
    made, filters = damped_filters(weekly, HORIZON)
    terms = terms_of(means(weekly), made.mean(axis=1), together)
    return [
        Point({name: values[[place]] for name, values in terms.items()}, listings, ahead)
        for place, (listings, ahead) in enumerate(zip(each, filters, strict=True))
    ]
