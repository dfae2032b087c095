import pytest

from contracts.competition import ReviewBarrier
from services.analysis.barrier import review_barrier
from services.analysis.ledger import ledger, shelf
from tests.analysis import rows


def of_listings(*listings: tuple[float, int | None, int | None]) -> ReviewBarrier | None:
    """The barrier of listings of (revenue, reviews in week 0, reviews in week 7)."""
    records = [
        rows.observation(product_id=f"p{place:02}", day=rows.monday(week), revenue=money, reviews=reviews)
        for place, (money, *counts) in enumerate(listings)
        for week, reviews in zip((0, 7), counts, strict=True)
    ]
    of = ledger(rows.frame(records), rows.span(8), rows.sunday(8))
    return review_barrier(of, shelf(of, 0, 8))


def test_the_barrier_is_of_the_ten_that_sell_most() -> None:
    """Twelve listings with 10 to 120 reviews, the more the better sold: the two weakest do not count."""
    found = of_listings(*((float(n), None, 10 * n) for n in range(1, 13)))

    assert found is not None
    assert (found.median, found.p75, found.listings) == (75.0, pytest.approx(97.5), 10)


def test_a_newcomer_climbs_at_the_pace_of_listings_with_sales() -> None:
    """A listing gains one or three a week, two in the middle; the unsold one that gains none is no example."""
    found = of_listings((9.0, 33, 40), (5.0, 39, 60), (1.0, 0, 14), (0.0, 100, 100))

    assert found is not None
    assert (found.median, found.pace, found.weeks) == (40.0, 2.0, 20.0)


def test_reviews_that_are_known_once_have_no_pace() -> None:
    """Absent, and how long it takes with it."""
    found = of_listings((9.0, None, 40), (5.0, None, 60))

    assert found is not None
    assert (found.median, found.pace, found.weeks) == (50.0, None, None)


def test_without_new_reviews_no_time_is_enough() -> None:
    """A pace of nothing is told, how long it takes is absent."""
    found = of_listings((9.0, 40, 40), (5.0, 60, 60))

    assert found is not None
    assert (found.pace, found.weeks) == (0.0, None)


def test_a_barrier_of_the_few_that_tell_is_none() -> None:
    """Known of fewer than half of the best listings, or of none, it is absent."""
    assert of_listings((9.0, 1, 2), (5.0, None, None), (1.0, None, None)) is None
    assert of_listings((9.0, None, None)) is None
    assert of_listings((0.0, 1, 2)) is None
    assert of_listings() is None
