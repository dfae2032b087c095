"""Which tariff counts for a niche on a day."""

from datetime import date

import pytest

from contracts.economics import Tariff
from services.analysis.economics import tariff

JANUARY, MARCH, JULY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 7, 1)
ROWS = (
    Tariff(since=JULY, commission=0.3),
    Tariff(since=JANUARY, commission=0.2, tax=0.06, storage=5.0),
    Tariff(since=JANUARY, niche="Food", commission=0.15),
    Tariff(since=MARCH, niche="Food", storage=9.0),
    Tariff(since=JANUARY, niche="Food/Tea", logistics=70.0),
)


@pytest.mark.parametrize(
    ("path", "day", "commission", "tax", "storage", "logistics", "since"),
    [
        ("Toys", MARCH, 0.2, 0.06, 5.0, None, JANUARY),
        ("Toys", JULY, 0.3, 0.06, 5.0, None, JULY),  # the newer says only its commission
        ("Food", JULY, 0.15, 0.06, 9.0, None, MARCH),  # the nearer counts before the newer
        ("Food/Tea", date(2026, 2, 1), 0.15, 0.06, 5.0, 70.0, JANUARY),
        ("Food/Tea/Green", MARCH, 0.15, 0.06, 9.0, 70.0, MARCH),  # whoever is deeper inherits
        ("Food/Teapots", MARCH, 0.15, 0.06, 9.0, None, MARCH),  # only whole parts of a path fit
        ("Foodie", MARCH, 0.2, 0.06, 5.0, None, JANUARY),
    ],
)
def test_each_rate_is_of_the_nearest_row_that_says_it_and_the_newest_of_these(
    path: str, day: date, commission: float, tax: float, storage: float, logistics: float | None, since: date
) -> None:
    """A row says only what is different; `since` is the newest day of those used."""
    found = tariff(ROWS, path, day)

    assert found == Tariff(
        since=since, niche=path, commission=commission, tax=tax, storage=storage, logistics=logistics
    )


@pytest.mark.parametrize("rows", [(), ROWS, (Tariff(since=date(2020, 1, 1)),), (Tariff(since=MARCH, niche="Food"),)])
def test_before_the_first_day_no_tariff_is_known(rows: tuple[Tariff, ...]) -> None:
    """None has begun, none fits, or none says anything."""
    assert tariff(rows, "Toys", date(2025, 12, 31)) is None


def test_the_order_of_rows_says_nothing() -> None:
    """A person may write them as they come."""
    assert tariff(ROWS, "Food/Tea", JULY) == tariff(ROWS[::-1], "Food/Tea", JULY)
