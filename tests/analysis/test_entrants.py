import pytest
from statsmodels.stats.proportion import proportion_confint

from contracts.competition import Entrants
from services.analysis.entrants import entrants, wilson
from services.analysis.ledger import ledger, shelf
from tests.analysis import rows


def of_products(*products: tuple[int | None, float]) -> Entrants | None:
    """Newcomers at week 40 among products of (week of listing, revenue a week in the last eight)."""
    records = [
        rows.observation(
            product_id=f"p{place}",
            day=rows.monday(week),
            listed_on=None if listed is None else rows.monday(listed),
            revenue=money,
        )
        for place, (listed, money) in enumerate(products)
        for week in range(max(32, listed or 0), 40)
    ]
    of = ledger(rows.frame(records), rows.span(40), rows.sunday(40))
    return entrants(of, shelf(of, 32, 40))


def of_rows(*products: tuple[int, int, int | None]) -> Entrants | None:
    """Newcomers at week 40 among products of (first week with a sale, last one, week of listing), at 10 a week."""
    records = [
        rows.observation(
            product_id=f"p{place}",
            day=rows.monday(week),
            listed_on=None if listed is None or week < listed else rows.monday(listed),
        )
        for place, (first, last, listed) in enumerate(products)
        for week in range(first, last + 1)
    ]
    of = ledger(rows.frame(records), rows.span(40), rows.sunday(40))
    return entrants(of, shelf(of, 32, 40))


@pytest.mark.parametrize(
    ("ok", "n", "low", "high"), [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (1, 1, 0.2065, 1.0)]
)
def test_wilson_gives_its_published_examples(ok: int, n: int, low: float, high: float) -> None:
    """The 95 % score interval, inside 0 to 1 at the ends too."""
    assert wilson(ok, n) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_wilson_is_that_of_statsmodels() -> None:
    """Every share of up to thirty, to the last digits."""
    for n in range(1, 31):
        for ok in range(n + 1):
            assert wilson(ok, n) == pytest.approx(proportion_confint(ok, n, method="wilson"), abs=1e-12)


def test_a_newcomer_is_measured_against_the_median_listing() -> None:
    """The median earns 10 a week: one newcomer of two reaches it."""
    found = of_products((None, 10.0), (None, 10.0), (None, 10.0), (20, 12.0), (20, 5.0))

    assert found is not None
    assert (found.n, found.ok, found.share) == (2, 1, 0.5)
    assert found.lo is not None
    assert found.hi is not None
    assert found.lo < 0.5 < found.hi


def test_a_young_newcomer_is_measured_over_its_own_weeks() -> None:
    """Listed four weeks ago at the median's pace: it made it, though its sum is half."""
    found = of_products((None, 10.0), (None, 10.0), (36, 10.0))

    assert found is not None
    assert (found.n, found.ok) == (1, 1)


def test_too_young_or_too_old_is_no_newcomer() -> None:
    """Under 4 weeks nothing can be said, over 26 nobody is new."""
    found = of_products((None, 10.0), (38, 50.0), (13, 50.0))

    assert found is not None
    assert (found.n, found.ok, found.share, found.lo) == (0, 0, None, None)


def test_first_seen_is_not_launched() -> None:
    """A product that is seldom bought is seen late: without a listing date it is no newcomer, however late."""
    assert of_rows((33, 39, None), (36, 39, None), (0, 39, None)) is None

    found = of_rows((33, 39, None), (36, 39, None), (33, 39, 33))
    assert found is not None
    assert found.n == 1


def test_a_product_listed_anew_is_no_newcomer() -> None:
    """It sold before the day on which it is said to be listed; the other one is new indeed."""
    found = of_rows((5, 39, 20), (20, 39, 20), (0, 39, None))

    assert found is not None
    assert found.n == 1


def test_a_newcomer_that_is_gone_has_failed() -> None:
    """Whoever is not on the shelf any more counts, so that not only survivors are asked."""
    found = of_rows((20, 25, 20), (20, 39, 20), (0, 39, None))

    assert found is not None
    assert (found.n, found.ok) == (2, 1)


def test_newcomers_from_before_the_history_do_not_count() -> None:
    """Of these only the survivors are seen: in a history of ten weeks, newcomers are of ten weeks."""
    records = [
        rows.observation(product_id=name, day=rows.monday(week), listed_on=rows.monday(listed))
        for name, listed in (("before", -5), ("inside", 2))
        for week in range(max(0, listed), 10)
    ]
    of = ledger(rows.frame(records), rows.span(10), rows.sunday(10))
    found = entrants(of, shelf(of, 2, 10))

    assert found is not None
    assert (found.weeks, found.n) == (10, 1)


def test_without_listing_dates_newcomers_are_unknown() -> None:
    """Absent, not none."""
    assert of_products((None, 10.0)) is None
    assert of_products() is None
