"""Exponential smoothing over batches of series [series, periods]: every set of parameters, every origin, in one pass.

NaN before a series' first known value is no part of it; NaN inside is a period that is not known: the state is carried
over it. Parameters are the best of a small grid by squared one-step errors up to the origin, so that an origin never
sees a later period. The grids, the members and the free starting level were chosen on inner hold-outs: the last and
the last but one horizon of the training parts of M4 Weekly and M3 Monthly, and eight weeks behind four cuts of the
weekly sales of two shops (1,111 and 1,028 niches of 52 weeks). No test part was looked at.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from services.analysis.weeks import Floats

MEMBERS = ("theta", "ses", "holt", "damped_trend")
ALPHAS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
BETAS = (0.001, 0.01, 0.05)
DAMPINGS = (0.8, 0.9, 0.98)

WIDTH, KEPT = 256, 4096
"""Series smoothed at a time, and states kept of them: so many fit the processor's cache."""

_DAMPED = len(DAMPINGS) * len(BETAS) * len(ALPHAS)
_PHI, _BETA, _ALPHA = (np.array(axis)[:, None] for axis in zip(*product((*DAMPINGS, 1.0), BETAS, ALPHAS), strict=True))
_A = np.array(ALPHAS)[:, None]
_SHRINK, _ONCE, _TWICE = np.stack([_A, -_A]), 1 - _A, (1 - _A) ** 2 / _A


@dataclass(frozen=True, slots=True)
class _States:
    """At the end of some origins [..., states]: levels and errors by set of parameters, and the line through the past.

    `simple` holds by alpha: level, weight of the first value in it, and sums of r r, r w, r d, w w, d d, where r is
    the error of simple smoothing, w that weight and d Theta's drift. `trended` holds by (phi, beta, alpha): level,
    trend, sum of squared errors. `start` and `slope` are the least-squares line.
    """

    simple: Floats
    trended: Floats
    start: Floats
    slope: Floats


