import numpy as np
import pytest
from statsmodels.tsa.seasonal import STL

from services.analysis.stl import loess, stl

FOR_EVER = 40001  # a seasonal window so wide that statsmodels' loess takes plain means, as "periodic" does


@pytest.mark.parametrize(("weeks", "period"), [(104, 52), (107, 52), (260, 52), (520, 52), (48, 12), (37, 7)])
def test_it_is_the_stl_of_statsmodels(weeks: int, period: int) -> None:
    """Season and trend to the last digits, for all lengths, on noise, a wave and a walk."""
    random = np.random.default_rng(weeks)
    wave = 9 * np.sin(2 * np.pi * np.arange(weeks) / period)
    series = np.array([random.normal(size=weeks), wave, random.normal(size=weeks).cumsum() + wave])
    season, trend = stl(series, period)

    for row, one in enumerate(series):
        theirs = STL(one, period=period, seasonal=FOR_EVER, seasonal_deg=0).fit()
        assert season[row] == pytest.approx(theirs.seasonal, abs=1e-9)
        assert trend[row] == pytest.approx(theirs.trend, abs=1e-9)


def test_a_season_is_the_same_every_year() -> None:
    """What is taken for the season repeats but for the drift of the trend below it."""
    season, _ = stl(np.random.default_rng(1).normal(size=(1, 156)), 52)

    assert np.abs(season[0, :52] - season[0, 104:]).max() < 0.2


def test_local_lines_keep_a_line() -> None:
    """Loess of degree one gives a straight line back, at the ends too."""
    line = 3 + 2 * np.arange(60.0)

    assert (line @ loess(60, 21)).tolist() == pytest.approx(line.tolist())
    assert (line @ loess(60, 79)).tolist() == pytest.approx(line.tolist())
