"""What the M competitions score by, in their own definitions; arrays are [series, horizon] and [series, periods]."""

from dataclasses import dataclass

import numpy as np

from bench.forecast.data import Floats, Task
from bench.forecast.naive import naive2


@dataclass(frozen=True)
class Score:
    """Means over all series: `smape` in percent (0 to 200), `mase`, and `owa` against Naive2."""

    smape: float
    mase: float
    owa: float


def smape(truth: Floats, made: Floats) -> float:
    """Symmetric mean absolute percentage error, 0 to 200 (Makridakis 1993)."""
    size = np.abs(truth) + np.abs(made)
    return float(np.mean(200 * np.abs(truth - made) / np.where(size > 0, size, 1.0)))


def mase(truth: Floats, made: Floats, train: Floats, season: int) -> float:
    """Mean absolute error over the mean seasonal change within the training part (Hyndman and Koehler 2006)."""
    scale = np.nanmean(np.abs(train[:, season:] - train[:, :-season]), axis=1)
    return float(np.mean(np.abs(truth - made).mean(axis=1) / scale))


def score(task: Task, made: Floats, base: Floats | None = None) -> Score:
    """All three; `owa` is against `base`, by default our own Naive2 (Makridakis et al. 2020)."""
    base = naive2(task.train, task.horizon, task.naive_season) if base is None else base
    ours, theirs = (
        (smape(task.test, one), mase(task.test, one, task.train, task.naive_season)) for one in (made, base)
    )
    return Score(*ours, owa=(ours[0] / theirs[0] + ours[1] / theirs[1]) / 2)


def held(truth: Floats, lo: Floats, hi: Floats) -> float:
    """The share of the truth that lies within its band."""
    return float(np.mean((truth >= lo) & (truth <= hi)))