def smooth(y: Floats, horizon: int, origins: int) -> Floats:
    """Forecasts [series, origins, horizon] at the end of each of the last `origins` periods: the mean of `MEMBERS`.

    A series with more zeros than not is smoothed simply: a trend of zeros and sales says nothing. A series without a
    negative value is never forecast below zero. NaN where nothing is known by an origin.
    """
    n, periods = y.shape
    made = np.full((n, origins, horizon), np.nan)
    kept = min(origins, periods)
    width = max(1, min(WIDTH, KEPT // max(kept, 1)))
    for first in range(0, n if kept else 0, width):
        part = y[first : first + width]
        # Powers of two: squares neither overflow nor vanish, and not one bit of a forecast depends on later values.
        scale = np.ldexp(1.0, np.frexp(np.nan_to_num(np.abs(part)).max(axis=1))[1])[:, None, None]
        made[first : first + width, origins - kept :] = _forecasts(part / scale[:, 0], horizon, kept) * scale
    return made


def intermittent(y: Floats) -> NDArray[np.bool_]:
    """Whether up to each period [series, periods] more than half of the known values were zero."""
    return np.cumsum(y == 0, axis=1) * 2 > np.cumsum(~np.isnan(y), axis=1)


def _forecasts(y: Floats, horizon: int, kept: int) -> Floats:
    known = np.maximum.accumulate(~np.isnan(y), axis=1)[:, -kept:].T
    least = np.minimum.accumulate(np.where(np.isnan(y), np.inf, y), axis=1)[:, -kept:].T
    states = _states(y, kept)
    steps = np.arange(1.0, horizon + 1)
    simple = _simple(states)
    members = _theta(states, steps) + simple + _trend(states, slice(_DAMPED, None), steps)
    members = (members + _trend(states, slice(0, _DAMPED), steps)) / len(MEMBERS)
    members = np.where(intermittent(y)[:, -kept:].T.reshape(-1, 1), simple, members)
    members = np.where(least.reshape(-1, 1) < 0, members, np.maximum(members, 0.0))
    members = np.where(known.reshape(-1, 1), members, np.nan)
    return members.reshape(kept, len(y), horizon).transpose(1, 0, 2)


def _states(y: Floats, kept: int) -> _States:
    n, periods = y.shape
    known = np.ascontiguousarray(~np.isnan(y).T)
    value = np.where(known, y.T, 0.0)
    started = np.logical_or.accumulate(known, axis=0)
    opens = started.copy()
    opens[1:] &= ~started[:-1]
    learns = known & ~opens
    start, slope = _lines(value, known, started)
    some, every = (np.count_nonzero(part, axis=1) for part in (opens, learns))
    learning = learns.astype(np.float64)
    level, used = np.zeros((2, len(_A), n)), np.zeros((3, len(_A), n))
    sums, products = np.zeros((5, len(_A), n)), np.empty((5, len(_A), n))
    state, damped, error = np.zeros((3, len(_PHI), n)), _ALPHA * _BETA, np.empty((len(_PHI), n))
    spare, change = np.empty_like(error), np.empty_like(level)
    simple, trended = np.empty((7, len(_A), kept, n)), np.empty((3, len(_PHI), kept, n))
    for now in range(periods):
        np.subtract(value[now], level[0], out=used[0])
        used[1] = level[1]
        if now:
            np.multiply(_ONCE * start[now - 1] - _TWICE * slope[now - 1], level[1], out=used[2])
            used[2] += slope[now - 1] / _A
        state[1] *= _PHI
        state[0] += state[1]
        np.subtract(value[now], state[0], out=error)
        if every[now] < n:
            used *= learning[now]
            error *= learning[now]
        np.multiply(used[0], used, out=products[:3])
        np.multiply(used[1:], used[1:], out=products[3:])
        sums += products
        np.multiply(_SHRINK, used[:2], out=change)
        level += change
        state[2] += np.multiply(error, error, out=spare)
        state[0] += np.multiply(_ALPHA, error, out=spare)
        state[1] += np.multiply(damped, error, out=spare)
        if some[now]:
            new = opens[now]
            level[0][:, new] = state[0][:, new] = value[now, new]
            level[1][:, new] = 1.0
        if now >= periods - kept:
            simple[:2, :, now - periods], simple[2:, :, now - periods] = level, sums
            trended[:, :, now - periods] = state
    return _States(
        simple.reshape(7, len(_A), -1),
        trended.reshape(3, len(_PHI), -1),
        start[periods - kept :].ravel(),
        slope[periods - kept :].ravel(),
    )


def _lines(value: Floats, known: NDArray[np.bool_], started: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The least-squares line through the known values up to each period [periods, series]: where it starts, its slope.

    Time counts from one at the series' first value.
    """
    time = np.cumsum(started, axis=0) * known
    n, sx, sxx, sy, sxy = (
        np.cumsum(part, axis=0, dtype=np.float64) for part in (known, time, time * time, value, time * value)
    )
    spread = n * sxx - sx * sx
    slope = np.where(spread > 0, (n * sxy - sx * sy) / np.where(spread > 0, spread, 1.0), 0.0)
    return (sy - slope * sx) / np.maximum(n, 1.0), slope


def _best(errors: Floats, *of: Floats) -> tuple[Floats, ...]:
    """Of each state, the values at the set of parameters with the least error."""
    best = errors.argmin(axis=0)[None]
    return tuple(np.take_along_axis(each, best, axis=0)[0] for each in of)


def _simple(states: _States) -> Floats:
    """Simple smoothing [states, 1] whose starting level is a guess as good as one observation.

    Errors are linear in that level, so that its least-squares value is known without a search.
    """
    level, weight, rr, rw, _, ww, _ = states.simple
    shift = rw / (ww + 1.0)
    return _best(rr - shift * rw, level + shift * weight)[0][:, None]


def _theta(states: _States, steps: Floats) -> Floats:
    """The dynamic optimised Theta method [states, steps] (Fiorucci et al. 2016, after Assimakopoulos and Nikolopoulos).

    The error is linear in 1 - 1/theta: its best value within [0, 1] (theta from one to infinity) needs no search.
    """
    level, weight, rr, _, rd, _, dd = states.simple
    share = np.clip(rd / np.where(dd > 0, dd, 1.0), 0.0, 1.0)
    drift = weight * (_ONCE * states.start - _TWICE * states.slope) + states.slope / _A
    level, share, drift = _best(rr - share * (2 * rd - share * dd), level, share, drift)
    return level[:, None] + share[:, None] * (drift[:, None] + states.slope[:, None] * (steps - 1))


def _trend(states: _States, of: slice, steps: Floats) -> Floats:
    """Holt's linear trend (1957) or Gardner and McKenzie's damped one (1985) [states, steps]."""
    level, trend, errors = states.trended[:, of]
    phi = np.broadcast_to(_PHI[of], errors.shape)
    level, trend, phi = _best(errors, level, trend, phi)
    return level[:, None] + trend[:, None] * np.cumsum(phi[:, None] ** steps, axis=1)
