from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from contracts.niche import Niche
from contracts.trend import Trend
from services.trend.sources import SOURCES
from services.trend.sources.sales import Sales
from services.trend.sources.source import Observations, SourceError

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
MONDAY = date(2026, 1, 5)
TEA = Niche(id="tea", market="shop", kind="category", path="Tea", name="Tea")
COLUMNS = {
    "niche_id": pl.String,
    "day": pl.Date,
    "units": pl.Float64,
    "revenue": pl.Float64,
    "has_data": pl.Boolean,
}


def row(days: int, revenue: float | None, **fields: Any) -> dict[str, Any]:
    """One row of the niche, so many days after the first Monday."""
    usual = {"niche_id": "tea", "day": MONDAY + timedelta(days=days), "revenue": revenue, "has_data": True}
    return usual | fields


def market(*rows: dict[str, Any]) -> Observations:
    """A market of these rows."""
    return Observations(pl.DataFrame(list(rows), schema=COLUMNS))


async def trend(*rows: dict[str, Any], until: int = 364) -> Trend:
    """The trend of the niche up to so many days after the first Monday."""
    return await Sales().fetch(TEA, market(*rows), MONDAY + timedelta(days=until), NOW)


async def test_sales_are_summed_by_week() -> None:
    """A point is what was sold from Monday to Sunday; a week that is not over is none."""
    found = await trend(row(0, 5.0), row(6, 7.0), row(7, 1.0), row(13, 2.0), row(14, 9.0))

    assert [(point.day, point.value) for point in found.points] == [(MONDAY, 12.0), (date(2026, 1, 12), 3.0)]
    assert (found.unit, found.source, found.partial, found.fetched_at) == ("revenue", "sales", False, NOW)


async def test_a_week_without_sales_is_zero_and_a_week_without_data_is_unknown() -> None:
    """The market's other niches tell whether anybody looked."""
    other = row(8, 4.0, niche_id="coffee")
    found = await trend(row(0, 5.0), other, row(21, 6.0), row(27, 1.0))

    assert [(point.value, point.has_data) for point in found.points] == [
        (5.0, True),
        (0.0, True),
        (None, False),
        (7.0, True),
    ]
    assert found.partial


async def test_a_row_that_says_it_has_no_data_is_no_zero() -> None:
    """So is a row whose revenue is not known while others of the niche are."""
    found = await trend(row(0, 5.0), row(7, 0.0, has_data=False), row(14, None, units=2.0), row(27, 0.0))

    assert [point.value for point in found.points] == [5.0, None, None, 0.0]


async def test_units_stand_in_where_no_revenue_is_known() -> None:
    """A table of pieces has a trend too, and says what it counts."""
    found = await trend(row(0, None, units=3.0), row(6, None, units=4.0))

    assert (found.unit, found.points[0].value) == ("units", 7.0)


async def test_a_table_of_weeks_counts_its_last_monday_as_a_whole_week() -> None:
    """Weekly rows stand on Mondays; the last one reaches to its Sunday, if that has come."""
    rows = (row(0, 1.0), row(7, 2.0), row(14, 3.0))

    assert [point.value for point in (await trend(*rows)).points] == [1.0, 2.0, 3.0]
    assert [point.value for point in (await trend(*rows, until=19)).points] == [1.0, 2.0]


async def test_the_future_is_not_seen() -> None:
    """A trend up to a day is the same whatever happened after it."""
    past = (row(0, 1.0), row(6, 2.0), row(13, 2.0))

    assert await trend(*past, until=13) == await trend(*past, row(14, 100.0), row(40, 7.0), until=13)


async def test_a_niche_that_the_market_has_not_observed_is_an_error_that_says_what_to_do() -> None:
    """No trend is not a flat trend."""
    with pytest.raises(SourceError, match=r"No sales of Tea .* Import observations"):
        await trend(row(0, 1.0, niche_id="coffee"))


async def test_a_trend_has_the_same_id_every_time() -> None:
    """It is made of the niche and the source."""
    assert (await trend(row(0, 1.0))).id == (await trend(row(0, 2.0), row(9, 1.0))).id


def test_sources_are_registered_by_name() -> None:
    """A new source is one line."""
    assert {name: source.name for name, source in SOURCES.items()} == {"sales": "sales"}
