"""The market's own sales as a trend: what a niche sold in each full week."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import polars as pl

from contracts.message import scout_id
from contracts.niche import Niche
from contracts.trend import Trend, TrendPoint
from services.trend.sources.source import Observations, SourceError

_WEEK = timedelta(weeks=1)


class Sales:
    """Revenue a week of a niche; units where no revenue is known. Weeks run from Monday to Sunday."""

    name = "sales"
    unit = "revenue"

    async def fetch(self, niche: Niche, observations: Observations, until: date, now: datetime) -> Trend:
        """The niche's weekly series, from its first full week to the last one that ends by `until`.

        A week without a row sold nothing if the market has data in it, and is not known otherwise; a week whose rows
        have no number is not known either.
        """
        rows = observations.of_niche(niche.id).filter(pl.col("day") <= until)
        days = observations.days.filter(observations.days <= until)
        if rows.is_empty() or days.is_empty():
            raise SourceError(
                f"No sales of {niche.name} are known up to {until}: the market's table has no row of it. "
                "Import observations that hold this niche."
            )
        unit = self.unit if rows["revenue"].count() else "units"
        points = _points(_sums(rows, unit), _mondays(rows, days, until), set(days.dt.truncate("1w")))
        return Trend(
            id=scout_id(niche.id, self.name),
            niche_id=niche.id,
            market=niche.market,
            source=self.name,
            unit=unit,
            points=points,
            partial=not all(point.has_data for point in points),
            fetched_at=now,
        )


def _sums(rows: pl.DataFrame, unit: str) -> dict[date, float | None]:
    """The sum of each week that has rows, by its Monday; `None` where none of them has the number."""
    known = pl.when("has_data").then(unit)
    weeks = rows.group_by(pl.col("day").dt.truncate("1w")).agg(
        pl.when(known.count() > 0).then(known.sum()).alias("sum")
    )
    return dict(weeks.iter_rows())


def _mondays(rows: pl.DataFrame, days: pl.Series, until: date) -> list[date]:
    """The Mondays of the niche's weeks that lie wholly inside what the market has observed by `until`."""
    first, last = days[0], days[-1]
    if all(day.weekday() == 0 for day in days):
        last += _WEEK - timedelta(days=1)  # a table of weeks: its last Monday stands for the days up to Sunday
    opening: date = max(first, rows["day"].sort()[0])
    monday = opening - timedelta(days=opening.weekday())
    if monday < first:
        monday += _WEEK
    found = []
    while monday + _WEEK - timedelta(days=1) <= min(last, until):
        found.append(monday)
        monday += _WEEK
    return found


def _points(sums: Mapping[date, float | None], mondays: list[date], observed: set[date]) -> tuple[TrendPoint, ...]:
    points = []
    for monday in mondays:
        value = sums.get(monday, 0.0 if monday in observed else None)
        points.append(TrendPoint(day=monday, value=value, has_data=value is not None))
    return tuple(points)
