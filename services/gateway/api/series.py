"""What was sold week by week, as it was observed: a niche's, or a whole market's."""

import asyncio
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from contracts.message import Shape
from contracts.observation import ImportReport
from services.chassis.observations import read_market, read_niches
from services.chassis.store import Document
from services.gateway.deps import Deps, Here
from services.gateway.find import market_of, niche_of
from services.gateway.routes import Routes, read

router = Routes(prefix="/v1", tags=["niches"])
_KEPT = 8

Weekly = dict[date, float | None]


class SeriesQuery(BaseModel):
    """Which weeks to answer, by their Mondays; by default all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: date = Field(date.min, alias="from", description="The first Monday.")
    until: date = Field(date.max, alias="to", description="The last Monday.")


class SeriesPoint(Shape):
    """The revenue of the week that begins on Monday `week`; zero where others sold and the niche did not."""

    week: date
    revenue: float


class Series(Shape):
    """Revenue by full ISO weeks. A week of which the market knows nothing is left out: it is not zero."""

    market: str
    niche_id: str | None = None
    currency: str
    grain: Literal["week"] = "week"
    points: tuple[SeriesPoint, ...] = ()


class _Imports(Shape):
    """The part of an import's document that says where its observations lie."""

    id: str
    report: ImportReport


@router.get("/niches/{niche_id}/series")
async def get_niche_series(deps: Here, niche_id: str, query: Annotated[SeriesQuery, Query()]) -> Series:
    """Get what a niche sold, week by week."""
    market = await market_of(deps, (await niche_of(deps, niche_id))["market"])
    paths = await _parts(deps, market)
    weekly, known = await asyncio.gather(
        asyncio.to_thread(lambda: _weekly(read_niches(paths, [niche_id]))), asyncio.to_thread(_of_market, paths)
    )
    return _series(market, query, {week: weekly.get(week, 0.0) for week in known}, niche_id)


@router.get("/markets/{market}/series")
async def get_market_series(deps: Here, market: str, query: Annotated[SeriesQuery, Query()]) -> Series:
    """Get what a whole market sold, week by week."""
    document = await market_of(deps, market)
    weekly = await asyncio.to_thread(_of_market, await _parts(deps, document))
    return _series(document, query, weekly)


async def _parts(deps: Deps, market: Document) -> tuple[Path, ...]:
    """The files of a market's observations, oldest import first."""
    imports = await deps.store.find("imports", {"market": market["_id"]}, sort=(("at", 1), ("_id", 1)))
    return tuple(deps.files.path(read(_Imports, document).report.part) for document in imports)


@lru_cache(maxsize=_KEPT)
def _of_market(paths: tuple[Path, ...]) -> Weekly:
    """The same files always hold the same, since a file is named by its content."""
    return _weekly(read_market(paths))


def _weekly(rows: pl.DataFrame) -> Weekly:
    """Revenue by Monday; `None` for a week of which no row has a revenue."""
    monday = pl.col("day").dt.truncate("1w").alias("week")
    total = pl.when(pl.col("revenue").is_not_null().any()).then(pl.col("revenue").sum()).alias("total")
    weeks = rows.lazy().filter(pl.col("has_data")).group_by(monday).agg(total).sort("week").collect()
    return dict(weeks.iter_rows())


def _series(market: Document, query: SeriesQuery, weekly: Weekly, niche_id: str | None = None) -> Series:
    first, last = date.fromisoformat(market["first_day"]), date.fromisoformat(market["last_day"])
    rest = timedelta(days=0 if market["grain"] == "week" else 6)  # the Monday of weekly data stands for its week
    points = tuple(
        SeriesPoint(week=week, revenue=revenue)
        for week, revenue in weekly.items()
        if revenue is not None and query.since <= week <= query.until and first <= week and week + rest <= last
    )
    return Series(market=market["_id"], niche_id=niche_id, currency=market["currency"], points=points)
