"""The bands: the rank that their proof asks for, known errors only, and coverage counted honestly."""

import numpy as np
import pytest

from services.analysis.forecasting.conformal import LEVELS, bands, came, held, misses, own, pooled

RNG = np.random.default_rng(5)


def column(values: np.ndarray) -> np.ndarray:
    """Errors of one series one step ahead, by origin."""
    return values[None, :, None]


def held_by_hand(errors: np.ndarray) -> dict[int, tuple[int, int]]:
    """Every origin and step of one series against the sorted errors known by then."""
    counts = dict.fromkeys(LEVELS, (0, 0))
    for step in range(errors.shape[1]):
        for origin in range(len(errors)):
            past = sorted(e for e in errors[: max(0, origin - step), step] if not np.isnan(e))
            for level, (inside, n) in counts.items():
                rank = int(np.ceil((len(past) + 1) * level / 100))
                if np.isnan(errors[origin, step]) or len(past) < 5 or rank > len(past):
                    continue
                counts[level] = (inside + int(errors[origin, step] <= past[rank - 1]), n + 1)
    return counts


def test_a_width_is_the_rank_that_its_proof_asks_for() -> None:
    """Of 19 past errors the 95 % band takes the 19th, the 80 % band the 16th, the 50 % band the 10th."""
    assert own(column(np.arange(1.0, 20.0)))[0, 0].tolist() == [10.0, 16.0, 19.0]


def test_a_band_with_too_few_errors_is_absent() -> None:
    """18 errors cannot carry 95 %, four carry nothing, none neither."""
    assert np.isnan(own(column(np.arange(18.0))))[0, 0].tolist() == [False, False, True]
    assert np.isnan(own(column(np.arange(4.0)))).all()
    assert np.isnan(own(np.zeros((2, 0, 3)))).all()


def test_unknown_errors_do_not_count() -> None:
    """NaN among the errors leaves the others as they are."""
    values = np.full(40, np.nan)
    values[::2][:19] = np.arange(1.0, 20.0)

    assert own(column(values))[0, 0].tolist() == [10.0, 16.0, 19.0]


def test_the_truth_of_an_origin_is_what_came_after_it() -> None:
    """At the last origin nothing is known, one before it one step is; before the first period there was no origin."""
    y = np.arange(5.0)[None]

    np.testing.assert_array_equal(came(y, 3, 2)[0], [[3, 4], [4, np.nan], [np.nan, np.nan]])
    assert came(y, 7, 2)[0, 2].tolist() == [1.0, 2.0]
    np.testing.assert_array_equal(misses(y, np.zeros((1, 3, 2)))[0, 0], [3, 4])


@pytest.mark.parametrize("seed", range(5))
def test_coverage_is_counted_as_by_hand(seed: int) -> None:
    """Every origin is judged by errors known at its time, with gaps and with equal errors."""
    rng = np.random.default_rng(seed)
    errors = np.round(rng.exponential(3, (3, 45, 4)), seed % 2)
    errors[rng.random(errors.shape) < 0.1] = np.nan
    inside, judged = held(errors)

    for row in range(3):
        assert list(zip(inside[row], judged[row], strict=True)) == list(held_by_hand(errors[row]).values())


def test_bands_hold_what_they_promise_on_exchangeable_errors() -> None:
    """On errors without any pattern the measured coverage is its level, or a little more: a rank is rounded up."""
    inside, judged = held(RNG.exponential(1, (300, 80, 3)))
    more = inside.sum(axis=0) / judged.sum(axis=0) - np.array(LEVELS) / 100

    assert (more > -0.005).all()
    assert (more < 0.02).all()


def test_pooled_bands_hold_where_each_series_has_few_errors() -> None:
    """Twelve errors of each of 400 series of very different sizes carry 95 % for all."""
    size = RNG.lognormal(0, 2, (400, 1, 1))
    errors = RNG.exponential(1, (400, 22, 2)) * size
    known = errors.copy()
    for step in range(2):
        known[:, 21 - step :, step] = np.nan
    widths = pooled(known)
    held_now = (errors[:, -1, :, None] <= widths).mean(axis=(0, 1))

    np.testing.assert_allclose(held_now, np.array(LEVELS) / 100, atol=0.03)


def test_a_batch_takes_own_bands_first() -> None:
    """A series with errors enough has its own bands, another those of the pool."""
    errors = RNG.exponential(1, (50, 40, 1))
    errors[0, :28] = np.nan

    np.testing.assert_array_equal(bands(errors)[1:], own(errors)[1:])
    np.testing.assert_array_equal(bands(errors)[0, 0, 2], pooled(errors)[0, 0, 2])
    assert np.isnan(own(errors)[0, 0, 2])


def test_pooled_bands_of_errors_that_are_all_zero_are_absent() -> None:
    """A share of nothing is not known; a series' own bands then have no width."""
    errors = np.zeros((3, 40, 2))

    assert np.isnan(pooled(errors)).all()
    assert (own(errors) == 0).all()
