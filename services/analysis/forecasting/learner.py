"""One model of all series at once: gradient-boosted trees on changes of logarithms, direct for every step ahead.

What many series have in common (how far a jump falls back, how a slump ends) is learnt from all of them, and each is
forecast from its own latest figures (Montero-Manso and Hyndman 2021 on why one global model can do so).
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from services.analysis.forecasting.features import PAST, SEASONS, features, logs, shifted_ahead
from services.analysis.weeks import Floats

ORIGINS = 104
"""The last periods that it learns from: two years of weeks."""

ROWS = 150_000
"""Examples that it learns from at most, drawn evenly: twice as many forecast no better."""

FEWEST = 500
"""Examples without which it learns nothing."""

_SEED = 1
_SETTINGS = {
    "loss": "absolute_error",
    "max_iter": 200,
    "learning_rate": 0.05,
    "max_leaf_nodes": 31,
    "min_samples_leaf": 200,
    "max_features": 0.5,
    "early_stopping": False,
    "random_state": _SEED,
}


@dataclass(frozen=True, slots=True)
class Learner:
    """What was learnt: the trees, and which of the features the examples had at all."""

    trees: Any
    usable: NDArray[np.bool_]
    season: int

    def forecast(self, y: Floats, horizon: int, origins: int) -> Floats:
        """Forecasts [series, origins, horizon] at the end of each of the last periods; NaN where none is known."""
        z = logs(y)
        figures = features(z, self.season)[:, :, -origins:]
        made = np.empty((len(y), origins, horizon))
        with _one_core():
            for ahead in range(1, horizon + 1):
                table = _table(figures, shifted_ahead(z, self.season, ahead)[:, :, -origins:], ahead)
                made[:, :, ahead - 1] = self.trees.predict(table[:, self.usable]).reshape(len(y), origins)
        return np.exp(z[:, -origins:, None] + made)


def learn(y: Floats, horizon: int, season: int) -> Learner | None:
    """Learn from series [series, periods] that end in the last column, seasonally adjusted; `None` if they are few.

    NaN stands before a series' start and where a period is not known. The settings were chosen on the inner hold-out
    of bench/forecast (the last `horizon` periods of the training parts of M4 Weekly and M3 Monthly).
    """
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - 1 s, for the deep tier alone

    y = y[:, -(ORIGINS + horizon + max(PAST, SEASONS[-1] * season)) :]
    z = logs(y)
    known = ~np.isnan(y) & ~np.isnan(z)
    places = [_places(known, ahead) for ahead in range(1, horizon + 1)]
    total = sum(len(place) for place in places)
    if total < FEWEST:
        return None
    figures, draw = features(z, season), np.random.default_rng(_SEED)
    tables, truths = [], []
    for ahead, place in enumerate(places, start=1):
        some = draw.choice(place, len(place) * ROWS // total, replace=False) if total > ROWS else place
        series, period = np.divmod(some, y.shape[1])
        before = shifted_ahead(z, season, ahead)
        tables.append(_table(figures[:, series, period], before[:, series, period], ahead))
        truths.append(z[series, period + ahead] - z[series, period])
    table = np.concatenate(tables)
    usable = np.count_nonzero(~np.isnan(table), axis=0) > 0
    with _one_core():
        trees = HistGradientBoostingRegressor(**_SETTINGS).fit(table[:, usable], np.concatenate(truths))
    return Learner(trees, usable, season)


def _places(known: NDArray[np.bool_], ahead: int) -> NDArray[np.intp]:
    """Where an example of this many steps ahead begins (flat indices): both its ends are known, and it is recent."""
    both = np.zeros(known.shape, dtype=np.bool_)
    both[:, :-ahead] = known[:, :-ahead] & known[:, ahead:]
    both[:, : -(ORIGINS + ahead)] = False
    return np.flatnonzero(both)


def _table(figures: Floats, before: Floats, ahead: int) -> Floats:
    """Features and the change a season before [features, ...] as one table [examples, features]."""
    columns = [part.reshape(len(part), -1) for part in (figures, before)]
    return np.vstack([*columns, np.full((1, columns[0].shape[1]), float(ahead))]).T


def _one_core() -> AbstractContextManager[object]:
    """No more threads than the one that the job has: the other cores have their own jobs."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - comes with scikit-learn

    return cast("AbstractContextManager[object]", threadpool_limits(limits=1))
