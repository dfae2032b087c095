"""The yearly season of weekly series: how strong it is, when it peaks, and what every week of the year is worth."""

from datetime import timedelta

import numpy as np

from contracts.demand import Season
from services.analysis.stl import stl
from services.analysis.weeks import Floats, monday

YEAR = 52
FEWEST = 2 * YEAR
"""Known weeks that a season needs: what came once may come never again."""

CLEAR = 0.4
"""The strength from which on a season is to be acted on.

Of series without any season, two years long, 0.2 % are beyond it if their weeks are independent, 2 % with an
autocorrelation of 0.5 and 11 % with 0.8; of three years 0, 0 and 2 %.
"""

_GAPS = 0.1  # of the weeks may be unknown: they are drawn in by a line
_LEAST = 0.05  # of a mean week: what is divided by the season is not divided by nothing


def seasons(values: Floats, numbers: range) -> tuple[tuple[Season | None, ...], Floats]:
    """The season of each series [niches, weeks], in money a week, and the index of every week [niches, weeks].

    NaN is a week before the first sale or not known; a series with fewer than 104 known weeks, or more than a tenth of
    them missing, has no season and indices of 1. STL works on square roots: between counts, whose noise grows with the
    root, and percentages; zeros do no harm. A season that is the mean of few years takes part of their noise for
    itself: of two years of pure noise, strength would be 0.5. So the strength is corrected for degrees of freedom as R
    squared is (Ezekiel 1930), and the season is shrunk by the share of itself that then is noise: a series without
    season has strength near 0 and indices near 1.
    """
    index = np.ones(values.shape)
    found: list[Season | None] = [None] * len(values)
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    first = known.argmax(axis=1) if values.shape[1] else count
    since = values.shape[1] - first
    usable = (count >= FEWEST) & (count >= (1 - _GAPS) * since)
    for start in np.unique(first[usable]).tolist():
        rows = np.flatnonzero(usable & (first == start))
        roots = np.sqrt(_filled(values[rows, start:]))
        strength, shaped, raw = _decomposed(roots)
        index[rows, start:] = np.maximum(shaped, _LEAST)
        for row, one in zip(rows.tolist(), _told(strength, shaped, raw, numbers), strict=True):
            found[row] = one
    return tuple(found), index


def _decomposed(roots: Floats) -> tuple[Floats, Floats, Floats]:
    """Strength [niches], index of each week and season as it was before shrinking [niches, weeks]."""
    n = roots.shape[1]
    season, trend = stl(roots, YEAR)
    total = (roots - trend).var(axis=1)
    varied = total > 1e-12 * np.maximum((roots**2).mean(axis=1), np.finfo(np.float64).tiny)
    left = np.where(varied, (roots - trend - season).var(axis=1) / np.where(varied, total, 1.0), 1.0)
    strength = np.clip(1 - left * (n - 1) / (n - YEAR), 0.0, 1.0)
    real = strength / np.maximum(1 - left, np.finfo(np.float64).eps)
    level = roots.mean(axis=1, keepdims=True)
    shaped = np.maximum(0.0, 1 + np.minimum(real, 1.0)[:, None] * season / level) ** 2
    return strength, shaped / shaped[:, -YEAR:].mean(axis=1, keepdims=True), season


def _told(strength: Floats, shaped: Floats, raw: Floats, numbers: range) -> list[Season]:
    mondays = [monday(number) for number in numbers[-YEAR:]]
    iso = [day.isocalendar().week for day in mondays]
    months = np.array([(day + timedelta(days=3)).month - 1 for day in mondays])  # a week lies where its Thursday does
    monthly = np.stack([shaped[:, -YEAR:][:, months == month].mean(axis=1) for month in range(12)], axis=1)
    monthly /= monthly.mean(axis=1, keepdims=True)
    year = raw[:, -YEAR:]
    columns = (strength, year.argmax(axis=1), year.argmin(axis=1), shaped[:, -YEAR:].max(axis=1), monthly)
    return [
        Season(strength=strong, peak=iso[peak], trough=iso[trough], peak_ratio=ratio, months=tuple(indices))
        for strong, peak, trough, ratio, indices in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _filled(values: Floats) -> Floats:
    """Unknown weeks [niches, weeks] on a line between their known neighbours."""
    full = values.copy()
    at = np.arange(values.shape[1])
    for niche in np.flatnonzero(np.isnan(values).any(axis=1)):
        known = ~np.isnan(values[niche])
        full[niche] = np.interp(at, at[known], values[niche, known])
    return full
