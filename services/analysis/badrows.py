"""Rows that cannot be true: found, left out, and kept as a table that says why."""

from collections.abc import Collection

import polars as pl

from contracts.observation import OBSERVATION_KEY

OUTLIER = 10.0
"""A price this many times over or under its product's median is an error of the source, not a price."""
FEWEST_PRICES = 3

APART = 3.0
"""Revenue and price times units that differ by more than this factor do not belong together.

A price shown before a discount of two thirds still passes; the usual errors (a month beside a day, a lost decimal,
hundredths of the money) are greater.
"""

REASONS = ("future", "negative", "inconsistent", "duplicate", "price_outlier", "after_as_of")
"""Why a row is left out, in the order that a person should hear it; the last one is no fault of the row."""

_WHY = pl.Enum(REASONS)
_NUMBERS = ("price", "units", "revenue")
_PRODUCT = ("niche_id", "product_id")
_ROW = ("niche_id", "product_id", "seller_id", "day")


def bad(
    rows: pl.DataFrame, why: str | pl.Expr, value: pl.Expr | None = None, limit: pl.Expr | None = None
) -> pl.DataFrame:
    """The rows as a table of bad ones: what names them, `why`, the wrong `value`, the `limit` it was held against."""
    nothing = pl.lit(None, pl.Float64)
    return rows.select(
        *_ROW,
        (pl.lit(why) if isinstance(why, str) else why).cast(_WHY).alias("why"),
        (nothing if value is None else value).alias("value"),
        (nothing if limit is None else limit).alias("limit"),
    )


LEAST, MOST = 1e-9, 1e15
"""No price, count or revenue lies beyond these: squares of what does would be none, or endless."""


def valid(frame: pl.DataFrame, pseudo: Collection[str] = ()) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Rows that can be true, in order, and tables of the bad ones (see `bad`); each is judged without any other day.

    Of rows with one key the last stays. Price and revenue are filled where the other two of price, units and revenue
    give them; a row without data keeps its place (its week is unknown, not zero) but loses its numbers, and a number
    that is nobody's (see `MOST`) is not known. `pseudo` are names that stand for no seller: their rows have none.
    """
    price, units, revenue = (pl.col(name) for name in _NUMBERS)
    paid = price * units
    negative = pl.min_horizontal(_NUMBERS) < 0
    told = pl.col("has_data") & (price > 0) & paid.is_finite() & revenue.is_finite()
    # Sales for no money, and money for no sales, are apart by any factor.
    apart = told & ((revenue > APART * paid) | (paid > APART * revenue))
    wrong = frame.select(pl.when(negative).then(1).when(apart).then(2).alias("wrong"))["wrong"]
    found: list[pl.DataFrame] = []
    rows = frame
    if wrong.count():
        found = [
            bad(frame.filter(wrong == 1), "negative", pl.min_horizontal(_NUMBERS), pl.lit(0.0)),
            bad(frame.filter(wrong == 2), "inconsistent", revenue, paid),  # noqa: PLR2004 - the code given above
        ]
        rows = frame.filter(wrong.is_null())
    repeated = _repeated(rows)
    if repeated is not None:
        found.append(bad(rows[repeated], "duplicate"))
        rows = all_but(rows, repeated)
    known = rows.lazy().with_columns(
        pl.when(pl.col("has_data") & _believed(pl.col(name))).then(pl.col(name)).alias(name) for name in _NUMBERS
    )
    filled = known.with_columns(
        revenue.fill_null(pl.when(_believed(paid)).then(paid)),
        price.fill_null(pl.when((units > 0) & (revenue > 0)).then(revenue / units)),
    )
    return nameless(filled.collect(), pseudo), found


def _believed(amount: pl.Expr) -> pl.Expr:
    return (amount == 0) | amount.abs().is_between(LEAST, MOST)


def nameless(rows: pl.DataFrame, pseudo: Collection[str]) -> pl.DataFrame:
    """The rows, those of pseudo sellers without a seller: what they sold counts, and belongs to nobody."""
    if not pseudo:
        return rows
    seller = pl.col("seller_id")
    return rows.with_columns(pl.when(~seller.is_in(list(pseudo))).then(seller).alias("seller_id"))


def all_but(rows: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
    """The rows but those that stand at the places `at`."""
    return rows.filter(pl.repeat(True, rows.height, dtype=pl.Boolean, eager=True).scatter(at, [False]))


def without_outliers(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose price is within ten times of their product's median price in these very rows.

    Of two prices nobody can say which is wrong, so a product needs three to be judged.
    """
    odd = odd_prices(rows)
    return rows if odd is None else all_but(rows, odd["at"])


def odd_prices(rows: pl.DataFrame) -> pl.DataFrame | None:
    """Where the prices stand that `without_outliers` leaves out: `at` (row), `price`, `median`; `None` for none."""
    price = pl.col("price")
    product = _mark(*_PRODUCT).alias("product")
    # Only a product whose extremes are that far apart can have an outlier; few have, so the median is taken of few.
    wide = (
        rows.lazy()
        .select(product, price)
        .filter(price > 0)
        .group_by("product")
        .agg(price.min().alias("low"), price.max().alias("high"), pl.len().alias("prices"))
        .filter((pl.col("high") > OUTLIER * pl.col("low")) & (pl.col("prices") >= FEWEST_PRICES))
        .select("product")
        .collect()
    )
    if wide.is_empty():
        return None
    median, prices = (value.over(_PRODUCT) for value in (price.median(), pl.len()))
    odd = (
        rows.lazy()
        .select(*_PRODUCT, "price", product)
        .with_row_index("at")
        .filter(price > 0)
        .join(wide.lazy(), on="product", how="semi")
        .with_columns(median.alias("median"), prices.alias("prices"))
        .filter(pl.col("prices") >= FEWEST_PRICES)
        .filter((price > OUTLIER * pl.col("median")) | (price < pl.col("median") / OUTLIER))
        .select("at", "price", "median")
        .sort("at")
        .collect()
    )
    return odd if odd.height else None


def _repeated(rows: pl.DataFrame) -> pl.Series | None:
    """Where the rows stand that a later one with the same key repeats; `None` for none."""
    marks = rows.select(_mark(*OBSERVATION_KEY))["mark"]
    if marks.n_unique() == rows.height:  # keys without a double, the usual case, are told apart by their hashes
        return None
    suspects = rows.select(OBSERVATION_KEY).with_row_index("at").filter(marks.is_duplicated())
    last = suspects.unique(OBSERVATION_KEY, keep="last")
    repeated = suspects.join(last, on="at", how="anti")["at"]
    return repeated.sort() if len(repeated) else None


def _mark(*columns: str) -> pl.Expr:
    """One number for what the columns hold together; different rows may share it, though hardly ever."""
    hashes = [pl.col(name).hash(seed) for seed, name in enumerate(columns)]
    mark = hashes[0]
    for another in hashes[1:]:
        mark = mark ^ another
    return mark.alias("mark")
