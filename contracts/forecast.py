"""What a niche will sell, and how well such forecasts held in the past."""

from datetime import date
from typing import Literal

from contracts.message import Shape

Tier = Literal["fast", "deep"]


class Band(Shape):
    """`level` % of futures should lie between `lo` and `hi`."""

    level: int
    lo: float
    hi: float


class ForecastPoint(Shape):
    """The forecast of the week that begins on Monday `day`, in money a week."""

    day: date
    p50: float
    bands: tuple[Band, ...] = ()


class Coverage(Shape):
    """Of `n` past weeks forecast in rolling origins, the share `measured` lay inside the band of `level` %."""

    level: int
    measured: float
    n: int


class Forecast(Shape):
    """The forecast of weekly revenue; without `points`, `reason` says why there is none.

    `mean_bands` are those of the mean of the first eight weeks (of all, where there are fewer), which is surer than
    each of them. `members` are the methods whose mean it is. Over `folds` rolling origins, `mase` is the mean absolute
    error over the mean change from one week to the next (Hyndman and Koehler 2006) and `smape` the symmetric
    percentage error (0 to 200, Makridakis 1993).
    """

    tier: Tier
    horizon: int
    members: tuple[str, ...] = ()
    points: tuple[ForecastPoint, ...] = ()
    mean_bands: tuple[Band, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    mase: float | None = None
    smape: float | None = None
    folds: int = 0
    reason: str | None = None
