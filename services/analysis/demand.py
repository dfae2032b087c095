"""How much is bought, and where that is going."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from contracts.demand import Change, Demand, Snapshot, Stock, WeekPoint
from contracts.forecast import Forecast
from services.analysis.ledger import Ledger, Shelf, shelves
from services.analysis.quantiles import ENDS, median, quantiles
from services.analysis.terms import log_ratio, mean_of
from services.analysis.trends import Trends
from services.analysis.weeks import BASE, Floats, monday, week_number

SPIKE_WEEKS = 2
GROWTH_BAND = 80
SNAPSHOT_DAYS = (0, 90, 360)


def demand(
    of: Ledger,
    point: dict[str, Floats],
    drawn: dict[str, Floats],
    trend: Trends,
    stock: Stock | None,
    forecast: Forecast,
) -> Demand | None:
    """Demand of the last eight weeks and where it goes; `None` where these weeks are not known or sold nothing.

    `point` are the niche's raw terms, `drawn` their bootstrap draws (see `terms.raw_terms` and `draws.drawn_terms`).
    """
    level, moved = point["level"][0], point["momentum_8w"][0]
    if np.isnan(level):
        return None
    weekly = np.where(of.known, of.weekly, 0.0)
    base, recent = float(np.exp(level)), weekly[-BASE:]
    return Demand(
        revenue=float(recent.sum()),
        units=None if of.units is None else _told(of.units[:, -BASE:].sum()),
        level=base,
        growth=_growth(forecast, base),
        change=change(moved, drawn["momentum_8w"], float(mean_of(of.weekly[None, -2 * BASE : -BASE])[0])),
        mann_kendall=trend.mann_kendall,
        slope=trend.slope,
        season=trend.season,
        spike_share=float(np.sort(recent)[-SPIKE_WEEKS:].sum() / recent.sum()),
        active_share=float((weekly > 0).sum() / max(1, int(of.known.sum()))),
        changes=trend.changes,
        stock=stock,
    )


def _growth(forecast: Forecast, base: float) -> Change | None:
    """The mean of the forecast's first eight weeks over the base, with its 80 % band where there is one."""
    ahead = [point.p50 for point in forecast.points[:BASE]]
    if not ahead:
        return None
    band = next((band for band in forecast.mean_bands if band.level == GROWTH_BAND), None)
    log = log_ratio(np.array([sum(ahead) / len(ahead)]), np.array([base]))[0]
    return Change(
        value=float(np.expm1(log)),
        lo=band.lo / base - 1 if band else None,
        hi=band.hi / base - 1 if band else None,
        base=base,
    )


def _told(value: float) -> float | None:
    """A number, or nothing where it is not known."""
    return None if np.isnan(value) else float(value)


def change(log: float, drawn: Floats, base: float) -> Change | None:
    """A log ratio as a relative change over `base`, its 95 % interval from the draws that have it."""
    values = np.sort(drawn[~np.isnan(drawn)])
    if np.isnan(log) or not len(values):
        return None
    low, high = np.expm1(quantiles(values, ENDS)).tolist()
    return Change(value=float(np.expm1(log)), lo=low, hi=high, base=float(base))


def side_by_side(books: Sequence[Ledger], as_of: date) -> list[tuple[Snapshot, ...]]:
    """Niches now, 90 days ago and 360 days ago, as far as their history reaches; no eight weeks stand there twice."""
    found: list[list[Snapshot]] = [[] for _ in books]
    numbers = books[0].numbers if books else range(0)
    stops = {min(week_number(as_of - timedelta(days=days - 1)), numbers.stop) - numbers.start for days in SNAPSHOT_DAYS}
    for stop in sorted(stops, reverse=True):
        start, day = stop - BASE, monday(numbers.start + stop) - timedelta(days=1)
        if start >= 0:
            for views, of, on in zip(found, books, shelves(books, start, stop), strict=True):
                if of.known[start:stop].any() and len(of.products):
                    pieces = None if of.units is None else _told(of.units[:, start:stop].sum())
                    views.append(snapshot(on, pieces, day))
    return [tuple(views) for views in found]


def snapshot(on: Shelf, units: float | None, as_of: date) -> Snapshot:
    """The niche over the eight full weeks of a shelf, which end on a day."""
    selling = on.pair_seller[(on.pair_seller >= 0) & (on.pair_sold > 0)]
    prices = on.price[on.price > 0]  # zero is no price
    return Snapshot(
        as_of=as_of,
        revenue=float(on.sold.sum()),
        units=units,
        products=int((on.sold > 0).sum()),
        sellers=int((np.bincount(selling) > 0).sum()) or None,
        price=median(prices) if len(prices) else None,
    )


def series(of: Ledger) -> tuple[WeekPoint, ...]:
    """The known weeks from the niche's first sale on."""
    weekly = of.weekly
    sold = np.flatnonzero(weekly > 0)
    if not len(sold):
        return ()
    units = [None] * len(weekly) if of.units is None else [_told(pieces) for pieces in of.units.sum(axis=0).tolist()]
    first = int(sold[0])
    day, week = monday(of.numbers[first]), timedelta(weeks=1)
    told = zip(weekly[first:].tolist(), units[first:], of.known[first:].tolist(), strict=True)
    return tuple(
        WeekPoint(week=day + after * week, revenue=revenue, units=pieces)
        for after, (revenue, pieces, known) in enumerate(told)
        if known
    )
