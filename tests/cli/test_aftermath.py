"""What happened after a day."""

from datetime import date, timedelta

import pytest

from services.cli.aftermath import faster, what_followed, window

SUNDAY = date(2017, 11, 5)


def weekly(before: float, after: float) -> dict[date, float]:
    """Eight weeks of each revenue around the Sunday."""
    first = date(2017, 9, 11)
    return {first + timedelta(weeks=i): before if i < 8 else after for i in range(16)}


def test_the_window_is_eight_weeks_before_and_eight_after() -> None:
    """As of a Sunday, its own week is the last one of the past."""
    assert window(SUNDAY) == (date(2017, 9, 11), date(2017, 12, 25))


def test_the_change_compares_mean_weeks() -> None:
    """Twice the weekly revenue is a change of +100 %."""
    assert what_followed(weekly(50, 100), SUNDAY) == pytest.approx(1.0)


def test_what_sold_nothing_afterwards_fell_by_all_of_it() -> None:
    """A week without a sale is a zero, and is counted."""
    assert what_followed(weekly(50, 0), SUNDAY) == pytest.approx(-1.0)


def test_a_missing_week_leaves_the_change_unknown() -> None:
    """What is not known is not made up."""
    series = weekly(50, 60)
    del series[date(2017, 12, 25)]

    assert what_followed(series, SUNDAY) is None


def test_nothing_before_leaves_the_change_unknown() -> None:
    """There is no growth from nothing."""
    assert what_followed(weekly(0, 60), SUNDAY) is None


def test_only_known_changes_are_counted() -> None:
    """Of three niches one is unknown and one beat the market."""
    assert faster([0.2, None, 0.01], 0.06) == (1, 2)
