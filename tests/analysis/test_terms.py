import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from services.analysis.forecast import damped
from services.analysis.terms import (
    CLIP,
    UNITS,
    Listings,
    concentration,
    hhi_bounds,
    log_ratio,
    mean_of,
    mean_weights,
    means,
    raw_terms,
    terms,
)


def listed(n: int = 1, products: float = 4.0, sellers: float = 2.0) -> Listings:
    """The same listings for each of n series."""
    return Listings(*(np.full(n, value) for value in (products, sellers, 800.0, 0.5)))


def raw(values: list[float], **fields: float) -> dict[str, float]:
    """The terms of one series, as plain numbers."""
    return {name: float(found[0]) for name, found in raw_terms(np.array([values]), listed(**fields)).items()}


WEEKS = [*[50.0] * 8, *[100.0] * 4, *[200.0] * 4]


def test_terms_are_what_their_names_say() -> None:
    """Each term of a small example, worked out by hand."""
    found = raw(WEEKS)

    assert found["momentum_4w"] == pytest.approx(np.log(200 / 100))
    assert found["momentum_8w"] == pytest.approx(np.log(150 / 50))
    assert found["level"] == pytest.approx(np.log(150))
    assert found["revenue_per_listing"] == pytest.approx(np.log(1200 / 4))
    assert found["revenue_per_seller"] == pytest.approx(np.log(800 / 2))
    assert found["concentration"] == 0.5
    assert found["forecast_growth"] == pytest.approx(np.log(damped(np.array([WEEKS]), 8).mean() / 150))


def test_a_batch_is_its_series_one_by_one() -> None:
    """One function serves one niche and a market alike."""
    batch = np.array([WEEKS, WEEKS[::-1], [1.0] * 16])
    together = raw_terms(batch, listed(3))
    alone = [raw_terms(batch[index : index + 1], listed()) for index in range(3)]

    for name in UNITS:
        np.testing.assert_allclose(together[name], [one[name][0] for one in alone])


def test_a_short_series_lacks_what_it_has_no_weeks_for() -> None:
    """Under 8 weeks no growth and no level, under 16 no eight-week momentum."""
    seven, twelve = raw([1.0] * 7), raw([1.0] * 12)

    assert {name for name, value in seven.items() if np.isnan(value)} == UNITS.keys() - {
        "concentration",
        "revenue_per_seller",
    }
    assert {name for name, value in twelve.items() if np.isnan(value)} == {"momentum_8w"}


def test_a_niche_that_stopped_selling_has_no_terms_of_its_level() -> None:
    """Nothing in the last eight weeks: no base, so no ratio to it."""
    found = raw([5.0] * 16 + [0.0] * 8)

    assert all(np.isnan(found[name]) for name in ("level", "forecast_growth", "momentum_4w", "revenue_per_listing"))
    assert found["momentum_8w"] == pytest.approx(-CLIP)


def test_a_ratio_stays_within_a_hundred() -> None:
    """A start from almost nothing is not endless growth."""
    assert raw([*[0.001] * 12, *[100.0] * 4])["momentum_4w"] == pytest.approx(CLIP)
    assert raw([*[1.0] * 8, *[0.0] * 4, *[100.0] * 4])["momentum_4w"] == pytest.approx(CLIP)


def test_the_log_ratio_of_nothing_is_unknown() -> None:
    """No base, or an unknown side: NaN, never a warning."""
    found = log_ratio(np.array([1.0, np.nan, 1.0, 0.0]), np.array([0.0, 1.0, np.nan, 1.0]))

    assert np.isnan(found[:3]).all()
    assert found[3] == -CLIP


def test_a_mean_needs_half_of_its_weeks() -> None:
    """Three known weeks of eight are not eight weeks."""
    weeks = np.array([[1.0, 2.0, 3.0, *[np.nan] * 5], [1.0, 2.0, 3.0, 2.0, *[np.nan] * 4]])

    assert np.isnan(mean_of(weeks)[0])
    assert mean_of(weeks)[1] == 2.0


def test_unknown_terms_are_absent_and_all_have_units() -> None:
    """Scoring hears of all seven terms, and of no number that is none."""
    told = terms(raw_terms(np.array([[1.0] * 7]), listed()))

    assert [term.name for term in told] == list(UNITS)
    assert {term.name for term in told if term.raw is not None} == {"concentration", "revenue_per_seller"}
    assert all(term.unit for term in told)


def test_hhi_bounds_of_three_equal_sellers_and_a_nameless_quarter() -> None:
    """The nameless quarter is worth nothing at least and its square at most."""
    low, high = hhi_bounds(np.array([3 * 25.0**2]), np.array([75.0]), np.array([25.0]))

    assert low[0] == pytest.approx(3 / 16)
    assert high[0] == pytest.approx(4 / 16)
    assert concentration(np.array([3 * 25.0**2]), np.array([75.0]), np.array([25.0]))[0] == pytest.approx(3.5 / 16)


def test_concentration_is_unknown_when_most_sellers_are() -> None:
    """A quarter of the revenue says little of all of it."""
    assert np.isnan(concentration(np.array([625.0]), np.array([25.0]), np.array([75.0]))[0])
    assert np.isnan(hhi_bounds(np.zeros(1), np.zeros(1), np.zeros(1))[0][0])


@given(
    some.arrays(
        np.float64, st.tuples(st.integers(1, 3), st.integers(0, 30)), elements=st.floats(0, 1e9) | st.just(np.nan)
    )
)
def test_terms_are_finite_or_unknown(revenue: np.ndarray) -> None:
    """Whatever is measured: no infinity, no warning, and ratios in their limits."""
    found = raw_terms(revenue, listed(len(revenue)))
    for name, values in found.items():
        assert not np.isinf(values).any()
        if UNITS[name] == "log ratio":
            assert (np.abs(values[~np.isnan(values)]) <= CLIP + 1e-9).all()


@pytest.mark.parametrize("weeks", [0, 5, 8, 12, 16, 40])
def test_weights_give_the_means_of_weeks(weeks: int) -> None:
    """A mean is linear in the weeks: the weights hold what `means` computes, unknown where it says so."""
    draw = np.random.default_rng(weeks)
    for share in (0.0, 0.3, 0.8, 1.0):
        known = draw.random(weeks) < share
        revenue = np.where(known, draw.random((3, weeks)), np.nan)
        expected = np.array(dataclasses.astuple(means(revenue))).T
        if weeks:
            np.testing.assert_allclose(np.nan_to_num(revenue) @ mean_weights(known), expected)
