"""The forecast of one niche with its intervals, and how well such intervals held in the past."""

from bisect import insort
from math import ceil, isnan

import numpy as np

from contracts.findings import Band, Coverage, Forecast, ForecastPoint, Tier
from services.analysis.demand import since_first_sale
from services.analysis.forecast import rolling
from services.analysis.weeks import BASE, Floats, monday

LEVELS = (50, 80, 95)
HISTORY = 12
"""Weeks since the first sale from which on a forecast is made and judged."""

FEWEST = 5
"""Past errors that a band needs before it is shown or judged."""


def outlook(weekly: Floats, numbers: range, horizon: int, tier: Tier = "fast") -> Forecast:
    """Forecast a niche's revenue per week [weeks], NaN where not known.

    Bands are split conformal (Vovk 2005; Lei et al. 2018): quantiles of the absolute errors of all earlier origins at
    the same distance, as multiples of the level then. Errors of neighbouring origins are not independent, so their
    coverage is measured: each origin's band is made from errors known by then, and what lay inside is counted.
    Without a point, `reason` is `no_sales` or `short_history`.
    """
    since = since_first_sale(weekly)
    if not len(since):
        return Forecast(tier=tier, horizon=horizon, reason="no_sales")
    if (~np.isnan(since)).sum() < HISTORY:
        return Forecast(tier=tier, horizon=horizon, reason="short_history")
    made = rolling(since[None], horizon)[0]
    scale = _scale(since)
    missed = _errors(since, made, scale)
    errors = missed / scale[HISTORY - 1 : -1, None]
    points = []
    for ahead in range(horizon):
        middle = float(made[-1, ahead])
        widths = conformal(errors[:, ahead]) * scale[-1]
        bands = tuple(
            Band(level=level, lo=max(0.0, middle - float(width)), hi=middle + float(width))
            for level, width in zip(LEVELS, widths, strict=True)
            if not np.isnan(width)
        )
        points.append(ForecastPoint(day=monday(numbers.stop + ahead), p50=middle, bands=bands))
    step = np.abs(np.diff(since))
    naive = float(np.nanmean(step)) if (~np.isnan(step)).any() else 0.0
    judged = ~np.isnan(missed)
    return Forecast(
        tier=tier,
        horizon=horizon,
        points=tuple(points),
        coverage=coverage(errors),
        mase=float(missed[judged].mean()) / naive if judged.any() and naive > 0 else None,
        folds=int(judged.any(axis=1).sum()),
    )


def _scale(since: Floats) -> Floats:
    """The level at each week [weeks]: the mean of the last eight known ones, so that old errors fit today's size."""
    known = ~np.isnan(since)
    total = np.cumsum(np.where(known, since, 0.0))
    count = np.cumsum(known)
    total[BASE:] -= total[:-BASE].copy()
    count[BASE:] -= count[:-BASE].copy()
    level = np.where(total > 0, total, 0.0) / np.maximum(count, 1)
    return np.where(level > 0, level, max(float(np.nanmean(since)), np.finfo(float).tiny))


def _errors(since: Floats, made: Floats, scale: Floats) -> Floats:
    """Absolute errors [origins, horizon] of all origins but the last; NaN for weeks to come or not known."""
    horizon = made.shape[1]
    ahead = np.concatenate([since, np.full(horizon, np.nan)])
    truth = np.lib.stride_tricks.sliding_window_view(ahead, horizon)[1 : len(since) + 1]
    return np.abs(truth - made)[HISTORY - 1 : len(scale) - 1]


def conformal(errors: Floats) -> Floats:
    """The half width of each band [levels] from past absolute errors; NaN where they are too few for it."""
    known = np.sort(errors[~np.isnan(errors)])
    n = len(known)
    ranks = np.ceil((n + 1) * np.array(LEVELS) / 100).astype(int)
    usable = (n >= FEWEST) & (ranks <= n)
    return np.where(usable, known[np.minimum(ranks, n) - 1] if n else np.nan, np.nan)


def coverage(errors: Floats) -> tuple[Coverage, ...]:
    """How often the bands held: errors [origins, horizon] against the bands that earlier ones would have given."""
    held: dict[int, list[bool]] = {level: [] for level in LEVELS}
    for ahead in range(errors.shape[1]):
        past: list[float] = []
        # At an origin, an error `ahead` weeks further is known only from origins that lie more than that before it.
        for known, new in zip(errors[:, ahead].tolist(), errors[ahead + 1 :, ahead].tolist(), strict=False):
            if not isnan(known):
                insort(past, known)
            if isnan(new) or len(past) < FEWEST:
                continue
            for level, inside in held.items():
                rank = ceil((len(past) + 1) * level / 100)
                if rank <= len(past):
                    inside.append(new <= past[rank - 1])
    return tuple(
        Coverage(level=level, measured=sum(inside) / len(inside), n=len(inside))
        for level, inside in held.items()
        if inside
    )
