"""How much is bought, and where that is going."""

from datetime import date, timedelta

import numpy as np

from contracts.demand import Change, Demand, Snapshot, Stock, WeekPoint
from services.analysis.ledger import Ledger, Shelf, shelf
from services.analysis.trends import Trends
from services.analysis.weeks import BASE, Floats, monday, week_number

SPIKE_WEEKS = 2
SNAPSHOT_DAYS = (0, 90, 360)


def demand(
    of: Ledger, point: dict[str, Floats], drawn: dict[str, Floats], trend: Trends, stock: Stock | None
) -> Demand | None:
    """Demand of the last eight weeks and where it goes; `None` where these weeks are not known or sold nothing.

    `point` are the niche's raw terms, `drawn` their bootstrap draws (see `terms.raw_terms` and `draws.drawn_terms`).
    """
    level, moved = point["level"][0], point["momentum_8w"][0]
    if np.isnan(level):
        return None
    weekly = np.nan_to_num(of.weekly)
    base, recent = float(np.exp(level)), weekly[-BASE:]
    return Demand(
        revenue=float(recent.sum()),
        units=None if of.units is None else float(of.units[:, -BASE:].sum()),
        level=base,
        growth=change(point["forecast_growth"][0], drawn["forecast_growth"], base),
        change=change(moved, drawn["momentum_8w"], base / float(np.exp(moved))),
        mann_kendall=trend.mann_kendall,
        slope=trend.slope,
        season=trend.season,
        spike_share=float(np.sort(recent)[-SPIKE_WEEKS:].sum() / recent.sum()),
        active_share=float((weekly > 0).sum() / max(1, int(of.known.sum()))),
        changes=trend.changes,
        stock=stock,
    )


def change(log: float, drawn: Floats, base: float) -> Change | None:
    """A log ratio as a relative change over `base`, its 95 % interval from the draws that have it."""
    values = drawn[~np.isnan(drawn)]
    if np.isnan(log) or not len(values):
        return None
    low, high = np.expm1(np.quantile(values, (0.025, 0.975))).tolist()
    return Change(value=float(np.expm1(log)), lo=low, hi=high, base=float(base))


def snapshot(of: Ledger, on: Shelf, as_of: date) -> Snapshot:
    """The niche over the eight full weeks of a shelf, up to a day."""
    sellers = np.unique(on.pair_seller[(on.pair_seller >= 0) & (on.pair_sold > 0)])
    prices = on.price[~np.isnan(on.price)]
    start, stop = _window(of, as_of)
    return Snapshot(
        as_of=as_of,
        revenue=float(on.sold.sum()),
        units=None if of.units is None else float(of.units[:, start:stop].sum()),
        products=int((on.sold > 0).sum()),
        sellers=len(sellers) or None,
        price=float(np.median(prices)) if len(prices) else None,
    )


def side_by_side(of: Ledger, now: Shelf, as_of: date) -> tuple[Snapshot, ...]:
    """Now, 90 days ago and 360 days ago, as far as the history reaches; `now` is the shelf of the last eight weeks."""
    found = []
    for day in (as_of - timedelta(days=days) for days in SNAPSHOT_DAYS):
        start, stop = _window(of, day)
        if start >= 0 and of.known[start:stop].any() and len(of.products):
            found.append(snapshot(of, now if day == as_of else shelf(of, start, stop), day))
    return tuple(found)


def _window(of: Ledger, as_of: date) -> tuple[int, int]:
    """The last eight full weeks up to a day, counted from the first."""
    stop = min(week_number(as_of + timedelta(days=1)), of.numbers.stop) - of.numbers.start
    return stop - BASE, stop


def series(of: Ledger) -> tuple[WeekPoint, ...]:
    """The known weeks from the niche's first sale on."""
    weekly = of.weekly
    sold = np.flatnonzero(np.nan_to_num(weekly) > 0)
    first = int(sold[0]) if len(sold) else len(weekly)
    units = None if of.units is None else of.units.sum(axis=0)
    return tuple(
        WeekPoint(
            week=monday(of.numbers[week]),
            revenue=float(weekly[week]),
            units=None if units is None else float(units[week]),
        )
        for week in range(first, len(weekly))
        if not np.isnan(weekly[week])
    )
