from dataclasses import replace

import numpy as np
import pytest

from services.analysis.draws import centred, complete, drawn_terms, other_weeks, resample
from services.analysis.ledger import Ledger, Shelf, ledger, shelf
from services.analysis.listings import sold_by
from services.analysis.points import Point, points
from services.analysis.quality import tidy
from services.analysis.terms import UNITS
from tests.analysis import rows


def niche(weeks: int = 24, **fields: object) -> tuple[Ledger, Shelf]:
    """A shop's ledger and its last eight weeks."""
    kept = tidy(rows.frame(rows.shop(weeks, **fields)), rows.sunday(weeks)).rows
    of = ledger(kept, rows.span(weeks), rows.sunday(weeks))
    return of, shelf(of, weeks - 8, weeks)


def own(of: Ledger, on: Shelf) -> Point:
    """The niche's own terms."""
    (found,) = points(of.weekly[None], [of], [on])
    return found


def test_each_draw_takes_as_many_products_as_there_are() -> None:
    """With replacement: some twice, some not, as many in all."""
    counts = resample(12, "n")

    assert counts.shape == (200, 12)
    assert (counts.sum(axis=1) == 12).all()
    assert counts.max() > 1


def test_a_niche_always_gets_the_same_draws() -> None:
    """The niche's id is the seed: who repeats the analysis gets the same bytes."""
    assert (resample(9, "n") == resample(9, "n")).all()
    assert (resample(9, "n") != resample(9, "other")).any()


def test_drawing_every_product_once_is_the_niche_itself() -> None:
    """The terms of that draw are those of the niche."""
    of, on = niche()
    once = np.ones((1, 12))
    here = own(of, on)
    drawn = drawn_terms(of, on, once, here, "n")

    for name in UNITS:
        np.testing.assert_allclose(drawn[name], here.terms[name])


def test_sellers_of_a_draw_are_those_of_its_products() -> None:
    """Two products of one seller, drawn alone: one seller, all of the revenue."""
    _, on = niche()
    counts = np.zeros((1, 12))
    counts[0, [0, 6]] = 1
    found = sold_by(counts, on)

    assert (found.products[0], found.sellers[0], found.hhi[0]) == (2, 1, 1.0)
    assert found.seller_revenue[0] == pytest.approx(on.sold[[0, 6]].sum())


def test_a_product_drawn_twice_counts_twice() -> None:
    """Its revenue and its place among the listings."""
    _, on = niche()
    counts = np.zeros((1, 12))
    counts[0, 3] = 2
    found = sold_by(counts, on)

    assert found.products[0] == 2
    assert found.seller_revenue[0] == pytest.approx(2 * on.sold[3])


def test_nameless_sellers_leave_seller_terms_unknown() -> None:
    """No seller in the data: no number of sellers, no concentration."""
    kept = tidy(rows.frame(rows.series([1.0] * 10, seller_id=None)), rows.sunday(10)).rows
    of = ledger(kept, rows.span(10), rows.sunday(10))
    found = sold_by(resample(1, "n"), shelf(of, 2, 10))

    assert np.isnan(found.sellers).all()
    assert np.isnan(found.hhi).all()


def test_draws_centre_on_the_niche_itself() -> None:
    """Seller terms too, which plain resampling would overstate."""
    of, on = niche()
    here = own(of, on)
    point, plain = here.terms, drawn_terms(of, on, resample(12, "n"), here, "n")
    moved = centred(plain, point)

    assert plain["revenue_per_seller"].mean() > point["revenue_per_seller"][0] + 0.1
    for name in UNITS:
        assert moved[name].mean() == pytest.approx(point[name][0], abs=0.08)


def test_draws_of_all_terms_belong_together() -> None:
    """A draw that lacks one term is left out of all; a term that the niche lacks has no draws."""
    nan = np.nan
    drawn = {"a": np.array([1.0, nan, 3.0]), "b": np.array([1.23456789, 2.0, 3.0]), "c": np.array([nan, nan, 1.0])}
    point = {"a": np.array([1.0]), "b": np.array([1.0]), "c": np.array([nan])}

    assert complete(drawn, point) == {"a": (1.0, 3.0), "b": (1.23457, 3.0)}


def test_no_products_no_draws() -> None:
    """An empty niche draws nothing and fails nowhere."""
    kept = tidy(rows.frame(), rows.sunday(20)).rows
    of = ledger(kept, rows.span(20), rows.sunday(20))
    on = shelf(of, 12, 20)
    counts = resample(0, "n")
    here = own(of, on)

    assert complete(centred(drawn_terms(of, on, counts, here, "n"), here.terms), here.terms) == {}


def test_a_niche_of_one_product_draws_its_weeks() -> None:
    """Drawing from one product gives the same niche each time, so the noise of its weeks is drawn instead."""
    kept = tidy(rows.frame(rows.shop(24)), rows.sunday(24)).rows
    one = kept.filter(kept["product_id"] == kept["product_id"][0])
    of = ledger(one, rows.span(24), rows.sunday(24))
    on = shelf(of, 16, 24)
    noisy = of.weekly * np.tile([0.8, 1.2], 12)

    drawn = other_weeks(noisy, "n")

    assert (200, 24) == drawn.shape
    assert drawn.std(axis=0).min() > 0
    np.testing.assert_allclose(drawn.mean(), noisy.mean(), rtol=0.05)
    assert (200,) == drawn_terms(of, on, resample(1, "n"), own(of, on), "n")["revenue_per_listing"].shape


def test_draws_of_weeks_lie_around_the_niche_itself() -> None:
    """Sales that shoot up in the last week stay inside their own interval, though smoothing would flatten them."""
    kept = tidy(rows.frame(rows.shop(24)), rows.sunday(24)).rows
    of = ledger(kept.filter(kept["product_id"] == kept["product_id"][0]), rows.span(24), rows.sunday(24))
    steep = replace(of, revenue=of.revenue * np.geomspace(1, 40, 24))
    on = shelf(of, 16, 24)
    here = own(steep, on)

    drawn, point = drawn_terms(steep, on, resample(1, "n"), here, "n"), here.terms

    for name in ("forecast_growth", "momentum_4w", "momentum_8w", "level"):
        assert np.median(drawn[name]) == pytest.approx(point[name][0])
        assert np.quantile(drawn[name], 0.1) <= point[name][0] <= np.quantile(drawn[name], 0.9)


def test_weeks_that_are_not_known_are_not_drawn() -> None:
    """An unknown week stays unknown in every draw, and revenue never falls below zero."""
    weekly = np.array([10.0, 0.0, np.nan, 12.0, 0.0, 8.0, 30.0, 1.0])

    drawn = other_weeks(weekly, "n")

    assert np.isnan(drawn[:, 2]).all()
    assert np.nanmin(drawn) >= 0
    assert np.isnan(other_weeks(np.full(3, np.nan), "n")).all()
