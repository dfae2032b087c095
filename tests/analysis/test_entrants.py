import pytest

from contracts.findings import Entrants
from services.analysis.entrants import entrants, wilson
from services.analysis.ledger import ledger, shelf
from services.analysis.quality import tidy
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
    kept, _ = tidy(rows.frame(records), rows.sunday(40))
    of = ledger(kept, rows.span(40), rows.sunday(40))
    return entrants(of, shelf(of, 32, 40))


@pytest.mark.parametrize(
    ("ok", "n", "low", "high"), [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (1, 1, 0.2065, 1.0)]
)
def test_wilson_gives_its_published_examples(ok: int, n: int, low: float, high: float) -> None:
    """The 95 % score interval, inside 0 to 1 at the ends too."""
    assert wilson(ok, n) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


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


def test_without_listing_dates_newcomers_are_unknown() -> None:
    """Absent, not none."""
    assert of_products((None, 10.0)) is None
    assert of_products() is None
