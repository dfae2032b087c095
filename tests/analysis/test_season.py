import numpy as np
import pytest
from statsmodels.tsa.seasonal import STL

from services.analysis.season import CLEAR, YEAR, seasons
from services.analysis.weeks import monday, week_number
from tests.analysis.rows import START
from tests.analysis.test_trend_test import wandering

FIRST = week_number(START)


def numbers(weeks: int) -> range:
    """The numbers of so many weeks from the first Monday of 2017 on."""
    return range(FIRST, FIRST + weeks)


def december(weeks: int, size: float = 0.5, noise: float = 0.1) -> np.ndarray:
    """A niche that sells best in week 48 of the year and worst half a year later."""
    wave = 1 + size * np.cos(2 * np.pi * (np.arange(weeks) - 47) / YEAR)
    return np.asarray(100 * wave * np.exp(noise * np.random.default_rng(4).normal(size=weeks)))


def strengths(values: np.ndarray) -> np.ndarray:
    """The strength of each series' season."""
    found, _ = seasons(values, numbers(values.shape[1]))
    return np.array([season.strength for season in found if season])


def test_a_yearly_wave_is_a_season() -> None:
    """Strong, best about week 48, 1.5 times the mean week, dividing it away leaves the noise."""
    weekly = december(156)
    (season,), index = seasons(weekly[None], numbers(156))

    assert season is not None
    assert season.strength > 0.8
    assert abs(season.peak - 48) <= 2
    assert abs(season.trough - 22) <= 3
    assert season.peak_ratio == pytest.approx(1.5, abs=0.15)
    assert (season.months[10], season.months[4]) == (pytest.approx(1.5, abs=0.1), pytest.approx(0.5, abs=0.1))
    assert np.mean(season.months) == pytest.approx(1.0)
    assert np.std(weekly / index[0]) < 0.15 * np.mean(weekly)


@pytest.mark.parametrize("weeks", [104, 130, 208])
def test_noise_looks_little_like_a_season(weeks: int) -> None:
    """Its strength is near zero, rarely beyond the limit, and its best week near the mean week."""
    noise = np.exp(0.3 * np.random.default_rng(weeks).normal(size=(400, weeks)))
    found, _ = seasons(noise, numbers(weeks))
    kept = [season for season in found if season]

    assert np.mean([season.strength for season in kept]) < 0.08
    assert np.mean([season.strength > CLEAR for season in kept]) < 0.01
    assert np.median([season.peak_ratio for season in kept]) < 1.1


def test_wandering_is_seldom_a_clear_season() -> None:
    """Two years in which each week resembles the last one: 2 to 3 in a hundred are beyond the limit."""
    assert (strengths(np.exp(0.3 * wandering((400, 104), 0.5))) > CLEAR).mean() < 0.05


def test_the_strength_is_that_of_the_library_less_what_noise_gives() -> None:
    """1 - var(remainder) / var(season + remainder) of statsmodels' STL, corrected for degrees of freedom."""
    weekly = december(130, size=0.2, noise=0.2)
    theirs = STL(np.sqrt(weekly), period=YEAR, seasonal=40001, seasonal_deg=0).fit()
    left = theirs.resid.var() / (theirs.seasonal + theirs.resid).var()

    assert strengths(weekly[None])[0] == pytest.approx(1 - left * 129 / 78)


def test_under_two_years_nothing_is_known() -> None:
    """103 weeks, or a tenth of them missing, have no season, and an index of one."""
    short = december(104)[1:]
    patchy = december(130)
    patchy[::8] = np.nan
    late = np.concatenate([np.full(60, np.nan), december(100)])

    for weekly in (short, patchy, late):
        found, index = seasons(weekly[None], numbers(len(weekly)))
        assert found == (None,)
        assert (index == 1).all()


def test_a_few_gaps_are_drawn_in() -> None:
    """Missing weeks change little, and a first sale in the middle of the history counts from there."""
    whole, gappy = december(120), december(120)
    gappy[[10, 50, 119]] = np.nan
    late = np.concatenate([np.full(30, np.nan), gappy])

    assert strengths(gappy[None])[0] == pytest.approx(strengths(whole[None])[0], abs=0.05)
    (season,), index = seasons(late[None], numbers(150))
    assert season is not None
    assert season.strength == pytest.approx(strengths(gappy[None])[0])
    assert (index[0, :30] == 1).all()


def test_the_peak_is_an_iso_week_of_the_last_year() -> None:
    """The number that the calendar gives the week, 53 in a long year."""
    last = week_number(monday(FIRST).replace(year=2020, month=12, day=28))
    weekly = np.full(last - FIRST + 1, 10.0)
    weekly[-1::-YEAR] = 50.0
    (season,), _ = seasons(weekly[None], range(FIRST, last + 1))

    assert season is not None
    assert season.peak == 53


def test_a_constant_niche_has_no_season() -> None:
    """Strength zero and every index one, as with sales in one week only."""
    for weekly in (np.full((1, 120), 7.0), np.eye(1, 120) * 9):
        (season,), index = seasons(weekly, numbers(120))
        assert season is not None
        assert season.strength == pytest.approx(0.0, abs=0.05)
        assert season.peak_ratio == pytest.approx(1.0, abs=0.05)
        assert np.isfinite(index).all()
    assert seasons(np.zeros((2, 0)), range(FIRST, FIRST))[0] == (None, None)
