"""What is said of a niche's future: its points, its bands, and what past forecasts were worth."""

import time
from datetime import date

import numpy as np
import pytest

from contracts.forecast import Forecast
from services.analysis.forecasting.smoothing import MEMBERS
from services.analysis.outlook import HISTORY, ORIGINS, outlooks, since_first_sale
from services.analysis.weeks import week_number

NUMBERS = range(2000, 2040)
RNG = np.random.default_rng(0)


def noise(weeks: int, seed: int = 0) -> np.ndarray:
    """Weekly sales around a hundred without any trend."""
    return np.random.default_rng(seed).normal(100, 10, weeks)


def outlook(weekly: np.ndarray, horizon: int = 8) -> Forecast:
    """The forecast of one niche."""
    return outlooks(weekly[None], range(2000, 2000 + len(weekly)), horizon)[0]


def test_a_batch_of_one_gives_what_the_niche_gets_within_a_batch() -> None:
    """Whoever else is forecast with it, a niche's forecast is the same to the last digit."""
    weekly = np.abs(RNG.normal(100, 40, (20, 170)) * (1 + np.sin(np.arange(170) / 52 * 2 * np.pi)))
    weekly[3, :120], weekly[4, 50:60], weekly[5], weekly[6, ::2], weekly[7, 1::2] = 0, np.nan, 0, 0, 0
    together = outlooks(weekly, range(170), 4)

    assert together == tuple(outlooks(row[None], range(170), 4)[0] for row in weekly)


def test_bands_hold_about_what_they_promise_on_plain_noise() -> None:
    """Over many series without trend the measured coverage is near its level."""
    found = outlooks(np.array([noise(60, seed) for seed in range(100)]), range(60), 4)
    for level, slack in ((50, 0.04), (80, 0.04), (95, 0.03)):
        held = [(band.measured * band.n, band.n) for one in found for band in one.coverage if band.level == level]
        assert sum(inside for inside, _ in held) / sum(n for _, n in held) == pytest.approx(level / 100, abs=slack)


def test_bands_widen_by_level_and_stay_above_zero() -> None:
    """50 % lies in 80 %, 80 % in 95 %, and nobody sells less than nothing."""
    for point in outlook(np.abs(noise(40) - 90)).points:
        widths = [band.hi - band.lo for band in point.bands]
        assert len(widths) > 1
        assert widths == sorted(widths)
        assert all(0 <= band.lo <= point.p50 <= band.hi for band in point.bands)


def test_a_niche_that_doubled_has_bands_of_its_new_size() -> None:
    """Errors are multiples of the level: those of a small past fit the large present."""
    small = noise(52)
    large = np.concatenate([small[:26], 10 * small[26:]])
    widths = [band.hi - band.lo for band in outlook(large).points[0].bands]
    before = [band.hi - band.lo for band in outlook(small).points[0].bands]

    assert widths[0] > 5 * before[0]


def test_the_first_point_is_the_week_after_the_last() -> None:
    """Days are Mondays, one week apart."""
    found = outlooks(noise(40)[None], NUMBERS, 3)[0]

    assert [week_number(point.day) for point in found.points] == [2040, 2041, 2042]
    assert all(isinstance(point.day, date) and point.day.weekday() == 0 for point in found.points)


def test_errors_are_by_their_definitions() -> None:
    """MASE and sMAPE from the forecasts that were made, told one by one."""
    weekly = noise(20)
    found = outlook(weekly, 2)
    errors, shares = [], []
    for now in range(HISTORY, 20):
        # At the end of week `now`, with the weeks before it known, this was forecast.
        made = [point.p50 for point in outlook(weekly[:now], 2).points]
        for forecast, truth in zip(made, weekly[now:].tolist(), strict=False):
            errors.append(abs(truth - forecast))
            shares.append(200 * abs(truth - forecast) / (truth + forecast))

    assert found.mase == pytest.approx(np.mean(errors) / np.abs(np.diff(weekly)).mean())
    assert found.smape == pytest.approx(np.mean(shares))
    assert found.folds == 20 - HISTORY
    assert found.members == MEMBERS


@pytest.mark.parametrize(
    ("weekly", "reason"),
    [
        (np.zeros(40), "no_sales"),
        (np.full(40, np.nan), "no_sales"),
        (np.zeros(0), "no_sales"),
        (np.concatenate([np.zeros(29), np.ones(11)]), "short_history"),
        (np.concatenate([np.ones(11), np.full(29, np.nan)]), "short_history"),
        (np.ones(1), "short_history"),
    ],
)
def test_what_cannot_be_forecast_says_why(weekly: np.ndarray, reason: str) -> None:
    """No points, a reason, and no made-up number."""
    found = outlook(weekly)

    assert (found.points, found.members, found.reason, found.mase, found.smape) == ((), (), reason, None, None)


