"""Days as people write them, and weeks told from days."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from services.trend.days import ambiguous, days, grain

DAY = date(2025, 2, 1)


@pytest.mark.parametrize(
    "written",
    [
        "2025-02-01",
        "2025-02-01 23:59:59",
        "2025-02-01T10:00",
        "2025/2/1",
        "20250201",
        "01.02.2025",
        "1.2.2025 8:26",
        "01.02.25",
    ],
)
def test_usual_ways_to_write_a_day_are_read(written):
    """ISO, compact and European dots are understood, with or without a time."""
    assert days(pl.Series([written]), "Europe/Moscow").to_list() == [DAY]


def test_the_whole_column_decides_which_part_of_a_slashed_day_is_the_month():
    """One day above 12 in first place makes all of the column day first."""
    assert days(pl.Series(["1/2/2025", "31/1/2025"]), "UTC").to_list() == [DAY, date(2025, 1, 31)]
    assert days(pl.Series(["2/1/2025", "1/31/2025"]), "UTC").to_list() == [DAY, date(2025, 1, 31)]


def test_slashed_days_that_nothing_settles_are_not_guessed():
    """A month of firsts would become a week of January: such days are named as ambiguous, and not known."""
    firsts = pl.Series(["01/02/2025", "01/03/2025", "01/01/2025"])

    assert ambiguous(firsts) == "01/02/2025"
    assert days(firsts, "UTC").to_list() == [None, None, date(2025, 1, 1)]
    assert days(firsts, "UTC", "%d/%m/%Y").to_list() == [DAY, date(2025, 3, 1), date(2025, 1, 1)]
    assert ambiguous(pl.Series(["01/02/2025", "31/01/2025"])) is None
    assert ambiguous(pl.Series(["01.02.2025", "1/1/2025", "2025-02-03"])) is None


@pytest.mark.parametrize("written", ["2025-01-31T22:30:00Z", "2025-01-31 22:30+00:00", "2025-01-31T17:30:00.5-0500"])
def test_a_time_with_an_offset_is_of_the_day_in_the_markets_zone(written):
    """An instant late in the evening in UTC is the next day in Moscow."""
    assert days(pl.Series([written]), "Europe/Moscow").to_list() == [DAY]


def test_typed_times_are_of_the_day_in_the_markets_zone():
    """A zone in a typed column is heeded as one in text is."""
    assert days(pl.Series([datetime(2025, 1, 31, 22, 30, tzinfo=UTC)]), "Europe/Moscow").to_list() == [DAY]


@pytest.mark.parametrize("written", ["2025-02-30", "31.13.2025", "soon", "0001-01-01", "1900-01-01", "45321", "8:26"])
def test_what_is_no_day_is_not_read(written):
    """Days that are not in the calendar, or before anyone sold, are not known."""
    assert days(pl.Series([written]), "UTC").to_list() == [None]


def test_a_given_format_reads_what_fits_it_and_nothing_else():
    """A person's word on the format beats the guess; a time behind the day is no obstacle."""
    read = days(pl.Series(["2025.01.02", "2025.01.02 10:00", "01.02.2025"]), "UTC", "%Y.%d.%m")

    assert read.to_list() == [DAY, DAY, None]
    assert days(pl.Series(["02/01/25 10:00"]), "UTC", "%m/%d/%y %H:%M").to_list() == [DAY]


def test_days_all_whole_weeks_apart_are_weeks():
    """Four or more different days with a multiple of seven between them speak of weeks."""
    weeks = pl.Series([DAY + timedelta(weeks=step) for step in (0, 1, 2, 5, 5)])

    assert grain(weeks) == "week"
    assert grain(weeks.head(3)) == "day"
    assert grain(pl.concat([weeks, pl.Series([DAY + timedelta(days=1)])])) == "day"


def test_too_few_days_to_tell_are_as_their_market_is():
    """The one new week of a weekly market is a week; two days that are no weeks apart are days even there."""
    one, two = pl.Series([DAY, DAY]), pl.Series([DAY, DAY + timedelta(days=1)])

    assert ("week", "day") == (grain(one, "week"), grain(one))
    assert "day" == grain(two, "week")
