"""The deep tier: the fast one, complex smoothing, and trees that learn from all series at once.

Its forecast is the mean of two families: the smoothers, which know one series each, and the learners, which know what
all series have in common. Both halves matter: trees alone are unsafe on short monthly series, and smoothers alone are
beaten on weekly ones. Members, weights and settings were chosen on inner hold-outs (M4 Weekly: the last and the last
but one 13 weeks of the training parts; M3 Monthly: their last 18 months), and not on the test parts. Means of levels
and of logarithms did alike there, medians worse.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np

from services.analysis.forecasting.ces import ces
from services.analysis.forecasting.conformal import own
from services.analysis.forecasting.fast import rolling
from services.analysis.forecasting.learner import Learner, learn
from services.analysis.forecasting.season import deseasonalise
from services.analysis.weeks import Floats

SMOOTHERS = ("fast", "ces")
MEMBERS = (*SMOOTHERS, "boosting_adjusted", "boosting")
"""The learners: one of seasonally adjusted series, one of series as they are, which learns the season itself."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Deep:
    """What was learnt of a market's series, to forecast these and others; a learner is absent where too little was."""

    adjusted: Learner | None
    plain: Learner | None
    season: int

    @classmethod
    def train(cls, y: Floats, horizon: int, season: int) -> Self:
        """Learn from series [series, periods] up to their last column; where none is seasonal, one learner will do."""
        adjusted, index, offset = deseasonalise(y, season)
        plain = learn(y, horizon, season) if (index != 1).any() or (offset != 0).any() else None
        return cls(learn(adjusted, horizon, season), plain, season)

    def members(self, y: Floats, horizon: int, origins: int = 1) -> dict[str, Floats]:
        """Each member's forecasts [series, origins, horizon] at the end of each of the last periods.

        Seasonal indices and the parameters of `ces` come from what the first origin knows; no origin sees what is
        later than itself.
        """
        stop = y.shape[1] - origins + 1
        made = {
            "fast": rolling(y, horizon, self.season, origins),
            "ces": ces(y, horizon, self.season, origins),
        }
        if self.adjusted:
            _, index, offset = deseasonalise(y[:, :stop], self.season)
            along = np.arange(-stop, origins - 1) % self.season
            to_come = (np.arange(origins)[:, None] + np.arange(horizon)) % self.season
            plain = self.adjusted.forecast((y - offset[:, along]) / index[:, along], horizon, origins)
            made["boosting_adjusted"] = plain * index[:, to_come] + offset[:, to_come]
        if self.plain:
            made["boosting"] = self.plain.forecast(y, horizon, origins)
        return made


def deep(y: Floats, horizon: int, season: int, progress: Progress = lambda _: None) -> Floats:
    """Forecast [series, horizon] of series [series, periods] that end in the last column, learning from all of them.

    NaN stands before a series' start and where a period is not known; NaN comes out where nothing is known at all.
    `season` is the number of periods after which a pattern may repeat, 1 for none. `progress` hears of each stage.
    """
    progress("learn")
    learnt = Deep.train(y, horizon, season)
    progress("forecast")
    return combined(learnt.members(y, horizon))[:, 0]


def bands(y: Floats, horizon: int, season: int, progress: Progress = lambda _: None) -> Floats:
    """Half widths [series, horizon, levels] of the bands around `deep`; NaN where a series does not change at all.

    Split conformal over the series (Vovk 2005): what is learnt without the last two horizons forecasts the one and
    then the other. A width is the quantile of these errors, step by step, as multiples of each series' size then,
    times its size now. Two hold-outs, since one tells what its own time was like; sizes over the whole series, since
    on inner hold-outs that gave narrower bands than their last one or two years did, at the same coverage.
    """
    progress("judge")
    learnt = Deep.train(y[:, : -2 * horizon], horizon, season)
    errors = []
    for back in (2 * horizon, horizon):
        before, truth = y[:, :-back], y[:, y.shape[1] - back :][:, :horizon]
        made = combined(learnt.members(before, horizon))[:, 0]
        errors.append(np.abs(truth - made) / _size(before, season)[:, None])
    widths: Floats = own(np.concatenate(errors)[None])[0] * _size(y, season)[:, None, None]
    return widths


def combined(members: dict[str, Floats]) -> Floats:
    """The mean of the smoothers' mean and the learners' mean; what a member could not say is left out."""
    smoothers, learners = (
        [made for name, made in members.items() if (name in SMOOTHERS) == smooth] for smooth in (True, False)
    )
    return _mean([_mean(family) for family in (smoothers, learners) if family])


def _mean(made: list[Floats]) -> Floats:
    """The mean of arrays of one shape, cell by cell, without NaN; NaN where all are."""
    stack = np.stack(made)
    known = np.isfinite(stack)
    count = known.sum(axis=0)
    return np.where(count > 0, np.where(known, stack, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


def _size(y: Floats, season: int) -> Floats:
    """The mean change [series] from one period to the next, seasonally adjusted; NaN where there is none."""
    change = np.abs(np.diff(deseasonalise(y, season)[0], axis=1))
    known = ~np.isnan(change)
    total = np.where(known, change, 0.0).sum(axis=1)
    return np.where(total > 0, total / np.maximum(known.sum(axis=1), 1), np.nan)
