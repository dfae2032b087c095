"""Complex exponential smoothing: a level and an unseen second state, with no choice to make between trend and none."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from services.analysis.forecasting.season import deseasonalise
from services.analysis.weeks import Floats

PERIODS = 1040
"""How far back it looks: twenty years of weeks. Beyond, a calendar has drifted against its 52 weeks."""

FIRST = 10
"""Periods whose mean is the level to begin with."""

GRID = (
    (0.7, 1.0, 1.3, 1.6, 1.8),
    # Dense around 1, where the second state turns from a pull back to a drift.
    (0.8, 0.95, 0.98, 0.99, 1.0, 1.005),
    (0.0, 0.03, 0.1, 0.25, 0.5),
)
"""Real and imaginary part of the smoothing, and how fast the seasonal indices learn."""

NEAR = ((-0.15, 0.0, 0.15), (-0.01, 0.0, 0.01), (0.6, 1.0, 1.6))
"""Around the best so far: steps of the first two, factors of the third."""

ROUNDS = 3
FINER = 1.8
"""Of each round of refinement, the steps of the first two are so many times smaller than before."""

Grid = tuple[Floats, ...]
"""Each parameter [grid, series]."""

State = tuple[Floats, Floats, Floats, Floats]
"""Level, second state, squared errors [grid, series], and the seasonal indices [season, grid, series]."""


def ces(y: Floats, horizon: int, season: int, origins: int = 1) -> Floats:
    """Forecasts [series, origins, horizon] at the end of each of the last periods; NaN where nothing is known by then.

    Svetunkov, Kourentzes and Ord (2022), additive errors; the seasonal indices of positive series multiply and learn
    on, those of others are added and stay. Series [series, periods] end in the last column; NaN stands before their
    start and where a period is not known: there the states run on without an error. Parameters are those of least
    squared one-step error up to the first of the origins, on a grid that is refined around its best. A series without
    a negative value is never forecast below zero. Grid and rounds were chosen on the inner hold-outs of
    bench/forecast (the last `horizon` periods of the training parts), and not on the test parts.
    """
    y = y[:, -(PERIODS + origins - 1) :]
    stop = y.shape[1] - origins + 1
    known = ~np.isnan(y)
    value = np.where(known, y, 0.0)
    _, index, offset = deseasonalise(y[:, :stop], season)
    value = value - offset[:, np.arange(-stop, origins - 1) % season]
    size = np.abs(np.where(known, value, 0.0)[:, :stop]).sum(axis=1) / np.maximum(known[:, :stop].sum(axis=1), 1)
    size = np.where(size > 0, size, 1.0)
    run = _Run(value / size[:, None], known, index, stop)
    made = run.ahead(run.best(), horizon) * size[:, None, None]
    made += offset[:, (np.arange(origins)[:, None] + np.arange(horizon)) % season]
    below = np.count_nonzero(y[:, :stop] < 0, axis=1) > 0
    made = np.where(below[:, None, None], made, np.maximum(made, 0.0))
    return np.where(np.cumsum(known, axis=1)[:, stop - 1 :, None] > 0, made, np.nan)


def stable(real: Floats, imaginary: Floats) -> NDArray[np.bool_]:
    """Whether old periods lose their weight under these parameters (Svetunkov, Kourentzes and Ord 2022)."""
    return (
        ((real - 2.5) ** 2 + imaginary**2 > 1.25)  # noqa: PLR2004 - the published bounds: three circles
        & ((real - 0.5) ** 2 + (imaginary - 1) ** 2 > 0.25)  # noqa: PLR2004 - the second
        & ((real - 1.5) ** 2 + (imaginary - 0.5) ** 2 < 1.5)  # noqa: PLR2004 - the third
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """Series [series, periods] of mean size 1, and their indices [series, season] from the period `stop` on."""

    value: Floats
    known: NDArray[np.bool_]
    index: Floats
    stop: int

    def best(self) -> Grid:
        """The parameters [1, series] of least squared error before `stop`."""
        n = len(self.value)
        seasonal = (self.index != 1).any(axis=1)
        axes = GRID if seasonal.any() else (*GRID[:2], (0.0,))
        grid = tuple(np.repeat(axis[:, None], n, axis=1) for axis in np.array([*product(*axes)]).T)
        near = np.array([*product(*NEAR[:2], NEAR[2] if seasonal.any() else (1.0,))]).T[:, :, None]
        best = self._pick((*grid[:2], np.where(seasonal, grid[2], 0.0)))
        for finer in range(ROUNDS):
            real, imaginary, gamma = best
            best = self._pick((real + near[0] / FINER**finer, imaginary + near[1] / FINER**finer, gamma * near[2]))
        return best

    def ahead(self, best: Grid, horizon: int) -> Floats:
        """Forecasts [series, origins, horizon] from the last period before `stop` and from each after it."""
        origins = self.value.shape[1] - self.stop + 1
        made = np.empty((len(self.value), origins, horizon))
        for origin, state in enumerate(islice(self._states(best), self.stop - 1, None)):
            level, second, _, index = state
            for step in range(horizon):
                made[:, origin, step] = (level * index[(origin + step) % len(index)])[0]
                level, second = level - (1 - best[1]) * second, level + (1 - best[0]) * second
        return made

    def _pick(self, grid: Grid) -> Grid:
        errors = next(islice(self._states(grid), self.stop - 1, None))[2]
        errors = np.where(stable(*grid[:2]) & (grid[0] <= GRID[0][-1]) & np.isfinite(errors), errors, np.inf)
        best = errors.argmin(axis=0)[None]
        return tuple(np.take_along_axis(axis, best, axis=0) for axis in grid)

    def _states(self, grid: Grid) -> Iterator[State]:
        """The state after each period; its arrays are overwritten by the next."""
        real, imaginary, gamma = grid
        first = self.known.argmax(axis=1)
        index = np.repeat(self.index.T[:, None], len(real), axis=1) if gamma.any() else self.index.T[:, None].copy()
        level = np.repeat(self._begin(first)[None], len(real), axis=0)
        second, errors = level / 1.1, np.zeros(level.shape)  # as in the authors' own code
        with np.errstate(over="ignore", invalid="ignore"):  # what is not stable may run off: it is not picked
            for period in range(self.value.shape[1]):
                place = (period - self.stop) % len(index)
                times = index[place]
                error = np.where(self.known[:, period], self.value[:, period] - level * times, 0.0)
                errors += error * error
                gain, begun = error / times, first <= period
                fade = second * (1 - real) + (real + imaginary) * gain
                if gamma.any():
                    index[place] = _learnt(times, gamma * error, level)
                moved = level - (1 - imaginary) * second + (real - imaginary) * gain
                second = np.where(begun, level + fade, second)
                level = np.where(begun, moved, level)
                yield level, second, errors, index

    def _begin(self, first: NDArray[np.intp]) -> Floats:
        """The first level [series]: the mean of the first periods, seasonally adjusted, as known before `stop`."""
        known, times = self.known[:, : self.stop], self.index[:, np.arange(-self.stop, 0) % self.index.shape[1]]
        begin = known & (np.cumsum(known, axis=1) <= FIRST)
        mean = np.where(begin, self.value[:, : self.stop] / times, 0.0).sum(axis=1) / np.maximum(begin.sum(axis=1), 1)
        return np.where(begin.any(axis=1), mean, np.take_along_axis(self.value, first[:, None], axis=1)[:, 0])


def _learnt(index: Floats, error: Floats, level: Floats) -> Floats:
    """The indices after an error; where there is next to no level, nothing can be learnt of what multiplies it."""
    there = np.abs(level) > 1e-3  # noqa: PLR2004 - of the mean size of the series
    return np.clip(index + np.where(there, error / np.where(there, level, 1.0), 0.0), 0.02, 20.0)
