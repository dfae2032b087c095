"""The fast tier: exponential smoothing over batches of weekly series [series, weeks], at every origin in one pass.

Weeks before a series' first sale are not part of it; NaN is a week that is not known: the state is carried over it.
Every series is smoothed with each set of parameters of a small grid, and the set with the least squared one-step
error up to the origin is taken, so that an origin never sees a later week.
"""

from collections import deque
from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from services.analysis.weeks import Floats

ALPHAS = (0.1, 0.2, 0.3, 0.5)
BETAS = (0.05, 0.1, 0.2)
PHIS = (0.9,)
"""One damping: a year of weeks is too short to tell dampings apart, and a free one lowered the measured skill."""

State = tuple[Floats, Floats, Floats, Floats]


def _states(y: Floats, alphas: Floats, betas: Floats, phis: Floats) -> Iterator[State]:
    """After each week: level, trend, sum of squared one-step errors [grid, series] and weeks in it [series]."""
    shape = (len(alphas), len(y))
    level, trend, errors = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    started, age = np.zeros(len(y), dtype=np.bool_), np.zeros(len(y))
    a, ab, phi = alphas[:, None], (alphas * betas)[:, None], phis[:, None]
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
        age = age + started
        yield level, trend, errors, age


def _grid(*axes: tuple[float, ...]) -> tuple[Floats, ...]:
    return tuple(np.array(list(product(*axes))).T)


def _pick(state: State) -> tuple[Floats, Floats, NDArray[np.intp]]:
    level, trend, errors, _ = state
    best = errors.argmin(axis=0)
    series = np.arange(level.shape[1])
    return level[best, series], trend[best, series], best


def damped(y: Floats, horizon: int) -> Floats:
    """Forecast [series, horizon] by damped-trend smoothing from the last week; zeros for a series without a sale.

    Gardner and McKenzie (1985), additive errors, never under zero.
    """
    last = deque(_states(y, *_grid(ALPHAS, BETAS, PHIS)), maxlen=1)
    return _damped(last[0], horizon) if last else np.zeros((len(y), horizon))


def _damped(state: State, horizon: int) -> Floats:
    level, trend, best = _pick(state)
    phi = _grid(ALPHAS, BETAS, PHIS)[2][best][:, None]
    steps = np.cumsum(phi ** np.arange(1, horizon + 1), axis=1)
    return np.maximum(level[:, None] + trend[:, None] * steps, 0.0)


def _slopes(y: Floats) -> Floats:
    """The least-squares slope [series, weeks] over the weeks from the first sale up to each week."""
    value = np.nan_to_num(y)
    use = np.where((np.cumsum(value, axis=1) > 0) & ~np.isnan(y), 1.0, 0.0)
    week = np.arange(y.shape[1])
    n, sx, sy, sxx, sxy = (
        np.cumsum(part, axis=1) for part in (use, use * week, use * value, use * week * week, use * week * value)
    )
    spread = n * sxx - sx * sx
    return np.where(spread > 0, (n * sxy - sx * sy) / np.where(spread > 0, spread, 1.0), 0.0)


def rolling(y: Floats, horizon: int) -> Floats:
    """Forecasts [series, weeks, horizon] made at the end of each week: the mean of damped trend, simple and Theta.

    The Theta method is simple smoothing with half the least-squares slope as its drift (Assimakopoulos and
    Nikolopoulos 2000, in the form of Hyndman and Billah 2003). The mean of simple methods beats each of them (M4).
    """
    # Simple smoothing is the damped trend with no trend in it, so that one pass serves both grids.
    axes, plain = _grid(ALPHAS, BETAS, PHIS), _grid(ALPHAS, (0.0,), (0.0,))
    alphas, betas, phis = (np.concatenate(pair) for pair in zip(axes, plain, strict=True))
    size, ahead = len(axes[0]), np.arange(horizon)
    made = []
    for state, slope in zip(_states(y, alphas, betas, phis), _slopes(y).T, strict=True):
        (level, trend, errors), age = state[:3], state[3]
        damped_ahead = _damped((level[:size], trend[:size], errors[:size], age), horizon)
        simple, _, best = _pick((level[size:], trend[size:], errors[size:], age))
        alpha = plain[0][best]
        drift = slope[:, None] / 2 * (ahead + ((1 - (1 - alpha) ** age) / alpha)[:, None])
        made.append((damped_ahead + simple[:, None] + np.maximum(simple[:, None] + drift, 0.0)) / 3)
    return np.stack(made, axis=1) if made else np.zeros((len(y), 0, horizon))
