"""Does a weekly series rise or fall, and by how much: Mann-Kendall's test and Theil and Sen's slope, over a batch."""

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from contracts.demand import MannKendall, Slope
from services.analysis.weeks import Floats

FEWEST = 8
"""Known weeks that a test and a slope need."""

_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution
_PAIRS = 1_000_000  # of weeks held in memory at once: eight megabytes an array


@dataclass(frozen=True, slots=True)
class Trend:
    """What one series tells: `None` where it has too few known weeks or all are equal."""

    mann_kendall: MannKendall | None = None
    slope: Slope | None = None


def trend_tests(values: Floats) -> tuple[Trend, ...]:
    """Test each series [niches, weeks], in money a week; NaN is a week that is not known, and keeps its place in time.

    The score and the slope are of all pairs of known weeks (Mann 1945, Kendall 1975; Theil 1950, Sen 1968), with ties.
    Autocorrelation makes weeks tell less than their number: the variance is multiplied by the inflation of Hamed and
    Rao (1998), from the significant autocorrelations of the ranks of the detrended series. It is held at one or more,
    so that no series is surer of its trend than independent weeks would be, and the slope's interval is widened by it.
    """
    weeks = values.shape[1]
    step = max(1, _PAIRS // max(1, weeks * (weeks - 1) // 2))
    return tuple(one for start in range(0, len(values), step) for one in _tested(values[start : start + step]))


def _tested(values: Floats) -> list[Trend]:
    known = ~np.isnan(values)
    n = known.sum(axis=1)
    usable = n >= FEWEST
    if not usable.any():
        return [Trend()] * len(values)
    slopes = _slopes(values)
    pairs = n * (n - 1) // 2
    score = np.count_nonzero(slopes > 0, axis=1) - np.count_nonzero(slopes < 0, axis=1)
    middle = (_at(slopes, (pairs - 1) // 2) + _at(slopes, pairs // 2)) / 2
    _, ties = ranks(values)
    equal = np.where(known, ties - 1, 0).sum(axis=1) / 2
    variance = (n * (n - 1) * (2 * n + 5) - np.where(known, (ties - 1) * (2 * ties + 5), 0).sum(axis=1)) / 18
    more = inflation(values - middle[:, None] * np.arange(values.shape[1]))
    half = _Z * np.sqrt(variance * more)
    low = _at(slopes, np.round((pairs - half) / 2).astype(int) - 1)
    high = _at(slopes, np.minimum(np.round((pairs + half) / 2).astype(int), pairs - 1))
    varied = variance > 0
    tau = score / np.sqrt(np.where(varied, (pairs - equal) * pairs, 1))
    # Less one, since a score moves in steps of two: Kendall's correction for continuity.
    z = np.maximum(0, np.abs(score) - 1) / np.sqrt(np.where(varied, 2 * variance, 1))
    columns = (usable, varied, tau, z, more, middle, low, high)
    return [
        Trend(
            mann_kendall=MannKendall(tau=tau, p=erfc(z / sqrt(more)), plain_p=erfc(z), inflation=more)
            if varied
            else None,
            slope=Slope(value=value, lo=lo, hi=hi),
        )
        if usable
        else Trend()
        for usable, varied, tau, z, more, value, lo, hi in zip(*(c.tolist() for c in columns), strict=True)
    ]


def _slopes(values: Floats) -> Floats:
    """The slopes of all pairs of weeks [niches, pairs], sorted; those of unknown weeks are NaN and come last."""
    early, late = np.triu_indices(values.shape[1], 1)
    slopes = np.take(values, late, axis=1)
    slopes -= np.take(values, early, axis=1)
    slopes /= late - early
    slopes.sort(axis=1)
    return slopes


def _at(ordered: Floats, place: NDArray[np.int64]) -> Floats:
    """The value of each row at its place, held within the row."""
    inside = np.clip(place, 0, ordered.shape[1] - 1)
    return np.take_along_axis(ordered, inside[:, None], axis=1)[:, 0]


def ranks(values: Floats) -> tuple[Floats, Floats]:
    """Each value's rank in its row (equal ones share the mean of theirs) and how many values equal it, itself counted.

    NaN ranks last; what it is given means nothing.
    """
    order = np.argsort(values, axis=1)
    ordered = np.take_along_axis(values, order, axis=1)
    place = np.arange(values.shape[1])
    new = np.ones(values.shape, dtype=np.bool_)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    last = np.ones(values.shape, dtype=np.bool_)
    last[:, :-1] = new[:, 1:]
    first = np.maximum.accumulate(np.where(new, place, 0), axis=1)
    final = np.minimum.accumulate(np.where(last, place, len(place))[:, ::-1], axis=1)[:, ::-1]
    rank, ties = np.empty(values.shape), np.empty(values.shape)
    np.put_along_axis(rank, order, (first + final) / 2 + 1, axis=1)
    np.put_along_axis(ties, order, final - first + 1.0, axis=1)
    return rank, ties


def inflation(detrended: Floats) -> Floats:
    """By how much autocorrelation widens the score's variance [niches], one or more (Hamed and Rao 1998, equation 5).

    Where weeks are not known, their place in time is kept and pairs with them are left out.
    """
    known = ~np.isnan(detrended)
    n, weeks = known.sum(axis=1), detrended.shape[1]
    rank, _ = ranks(detrended)
    centred = np.where(known, rank - ((n + 1) / 2)[:, None], 0.0)
    power = np.abs(np.fft.rfft(centred, 2 * weeks, axis=1)) ** 2
    products = np.fft.irfft(power, axis=1)[:, :weeks]
    related = products[:, 1:] / np.maximum(products[:, :1], 1.0)
    significant = np.abs(related) * np.sqrt(n)[:, None] > _Z
    left = np.maximum(n[:, None] - np.arange(1, weeks), 0)
    total = np.where(significant, left * (left - 1) * (left - 2) * related, 0.0).sum(axis=1)
    factor: Floats = np.maximum(1.0, 1 + 2 * total / np.maximum(n * (n - 1) * (n - 2), 1))
    return factor
