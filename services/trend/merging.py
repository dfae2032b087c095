"""One row per niche, product, seller and day."""

import polars as pl

from contracts.observation import OBSERVATION_KEY


def merge(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum what was sold under one key; the price is the mean by units, the rest what was said last or at most.

    A sum in which nothing is known stays unknown.
    """
    alone = ~pl.struct(OBSERVATION_KEY).is_duplicated()
    single = rows.with_columns(alone.alias("alone"))
    repeated = single.filter(~pl.col("alone")).drop("alone")
    single = single.filter("alone").drop("alone")
    if repeated.is_empty():
        return single
    priced = pl.col("price").is_not_null() & (pl.col("units") > 0)
    paid = (pl.col("price") * pl.col("units")).filter(priced).sum()
    sold = pl.col("units").filter(priced).sum()
    summed = repeated.group_by(OBSERVATION_KEY, maintain_order=True).agg(
        _sum("units"),
        _sum("revenue"),
        pl.when(sold > 0).then(paid / sold).otherwise(pl.col("price").mean()).alias("price"),
        *(pl.col(name).drop_nulls().last() for name in ("brand", "rating")),
        pl.col("reviews").max(),
        pl.col("in_stock").max(),
        pl.col("listed_on").min(),
    )
    return pl.concat([single, summed.select(single.columns)])


def _sum(name: str) -> pl.Expr:
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)
