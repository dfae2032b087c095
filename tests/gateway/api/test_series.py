from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import polars as pl
import pytest

from contracts.message import scout_id
from contracts.observation import ImportReport
from services.chassis.observations import COLUMNS, write_part
from services.gateway.api import series
from services.gateway.app import create_app
from services.gateway.deps import Deps
from tests.gateway import world

TEA, COFFEE = scout_id("shop", "category", "Tea"), scout_id("shop", "category", "Coffee")
Row = tuple[str, date, float | None]


@pytest.fixture
async def http(deps: Deps) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(deps)
    app.include_router(series.router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://scout") as client:
        yield client


async def imported(deps: Deps, number: int, *rows: Row) -> None:
    """The import of some sales: niche, day and revenue."""
    columns: dict[str, Any] = {name: [None] * len(rows) for name in COLUMNS}
    columns |= {"niche_id": [row[0] for row in rows], "day": [row[1] for row in rows]}
    columns |= {"revenue": [row[2] for row in rows], "product_id": ["p"] * len(rows), "has_data": [True] * len(rows)}
    part = deps.files.put("parts", write_part(pl.DataFrame(columns, schema=COLUMNS)), ".parquet")
    report = ImportReport(
        id=f"import-{number}",
        market="shop",
        market_name="Shop",
        currency="USD",
        tz="UTC",
        grain="day",
        source="csv",
        part=part,
        niches=part,
        niche_count=2,
        rows=len(rows),
        kept=len(rows),
        merged=0,
        rejected_count=0,
        first_day=date(2017, 1, 1),
        last_day=date(2017, 1, 31),
    )
    document = {"_id": report.id, "market": "shop", "run_id": "run", "at": f"2026-11-24T12:00:0{number}.000000+00:00"}
    await deps.store.replace("imports", {**document, "report": report.model_dump(mode="json", exclude_none=True)})
    await world.market(deps, first_day="2017-01-02", last_day="2017-01-22")
    await world.niche(deps, "Tea")
    await world.niche(deps, "Coffee")


async def points(http: httpx.AsyncClient, path: str, **query: str) -> dict[str, float]:
    answer = await http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return {point["week"]: point["revenue"] for point in answer.json()["points"]}


async def test_a_niche_is_summed_by_week_and_is_zero_where_only_others_sold(http: httpx.AsyncClient, deps: Deps):
    """A week with sales in the market and none in the niche is a zero of the niche."""
    day = [date(2017, 1, 2), date(2017, 1, 8), date(2017, 1, 9), date(2017, 1, 16)]
    await imported(deps, 1, (TEA, day[0], 5.0), (TEA, day[1], 7.0), (COFFEE, day[2], 3.0), (TEA, day[3], 1.0))

    assert await points(http, f"/v1/niches/{TEA}/series") == {"2017-01-02": 12, "2017-01-09": 0, "2017-01-16": 1}
    assert await points(http, "/v1/markets/shop/series") == {"2017-01-02": 12, "2017-01-09": 3, "2017-01-16": 1}


async def test_a_week_without_any_data_is_left_out(http: httpx.AsyncClient, deps: Deps):
    """What the market does not know is not zero, nor is a week whose rows have no revenue."""
    await imported(deps, 1, (TEA, date(2017, 1, 2), 5.0), (TEA, date(2017, 1, 9), None))

    assert await points(http, f"/v1/niches/{TEA}/series") == {"2017-01-02": 5}


async def test_a_week_that_is_not_over_is_left_out(http: httpx.AsyncClient, deps: Deps):
    """A part of a week would look like a fall."""
    await imported(deps, 1, (TEA, date(2017, 1, 16), 5.0), (TEA, date(2017, 1, 23), 5.0))

    assert await points(http, f"/v1/niches/{TEA}/series") == {"2017-01-16": 5}


async def test_only_the_weeks_that_were_asked_for_are_answered(http: httpx.AsyncClient, deps: Deps):
    """Both ends are Mondays and count."""
    await imported(deps, 1, *((TEA, date(2017, 1, day), 5.0) for day in (2, 9, 16)))

    asked = {"from": "2017-01-09", "to": "2017-01-09"}
    assert await points(http, f"/v1/niches/{TEA}/series", **asked) == {"2017-01-09": 5}


async def test_the_newest_import_of_a_day_counts(http: httpx.AsyncClient, deps: Deps):
    """A corrected table replaces what it repeats."""
    await imported(deps, 1, (TEA, date(2017, 1, 2), 5.0))
    await imported(deps, 2, (TEA, date(2017, 1, 2), 6.0))

    assert await points(http, f"/v1/niches/{TEA}/series") == {"2017-01-02": 6}


@pytest.mark.parametrize("path", ["/v1/niches/nothing/series", "/v1/markets/nothing/series"])
async def test_what_does_not_exist_has_no_series(http: httpx.AsyncClient, path: str):
    """A niche or market that is not there is a 404, not an empty list."""
    assert (await http.get(path)).status_code == 404
