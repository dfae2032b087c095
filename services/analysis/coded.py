"""A market's tidy rows in order, with numbers for the names: what numpy can group without a string."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from contracts.observation import OBSERVATION_KEY
from services.analysis.brand_names import NO_BRANDS, words
from services.analysis.weeks import Floats, week_of

Codes = NDArray[np.int64]
UNKNOWN = -1
"""The code of a seller or brand that a row does not name."""

_NAMES = ("niche_id", "product_id", "seller_id", "brand")
FIGURES = ("price", "units", "revenue", "rating", "reviews", "in_stock")


@dataclass(frozen=True, slots=True)
class Coded:
    """Rows in the order of niche, product, seller and day (arrays of one length), and where each niche lies.

    `niche` and `product` count through the market, so that a product belongs to one niche; `seller` and `brand` count
    within each niche, in the order of their names, `UNKNOWN` where there is none. `week` and `listed` count from the
    first of the weeks asked for, `day` from any day; figures are NaN where not known. `places` is each niche's number;
    its rows are those from `rows_at` of that number to `rows_at` of the next, its products likewise, `sellers` and
    `brands` its names. After the last niche comes one that has nothing, for those without rows.
    """

    places: dict[str, int]
    rows_at: Codes
    products_at: Codes
    products: list[str]
    sellers: list[tuple[str, ...]]
    brands: list[tuple[str, ...]]
    niche: Codes
    product: Codes
    seller: Codes
    brand: Codes
    week: Codes
    day: Codes
    listed: Floats
    figures: dict[str, Floats]


def coded(rows: pl.DataFrame, numbers: range) -> Coded:
    """Bring the rows of the numbered weeks in order, and give their names numbers."""
    table = (
        rows.lazy()
        .with_columns(week_of(), week_of("listed_on").alias("listed"), pl.struct(_NAMES).rle_id().alias("run"))
        .filter(pl.col("week").is_between(numbers.start, numbers.stop - 1))
        .collect()
    )
    run, day = (table[name].to_physical().cast(pl.Int64).to_numpy() for name in ("run", "day"))
    # A product has a row for each week, but few sellers and brands: names are looked at once for each run of the same.
    begins = np.flatnonzero(np.diff(run, prepend=UNKNOWN))
    run = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(run)))
    runs = table.select(_NAMES)[begins]
    texts = {name: runs[name].drop_nulls().unique().sort() for name in _NAMES}
    texts["brand"] = pl.Series("brand", [name for name in texts["brand"] if words(name) not in NO_BRANDS], pl.String)
    codes = runs.select(_code(name, texts[name]) for name in _NAMES)
    niche, product, seller, brand = (codes[name].to_numpy() for name in _NAMES)
    key = (niche * len(texts["product_id"]) + product) * (len(texts["seller_id"]) + 1) + seller
    step = np.diff(key[run])
    if (step < 0).any() or (np.diff(day)[step == 0] < 0).any():  # a part is in order; to sort costs more than the rest
        return coded(rows.sort(OBSERVATION_KEY, maintain_order=True), numbers)
    first = (np.diff(niche, prepend=UNKNOWN) != 0) | (np.diff(product, prepend=UNKNOWN) != 0)
    names = texts["niche_id"].to_list()
    edges = np.arange(len(names) + 2)
    seller, sellers = _within(niche, seller, texts["seller_id"], edges)
    brand, brands = _within(niche, brand, texts["brand"], edges)
    return Coded(
        places={name: place for place, name in enumerate(names)},
        rows_at=np.searchsorted(niche[run], edges),
        products_at=np.searchsorted(niche[first], edges),
        products=runs["product_id"].filter(pl.Series(first)).to_list(),
        sellers=sellers,
        brands=brands,
        niche=niche[run],
        product=(np.cumsum(first) - 1)[run],
        seller=seller[run],
        brand=brand[run],
        week=table["week"].cast(pl.Int64).to_numpy() - numbers.start,
        day=day,
        listed=_floats(table["listed"]) - numbers.start,
        figures={name: _floats(table[name]) for name in FIGURES},
    )


def _code(name: str, names: pl.Series) -> pl.Expr:
    return pl.col(name).cast(pl.Enum(names), strict=False).to_physical().cast(pl.Int64).fill_null(UNKNOWN)


def _floats(column: pl.Series) -> Floats:
    return column.cast(pl.Float64).fill_null(np.nan).to_numpy()


def _within(niche: Codes, code: Codes, texts: pl.Series, edges: Codes) -> tuple[Codes, list[tuple[str, ...]]]:
    """Each code's place among those of its niche, an unknown one staying unknown; and the names of each niche."""
    size = len(texts) + 1
    pairs, place = np.unique(niche * size + code - UNKNOWN, return_inverse=True)
    named = pairs % size > 0
    at = np.searchsorted(pairs[named] // size, edges)
    local = np.where(named, np.cumsum(named) - 1 - at[pairs // size], UNKNOWN)
    names = texts.gather(pairs[named] % size - 1).to_list()
    return local[place], [tuple(names[start:stop]) for start, stop in pairwise(at.tolist())]
