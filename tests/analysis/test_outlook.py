import numpy as np
import pytest

from services.analysis.outlook import conformal, coverage, outlook

NUMBERS = range(2000, 2040)


def noise(weeks: int, seed: int = 0) -> np.ndarray:
    """Weekly sales around a hundred without any trend."""
    return np.random.default_rng(seed).normal(100, 10, weeks)


def test_a_conformal_width_is_the_rank_that_its_proof_asks_for() -> None:
    """Of 19 past errors the 95 % band takes the 19th, the 80 % band the 16th, the 50 % band the 10th."""
    assert conformal(np.arange(1.0, 20.0)).tolist() == [10.0, 16.0, 19.0]


def test_a_band_with_too_few_errors_is_absent() -> None:
    """18 errors cannot carry 95 %, four carry nothing."""
    assert np.isnan(conformal(np.arange(18.0))).tolist() == [False, False, True]
    assert np.isnan(conformal(np.arange(4.0))).all()


def test_bands_hold_about_what_they_promise_on_plain_noise() -> None:
    """Over many series without trend the measured coverage is near its level."""
    found = [outlook(noise(60, seed), NUMBERS, 4) for seed in range(40)]
    for level, slack in ((50, 0.05), (80, 0.05), (95, 0.04)):
        held = [(band.measured * band.n, band.n) for one in found for band in one.coverage if band.level == level]
        assert sum(inside for inside, _ in held) / sum(n for _, n in held) == pytest.approx(level / 100, abs=slack)


def test_coverage_is_judged_by_errors_known_at_the_time() -> None:
    """At two weeks ahead, an origin knows the errors of origins at least two before it."""
    errors = np.array([[1.0, 1.0]] * 6 + [[0.5, 0.5], [9.0, 0.5], [0.5, 9.0]])
    found = {band.level: band for band in coverage(errors)}

    # One ahead: origins 5 to 8 are judged, one misses. Two ahead: 6 to 8, one misses.
    assert found[80].n == 7
    assert found[80].measured == pytest.approx(5 / 7)


def test_bands_widen_by_level_and_stay_above_zero() -> None:
    """50 % lies in 80 %, 80 % in 95 %, and nobody sells less than nothing."""
    found = outlook(np.abs(noise(40) - 90), NUMBERS, 8)
    for point in found.points:
        widths = [band.hi - band.lo for band in point.bands]
        assert widths == sorted(widths)
        assert all(band.lo >= 0 for band in point.bands)


def test_the_first_point_is_the_week_after_the_last() -> None:
    """Days are Mondays, one week apart."""
    found = outlook(noise(40), NUMBERS, 3)

    assert [point.day.weekday() for point in found.points] == [0, 0, 0]
    assert (found.points[1].day - found.points[0].day).days == 7


def test_the_scaled_error_is_over_the_weekly_change() -> None:
    """MASE by its definition, from the errors of all origins."""
    weekly = noise(30)
    found = outlook(weekly, NUMBERS, 4)

    assert found.mase is not None
    assert 0.3 < found.mase < 1.2
    assert found.folds == 18


@pytest.mark.parametrize(
    ("weekly", "reason"),
    [
        (np.zeros(40), "no_sales"),
        (np.full(40, np.nan), "no_sales"),
        (np.zeros(0), "no_sales"),
        (np.concatenate([np.zeros(30), np.ones(10)]), "short_history"),
    ],
)
def test_what_cannot_be_forecast_says_why(weekly: np.ndarray, reason: str) -> None:
    """No points, a reason, and no made-up number."""
    found = outlook(weekly, NUMBERS, 8)

    assert (found.points, found.reason, found.mase) == ((), reason, None)


def test_a_constant_is_forecast_without_width() -> None:
    """Never a miss, so no band around it; an error over no change is not a number, so it is absent."""
    found = outlook(np.full(40, 7.0), NUMBERS, 2)

    assert found.mase is None
    assert all(band.lo == band.hi == pytest.approx(7.0) for point in found.points for band in point.bands)


def test_unknown_weeks_are_not_judged() -> None:
    """A gap makes fewer folds, not worse ones."""
    weekly = np.full(40, 7.0)
    weekly[20:24] = np.nan
    found = outlook(weekly, NUMBERS, 2)

    assert all(band.measured == 1.0 for band in found.coverage)
    assert found.points[0].p50 == pytest.approx(7.0)