def test_twelve_weeks_are_enough_for_a_forecast_without_a_record() -> None:
    """The first origin has nothing behind it: points, but no bands and no errors."""
    found = outlook(np.concatenate([np.zeros(28), np.arange(1.0, 13.0)]))

    assert len(found.points) == 8
    assert all(point.bands == () for point in found.points)
    assert (found.mase, found.smape, found.folds, found.coverage, found.reason) == (None, None, 0, (), None)


def test_a_constant_is_forecast_without_width() -> None:
    """Never a miss, so no band around it; an error over no change is not a number, so it is absent."""
    found = outlook(np.full(40, 7.0))

    assert found.mase is None
    assert found.smape == pytest.approx(0.0)
    assert all(band.lo == pytest.approx(band.hi) == pytest.approx(7.0) for p in found.points for band in p.bands)


def test_leading_zeros_are_not_history() -> None:
    """A niche that began later is forecast as one that is as young."""
    late = outlook(np.concatenate([np.zeros(20), noise(40)]))
    young = outlook(noise(40))

    assert [point.p50 for point in late.points] == pytest.approx([point.p50 for point in young.points], rel=1e-12)
    assert late.folds == young.folds
    assert late.mase == pytest.approx(young.mase)


def test_unknown_weeks_are_not_judged() -> None:
    """A gap makes fewer folds, not worse ones."""
    weekly = np.full(40, 7.0)
    weekly[20:24] = np.nan
    found = outlook(weekly, 2)

    assert all(band.measured == 1.0 for band in found.coverage)
    assert found.points[0].p50 == pytest.approx(7.0)
    assert found.folds < outlook(np.full(40, 7.0), 2).folds


def test_an_intermittent_niche_has_one_method() -> None:
    """With more zeros than sales the level alone is forecast, and said."""
    weekly = np.where(np.arange(52) % 3 == 0, 30.0, 0.0)
    found = outlook(weekly)

    assert found.members == ("ses",)
    assert len({point.p50 for point in found.points}) == 1
    assert 2 < found.points[0].p50 < 20


def test_a_niche_that_died_is_forecast_near_nothing() -> None:
    """Half a year without a sale outweighs the year before; the record stays a number."""
    found = outlook(np.concatenate([noise(40), np.zeros(30)]))

    assert 0 <= found.points[0].p50 < 15
    assert found.smape is not None
    assert found.mase is not None


@pytest.mark.parametrize(
    "weekly",
    [
        noise(520),
        np.where(RNG.random(520) < 0.2, noise(520), np.nan),
        noise(52) * 1e12,
        noise(52) * 1e-9,
        np.concatenate([noise(40) * 1e15, noise(20) * 1e-6]),
        np.where(np.arange(60) == 3, 1e9, 0.0),
        np.concatenate([np.full(30, np.nan), noise(20), np.full(20, np.nan)]),
        RNG.pareto(0.7, 104),
        noise(60) - 100,
    ],
)
def test_every_number_is_a_number(weekly: np.ndarray) -> None:
    """Ten years, gaps, huge, tiny, one sale, nothing lately, wild, returns: no NaN, no infinity, no negative money."""
    found = outlook(weekly)
    numbers = [point.p50 for point in found.points]
    numbers += [edge for point in found.points for band in point.bands for edge in (band.lo, band.hi)]
    numbers += [value for value in (found.mase, found.smape) if value is not None]

    assert found.points or found.reason == "short_history"
    assert all(np.isfinite(number) and number >= 0 for number in numbers)
    assert found.folds <= ORIGINS


def test_a_year_that_repeats_is_forecast_by_its_season() -> None:
    """After four years a Christmas is expected before it comes."""
    year = np.where(np.arange(52) >= 48, 500.0, 100.0)
    weekly = np.tile(year, 4)[:-6] * np.random.default_rng(2).normal(1, 0.05, 202)
    points = [point.p50 for point in outlook(weekly).points]

    assert max(points[:2]) < 150
    assert min(points[2:6]) > 300


def test_the_market_s_first_sales_are_found() -> None:
    """What is before them is unknown to the forecast; what is after them stays."""
    weekly = np.array([[0.0, np.nan, 3.0, 0.0, np.nan]])

    np.testing.assert_array_equal(since_first_sale(weekly), [[np.nan, np.nan, 3.0, 0.0, np.nan]])


def test_a_market_of_a_year_takes_a_moment() -> None:
    """709 niches of 52 weeks: well under a second on any machine; what it takes is said in the benchmarks."""
    weekly = np.abs(RNG.normal(100, 30, (709, 52)))
    began = time.process_time()
    outlooks(weekly, range(52), 8)

    assert time.process_time() - began < 2
