"""How much is bought, and where that is going."""

from datetime import date, timedelta

import numpy as np

from contracts.findings import Change, Demand, MannKendall, Slope, Snapshot, WeekPoint
from services.analysis.ledger import Ledger, shelf
from services.analysis.weeks import BASE, Floats, monday, week_number

TREND_WEEKS = 8
SPIKE_WEEKS = 2


def demand(of: Ledger, point: dict[str, Floats], drawn: dict[str, Floats]) -> Demand | None:
    """Demand of the last eight weeks and its trends; `None` where these weeks are not known or sold nothing."""
    weekly, since = of.weekly, since_first_sale(of.weekly)
    level = point["level"][0]
    if np.isnan(level):
        return None
    base = float(np.exp(level))
    recent = np.nan_to_num(weekly[-BASE:])
    sold = np.nan_to_num(weekly) > 0
    return Demand(
        revenue=float(recent.sum()),
        units=None if of.units is None else float(of.units[:, -BASE:].sum()),
        level=base,
        growth=change(point["forecast_growth"][0], drawn["forecast_growth"], base),
        change=change(point["momentum_8w"][0], drawn["momentum_8w"], base / float(np.exp(point["momentum_8w"][0]))),
        mann_kendall=mann_kendall(since),
        slope=theil_sen(since),
        spike_share=float(np.sort(recent)[-SPIKE_WEEKS:].sum() / recent.sum()),
        active_share=float(sold.sum() / max(1, int((~np.isnan(weekly)).sum()))),
    )


def since_first_sale(weekly: Floats) -> Floats:
    """The weeks from the first one with a sale on; none if there is no sale."""
    sold = np.flatnonzero(np.nan_to_num(weekly) > 0)
    return weekly[sold[0] :] if len(sold) else weekly[:0]


def change(log: float, drawn: Floats, base: float) -> Change | None:
    """A log ratio as a relative change over `base`, its 95 % interval from the draws that have it."""
    values = drawn[~np.isnan(drawn)]
    if np.isnan(log) or not len(values):
        return None
    low, high = np.expm1(np.quantile(values, (0.025, 0.975))).tolist()
    return Change(value=float(np.expm1(log)), lo=low, hi=high, base=float(base))


def mann_kendall(weekly: Floats) -> MannKendall | None:
    """Mann-Kendall test of the known weeks: Kendall's tau-b against time and its two-sided p (Mann 1945, Kendall 1975).

    It assumes weeks that are independent of each other when there is no trend. Weekly sales are often not, so p is
    then too small. `None` under eight weeks or where all are equal.
    """
    known = np.flatnonzero(~np.isnan(weekly))
    if len(known) < TREND_WEEKS or np.ptp(weekly[known]) == 0:
        return None
    from scipy import stats  # noqa: PLC0415 - half a second that only the child that computes should spend

    found = stats.kendalltau(known, weekly[known])
    return MannKendall(tau=float(found.statistic), p=float(found.pvalue))


def theil_sen(weekly: Floats) -> Slope | None:
    """The median slope of all pairs of known weeks, money a week per week, with its 95 % interval (Sen 1968).

    `None` under eight weeks.
    """
    known = np.flatnonzero(~np.isnan(weekly))
    if len(known) < TREND_WEEKS:
        return None
    from scipy import stats  # noqa: PLC0415 - as above

    found = stats.theilslopes(weekly[known], known, alpha=0.95)
    return Slope(value=float(found.slope), lo=float(found.low_slope), hi=float(found.high_slope))


def snapshot(of: Ledger, as_of: date) -> Snapshot | None:
    """The niche over the last eight full weeks up to a day; `None` where its history does not reach that far."""
    stop = min(week_number(as_of + timedelta(days=1)), of.numbers.stop) - of.numbers.start
    start = stop - BASE
    if start < 0 or not of.known[start:stop].any() or not len(of.products):
        return None
    window = shelf(of, start, stop)
    sellers = np.unique(window.pair_seller[(window.pair_seller >= 0) & (window.pair_sold > 0)])
    prices = window.price[~np.isnan(window.price)]
    return Snapshot(
        as_of=as_of,
        revenue=float(window.sold.sum()),
        units=None if of.units is None else float(of.units[:, start:stop].sum()),
        products=int((window.sold > 0).sum()),
        sellers=len(sellers) or None,
        price=float(np.median(prices)) if len(prices) else None,
    )


def side_by_side(of: Ledger, as_of: date) -> tuple[Snapshot, ...]:
    """Now, 90 days ago and 360 days ago, as far as the history reaches."""
    found = (snapshot(of, as_of - timedelta(days=days)) for days in (0, 90, 360))
    return tuple(view for view in found if view is not None)


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
