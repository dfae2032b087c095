"""Where weekly series are going: trend, slope, season and steps, over a batch of niches."""

from dataclasses import dataclass

import numpy as np

from contracts.demand import ChangePoint, MannKendall, Season, Slope
from services.analysis.changepoints import changepoints
from services.analysis.season import seasons
from services.analysis.trend_test import trend_tests
from services.analysis.weeks import Floats, monday


@dataclass(frozen=True, slots=True)
class Trends:
    """What the weeks since a niche's first sale tell; absent where they are too few."""

    mann_kendall: MannKendall | None = None
    slope: Slope | None = None
    season: Season | None = None
    changes: tuple[ChangePoint, ...] = ()


def trends(weekly: Floats, numbers: range) -> tuple[Trends, ...]:
    """Trends of each niche from its weekly revenue [niches, weeks], NaN where not known, of the numbered weeks.

    A niche that began late did not rise from zero: weeks before its first sale are left out. Where there is a season
    (two years or more), trend, slope and steps are those of the series divided by it, so that autumn is no growth.
    """
    begun = np.logical_or.accumulate(weekly > 0, axis=1)
    scale = _power_of_two(np.nanmax(weekly, axis=1, initial=0.0))
    since = np.where(begun, weekly, np.nan) / scale[:, None]
    found, index = seasons(since, numbers)
    flat = since / index
    tested = trend_tests(flat)
    stepped = changepoints(flat)
    return tuple(
        Trends(
            mann_kendall=test.mann_kendall,
            slope=None
            if test.slope is None
            else Slope(value=test.slope.value * size, lo=test.slope.lo * size, hi=test.slope.hi * size),
            season=season,
            changes=tuple(
                ChangePoint(week=monday(numbers[step.at]), before=step.before * size, after=step.after * size)
                for step in steps
            ),
        )
        for test, season, steps, size in zip(tested, found, stepped, scale.tolist(), strict=True)
    )


def _power_of_two(largest: Floats) -> Floats:
    """What divides each series to below two and loses no digit, so that squares of huge money stay numbers."""
    return np.exp2(np.floor(np.log2(np.where(largest > 0, largest, 1.0))))
