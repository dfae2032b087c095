"""The forecasts of niches with their bands, and how well such forecasts and bands held in the past."""

from collections.abc import Sequence

import numpy as np

from contracts.forecast import Band, Coverage, Forecast, ForecastPoint, Tier
from services.analysis.forecasting.conformal import LEVELS, came, held, own
from services.analysis.forecasting.fast import rolling
from services.analysis.forecasting.smoothing import MEMBERS, intermittent
from services.analysis.weeks import BASE, Floats, monday

HISTORY = 12
"""Known weeks since the first sale from which on a forecast is made and judged."""

ORIGINS = 52
"""Past weeks at whose end a forecast is made and judged, at most: errors of years ago are another business."""

SEASON = 52


def outlooks(weekly: Floats, numbers: range, horizon: int) -> tuple[Forecast, ...]:
    """Forecast the revenue per week of niches [niches, weeks], NaN where not known; `numbers` are the weeks.

    Bands are conformal, by the niche's own past errors as multiples of its level then. Errors of neighbouring origins
    are not independent, so their coverage is measured: each origin's band is made from errors known by then, and what
    lay inside is counted. Without a point, `reason` is `no_sales` or `short_history`.
    """
    y = since_first_sale(weekly)
    known = np.cumsum(~np.isnan(y), axis=1)
    weeks = known[:, -1] if known.shape[1] else np.zeros(len(y))
    found = [
        Forecast(tier="fast", horizon=horizon, reason="short_history" if some else "no_sales")
        for some in weeks.tolist()
    ]
    enough = np.flatnonzero(weeks >= HISTORY)
    if len(enough):
        for place, forecast in zip(enough.tolist(), _outlooks(y[enough], numbers, horizon), strict=True):
            found[place] = forecast
    return tuple(found)


def since_first_sale(weekly: Floats) -> Floats:
    """The weeks [series, weeks] with NaN before the first one that has a sale."""
    return np.where(np.cumsum(np.nan_to_num(weekly) > 0, axis=1) > 0, weekly, np.nan)


def _outlooks(y: Floats, numbers: range, horizon: int) -> list[Forecast]:
    origins = min(ORIGINS + 1, y.shape[1] - HISTORY + 1)
    plain = intermittent(y)[:, -1].tolist()
    members = [("ses",) if simple else MEMBERS for simple in plain]
    return told(y, rolling(y, horizon, SEASON, origins), numbers, "fast", members)


def told(y: Floats, made: Floats, numbers: range, tier: Tier, members: Sequence[tuple[str, ...]]) -> list[Forecast]:
    """Forecasts of series [series, weeks] by what was made at their last origins [series, origins, horizon].

    The last origin is now: from it come the points, from the others the bands and what forecasts were worth.
    """
    made = np.maximum(made, 0.0)  # a week of returns alone is no future
    origins, horizon = made.shape[1:]
    level = _level(y)[:, -origins:, None]
    young = (np.cumsum(~np.isnan(y), axis=1) < HISTORY)[:, -origins:, None]
    truth = np.where(young, np.nan, came(y, origins, horizon))
    errors = np.abs(truth - made)
    relative = errors / level
    now = made[:, -1]
    widths = own(relative) * level[:, -1:]
    low, high = np.maximum(now[..., None] - widths, 0.0), now[..., None] + widths
    inside, judged = held(relative)
    mean_low, mean_high = _of_mean(truth, made, level)
    folds = (~np.isnan(errors)).any(axis=2).sum(axis=1)
    worth = (inside, judged, _mase(y, errors), _smape(truth, made, errors), folds)
    columns = (now, low, high, mean_low, mean_high, *worth)
    days = [monday(numbers.stop + ahead) for ahead in range(horizon)]
    return [
        Forecast(
            tier=tier,
            horizon=horizon,
            members=names,
            points=tuple(
                ForecastPoint(day=day, p50=middle, bands=_bands(least, most))
                for day, middle, least, most in zip(days, p50, lo, hi, strict=True)
            ),
            mean_bands=_bands(mean_lo, mean_hi),
            coverage=_coverage(within, of),
            mase=_absent(mase),
            smape=_absent(smape),
            folds=origins_judged,
        )
        for names, p50, lo, hi, mean_lo, mean_hi, within, of, mase, smape, origins_judged in zip(
            members, *(column.tolist() for column in columns), strict=True
        )
    ]


def _of_mean(truth: Floats, made: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Where the mean of the first eight weeks ahead should lie: low and high ends of its bands [series, levels].

    By the past errors of such means: those of single weeks partly cancel out, and partly come together.
    """
    came_then, told_then = (np.ascontiguousarray(weeks[..., :BASE]).mean(axis=2) for weeks in (truth, made))
    widths = own(np.abs(came_then - told_then)[..., None] / level)[:, 0] * level[:, -1]
    middle = told_then[:, -1:]
    return np.maximum(middle - widths, 0.0), middle + widths


def _bands(low: list[float], high: list[float]) -> tuple[Band, ...]:
    bounds = zip(LEVELS, low, high, strict=True)
    return tuple(Band(level=level, lo=lo, hi=hi) for level, lo, hi in bounds if hi == hi)  # noqa: PLR0124 - not NaN


def _coverage(inside: list[float], judged: list[float]) -> tuple[Coverage, ...]:
    counts = zip(LEVELS, inside, judged, strict=True)
    return tuple(Coverage(level=level, measured=held / n, n=int(n)) for level, held, n in counts if n)


def _absent(value: float) -> float | None:
    return value if value == value else None  # noqa: PLR0124 - not NaN


def _level(y: Floats) -> Floats:
    """The level at each week [series, weeks]: the mean of its last eight weeks, so that old errors fit today's size.

    Where nothing was sold in them, or nothing is known of them, the mean of all weeks by then.
    """
    known = ~np.isnan(y)
    sold, count = _lately(np.nan_to_num(y)), _lately(known.astype(np.float64))
    all_sold, all_count = np.cumsum(np.nan_to_num(y), axis=1), np.cumsum(known, axis=1)
    some = sold > 0
    level = np.where(some, sold, all_sold) / np.maximum(np.where(some, count, all_count), 1)
    return np.where(level > 0, level, 1.0)


def _lately(values: Floats) -> Floats:
    """The sum of the last eight weeks at each week [series, weeks]; not a difference of sums, which drifts."""
    before = np.pad(values, ((0, 0), (BASE - 1, 0)))
    total: Floats = np.lib.stride_tricks.sliding_window_view(before, BASE, axis=1).sum(axis=2)
    return total


def _mase(y: Floats, errors: Floats) -> Floats:
    """Mean error over the mean change from week to week [series]; NaN where nothing was judged or nothing changed."""
    changes = np.abs(np.diff(y, axis=1))
    naive = _mean(changes)
    return np.where(naive > 0, _mean(errors.reshape(len(y), -1)) / np.where(naive > 0, naive, 1.0), np.nan)


def _smape(truth: Floats, made: Floats, errors: Floats) -> Floats:
    """The symmetric percentage error [series], 0 to 200; no sale, forecast as none, is no error."""
    size = np.abs(truth) + np.abs(made)
    shares = np.where(size == 0, 0.0, errors / np.where(size == 0, 1.0, size))
    return 200 * _mean(shares.reshape(len(truth), -1))


def _mean(values: Floats) -> Floats:
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
