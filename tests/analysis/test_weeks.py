from datetime import date, timedelta

import polars as pl
import pytest

from services.analysis.weeks import Span, full_weeks, known_weeks, monday, span_of, week_number, week_of
from tests.analysis import rows


@pytest.mark.parametrize("day", [date(1969, 12, 29), date(1970, 1, 1), date(2017, 1, 2), date(2026, 11, 24)])
def test_a_week_is_named_by_its_monday(day: date) -> None:
    """The Monday of a day's week is the last Monday up to it, as the ISO calendar has it."""
    assert monday(week_number(day)) == date.fromisocalendar(*day.isocalendar()[:2], 1)


def test_polars_counts_weeks_as_python_does() -> None:
    """A column of days and a single day get the same numbers."""
    days = [date(2016, 12, 25) + timedelta(days=step) for step in range(30)]

    assert pl.DataFrame({"day": days}).select(week_of())["week"].to_list() == [week_number(day) for day in days]


def test_only_whole_weeks_inside_the_span_count() -> None:
    """A week that began before the first day or ends after the last is left out."""
    cut = Span(date(2017, 1, 4), date(2017, 1, 28))

    assert [monday(week) for week in full_weeks(cut, date(2018, 1, 1))] == [date(2017, 1, 9), date(2017, 1, 16)]


def test_a_week_counts_from_its_sunday_on() -> None:
    """On Saturday the week is not over."""
    assert len(full_weeks(rows.span(10), rows.sunday(4))) == 4
    assert len(full_weeks(rows.span(10), rows.sunday(4) - timedelta(days=1))) == 3


def test_a_day_before_the_data_has_no_week() -> None:
    """No week, no error."""
    assert len(full_weeks(rows.span(10), date(2010, 1, 1))) == 0


def test_rows_on_mondays_only_are_weeks() -> None:
    """The last weekly row reaches to its Sunday, the last daily one does not."""
    weekly = rows.frame(rows.series([1.0, 1.0]))
    daily = rows.frame([*rows.series([1.0, 1.0]), rows.observation(day=rows.monday(1) + timedelta(days=1))])

    assert span_of(weekly, date.max) == Span(rows.START, rows.sunday(2))
    assert span_of(daily, date.max) == Span(rows.START, rows.monday(1) + timedelta(days=1))


def test_a_silent_week_of_the_market_is_a_gap() -> None:
    """Where nobody has a row nothing is known, which is not zero."""
    found = span_of(rows.frame(rows.series([1.0, None, 1.0])), date.max)

    assert found is not None
    assert found.gaps == (rows.monday(1),)
    assert known_weeks(found, full_weeks(found, date.max)).tolist() == [True, False, True]


def test_an_empty_market_has_no_span() -> None:
    """Nothing up to that day: nothing to count."""
    assert span_of(rows.frame(), date.max) is None
    assert span_of(rows.frame(rows.series([1.0])), date(2016, 1, 1)) is None
