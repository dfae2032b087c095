"""The panel that a backtest judges: every term at past cuts from the past alone, and what happened after each."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from contracts.panel import Leakage
from services.analysis.errors import TooLittleHistoryError
from services.analysis.market import MarketTerms, Rows, coded, market_terms
from services.analysis.terms import UNITS, log_ratio, mean_of
from services.analysis.weeks import BASE, Floats, full_weeks, monday, span_of, week_of

FIRST_CUT, STEP = 16, 2
ALTERED = 7.0
"""Future rows are multiplied by this in the leakage test."""


@dataclass(frozen=True, slots=True)
class Panel:
    """`table`: a row per cut and eligible niche; `launches`: a row per product launched after a cut in such a niche."""

    table: pl.DataFrame
    launches: pl.DataFrame
    cuts: tuple[int, ...]
    niches: int
    leakage: Leakage


def cuts_of(weeks: int, horizon: int) -> tuple[int, ...]:
    """Numbers of past weeks to cut at: every second one that leaves `horizon` weeks of outcome."""
    return tuple(range(FIRST_CUT, weeks - horizon + 1, STEP))


def build_panel(
    frame: pl.DataFrame,
    names: Mapping[str, str],
    horizon: int = BASE,
    floor: float | None = None,
    pseudo_sellers: Collection[str] = (),
) -> Panel:
    """Build panel, launches and leakage test from a market's observations (`names`: niche id to what a person reads).

    Outcome of a niche: log of its mean week in the next `horizon` over its mean week in the last eight. A launch is a
    product whose `listed_on` lies in the two weeks after a cut; its outcome is its revenue in its first eight weeks.
    Raises `TooLittleHistoryError` when there is no cut that leaves an outcome.
    """
    rows = coded(frame, pseudo_sellers)
    span = span_of(rows.frame, date.max)
    numbers = full_weeks(span, span.last) if span else range(0)
    cuts = cuts_of(len(numbers), horizon)
    if span is None or not cuts:
        raise TooLittleHistoryError(
            f"the market has {len(numbers)} full weeks, a backtest needs {FIRST_CUT + horizon}: import a longer history"
        )
    whole = market_terms(rows, span.last, floor)
    launched = _launched(rows.frame, numbers)
    tables, launches = [], []
    leaks: list[tuple[int, float]] = []
    for cut in cuts:
        day = monday(numbers[cut]) - timedelta(days=1)
        past = market_terms(rows, day, floor)
        leaks.extend(_leaks(rows, past, day, floor))
        table = _table(past, whole.revenue[:, cut : cut + horizon], rows.niches, names, cut, day)
        tables.append(table)
        launches.append(_launches_after(cut, launched, table, rows))
    table = pl.concat(tables)
    columns = (*UNITS, "eligible")
    return Panel(
        table=table,
        launches=pl.concat(launches),
        cuts=cuts,
        niches=table["niche_id"].n_unique(),
        leakage=Leakage(columns=columns, cells=sum(n for n, _ in leaks), max_difference=max(d for _, d in leaks)),
    )


def _table(
    past: MarketTerms, ahead: Floats, niches: tuple[str, ...], names: Mapping[str, str], cut: int, day: date
) -> pl.DataFrame:
    ids = [niche for niche, counts in zip(niches, past.eligible, strict=True) if counts]
    growth = log_ratio(mean_of(ahead), mean_of(past.revenue[:, -BASE:]))[past.eligible]
    return pl.DataFrame(
        {
            "niche_id": ids,
            "name": [names.get(niche, niche) for niche in ids],
            **{name: past.terms[name][past.eligible] for name in UNITS},
            "growth": growth,
        },
        schema_overrides={"niche_id": pl.String, "name": pl.String},
        nan_to_null=True,
    ).select(pl.lit(cut).alias("cut"), pl.lit(day).alias("cut_day"), pl.all())


def _launched(rows: pl.DataFrame, numbers: range) -> pl.DataFrame:
    """Products with a listing date: niche, product, the week counted from the first, revenue in its first 8 weeks."""
    return (
        rows.lazy()
        .filter(pl.col("listed_on").is_not_null())
        .with_columns(week_of("listed_on").alias("listed"))
        .filter(pl.col("week").is_between(pl.col("listed"), pl.col("listed") + BASE - 1))
        .filter(pl.col("listed") + BASE <= numbers.stop)
        .group_by("niche_id", "product_id", "listed")
        .agg(pl.col("revenue").sum())
        .sort("niche_id", "product_id", "listed")
        .with_columns(pl.col("listed") - numbers.start)
        .collect()
    )


def _launches_after(cut: int, launched: pl.DataFrame, table: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    niches, products = np.array(rows.niches, dtype=object), np.array(rows.products, dtype=object)
    found = launched.filter(pl.col("listed").is_between(cut, cut + STEP - 1))
    return (
        pl.DataFrame(
            {
                "niche_id": niches[found["niche_id"].to_numpy()],
                "product_id": products[found["product_id"].to_numpy()],
                "revenue": found["revenue"],
            },
            schema={"niche_id": pl.String, "product_id": pl.String, "revenue": pl.Float64},
        )
        .join(table.select("niche_id"), on="niche_id", how="semi")
        .select(pl.lit(cut).alias("cut"), pl.all())
    )


def _leaks(rows: Rows, past: MarketTerms, day: date, floor: float | None) -> Iterator[tuple[int, float]]:
    """Compared cells and their largest difference, once without the future rows and once with them altered."""
    future = pl.col("day") > day
    removed = rows.frame.filter(~future)
    altered = rows.frame.with_columns(
        pl.when(future).then(pl.col(name) * ALTERED).otherwise(pl.col(name)).alias(name)
        for name in ("price", "units", "revenue")
    )
    for frame in (removed, altered):
        again = market_terms(Rows(frame, rows.niches, rows.products), day, floor)
        pairs = [(past.terms[name], again.terms[name]) for name in UNITS]
        pairs.append((past.eligible.astype(np.float64), again.eligible.astype(np.float64)))
        yield sum(len(before) for before, _ in pairs), max(_difference(before, after) for before, after in pairs)


def _difference(before: Floats, after: Floats) -> float:
    """The largest difference; a value that appears or disappears differs by its whole size, or at least by one."""
    one, other = np.isnan(before), np.isnan(after)
    apart = np.abs(np.where(one, 0.0, before) - np.where(other, 0.0, after))
    return float(np.where(one != other, np.maximum(apart, 1.0), apart).max(initial=0.0))
