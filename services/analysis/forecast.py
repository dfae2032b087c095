"""The damped trend that a score's growth term is made of, over batches of weekly series [series, weeks].

Weeks before a series' first sale are not part of it; NaN is a week that is not known: the state is carried over it.
Every series is smoothed with each set of parameters of a small grid, and the set with the least squared one-step
error is taken.
"""

from itertools import product

import numpy as np

from services.analysis.weeks import Floats

ALPHAS = (0.1, 0.2, 0.3, 0.5)
BETAS = (0.05, 0.1, 0.2)
PHIS = (0.9,)
"""One damping: a year of weeks is too short to tell dampings apart, and a free one lowered the measured skill."""

_ALPHA, _BETA, _PHI = np.array(list(product(ALPHAS, BETAS, PHIS))).T


def damped(y: Floats, horizon: int) -> Floats:
    """Forecast [series, horizon] by damped-trend smoothing from the last week; zeros for a series without a sale.

    Gardner and McKenzie (1985), additive errors, never under zero.
    """
    return _ahead(_states(y), horizon)


def _ahead(states: tuple[Floats, Floats, Floats], horizon: int) -> Floats:
    level, trend, errors = states
    best, series = errors.argmin(axis=0), np.arange(level.shape[1])
    steps = np.cumsum(_PHI[best][:, None] ** np.arange(1, horizon + 1), axis=1)
    made: Floats = np.maximum(level[best, series][:, None] + trend[best, series][:, None] * steps, 0.0)
    return made


def damped_filters(y: Floats, horizon: int) -> tuple[Floats, Floats]:
    """What `damped` forecasts, and the weights [series, weeks, horizon] that it gives the weeks before zero holds it.

    With its parameters chosen, a forecast is linear in the weeks: `nan_to_num(z) @ weights[0]` is the forecast of any z
    that starts and is known where y[0] does. Weeks before the first sale and unknown ones weigh nothing.
    """
    n, weeks = y.shape
    states = _states(y)
    best = states[2].argmin(axis=0)
    alpha, phi = _ALPHA[best], _PHI[best]
    both = alpha * _BETA[best]
    sold = np.nan_to_num(y) > 0
    start = np.where(sold.any(axis=1), sold.argmax(axis=1) if weeks else 0, weeks)
    # Back from the last week: what a unit of level and of trend at each week adds to the last level, and to the trend.
    level, trend = np.array([np.ones(n), np.zeros(n)]), np.array([np.zeros(n), np.ones(n)])
    weights = np.zeros((weeks, 2, n))
    for week in range(weeks - 1, -1, -1):
        inside, known = week > start, ~np.isnan(y[:, week])
        weights[week] = np.where(inside & known, level * alpha + trend * both, 0.0)
        level -= weights[week]
        trend = np.where(inside, phi * (level + trend), trend)
        weights[week] += np.where(week == start, level, 0.0)
    steps = np.cumsum(phi[:, None] ** np.arange(1, horizon + 1), axis=1)
    of_level, of_trend = weights.transpose(1, 2, 0)[..., None]
    return _ahead(states, horizon), of_level + of_trend * steps[:, None, :]


def _states(y: Floats) -> tuple[Floats, Floats, Floats]:
    """After the last week: level, trend and sum of squared one-step errors, [grid, series] each."""
    shape = (len(_ALPHA), len(y))
    level, trend, errors = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    started = np.zeros(len(y), dtype=np.bool_)
    a, ab, phi = _ALPHA[:, None], (_ALPHA * _BETA)[:, None], _PHI[:, None]
    for week in range(y.shape[1]):
        now = y[:, week]
        known = ~np.isnan(now)
        value = np.where(known, now, 0.0)
        first = ~started & (value > 0)
        learn = started & known
        trend = phi * trend
        level = level + trend
        error = np.where(learn, value - level, 0.0)
        errors = errors + error * error
        level = np.where(first, value, level + a * error)
        trend = trend + ab * error
        started |= first
    return level, trend, errors
