from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.commands import COMMANDS
from contracts.schedule import SCHEDULE, Entry

MOSCOW = ZoneInfo("Europe/Moscow")
TRENDS, CLEANUP, HEARTBEAT = SCHEDULE.values()
moments = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(MOSCOW))  # noqa: DTZ001 - the zone is drawn


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """A moment of a day in Moscow."""
    return datetime(2026, 11, 24, hour, minute, second, tzinfo=MOSCOW)


def test_a_minute_before_six_the_newest_slot_is_yesterdays() -> None:
    """At 05:59 the trends of today are not due."""
    assert at(6, 0) - timedelta(days=1) == TRENDS.slot(at(5, 59))
    assert at(6, 0) - timedelta(days=1) == TRENDS.slot(at(5, 59, 59))


def test_at_six_the_slot_is_todays() -> None:
    """A slot begins with its moment, and stays the same until the next."""
    assert at(6, 0) == TRENDS.slot(at(6, 0))
    assert at(6, 0) == TRENDS.slot(at(23, 59, 59))


def test_six_in_moscow_is_three_in_utc() -> None:
    """A daily time is one of the house's zone, whatever the machine's is."""
    assert datetime(2026, 11, 24, 3, tzinfo=UTC) == TRENDS.slot(at(6, 0))
    assert datetime(2026, 11, 24, 0, tzinfo=UTC) == CLEANUP.slot(at(6, 0))


def test_the_heartbeat_is_due_every_full_minute() -> None:
    """The seconds within a minute make no other slot."""
    assert at(5, 59) == HEARTBEAT.slot(at(5, 59))
    assert at(5, 59) == HEARTBEAT.slot(at(5, 59, 59))
    assert at(6, 0) == HEARTBEAT.slot(at(6, 0))


def test_a_slot_of_the_minute_entry_keeps_the_zone_of_its_moment() -> None:
    """Its text is part of an id, so two houses of one zone must write it alike."""
    assert "2026-11-24T05:59:00+03:00" == HEARTBEAT.slot(at(5, 59, 30)).isoformat()


@pytest.mark.parametrize("name", SCHEDULE)
@given(now=moments)
def test_the_newest_slot_is_past_and_less_than_a_period_ago(name: str, now: datetime) -> None:
    """There is exactly one current slot at any moment."""
    entry = SCHEDULE[name]

    assert timedelta(0) <= now - entry.slot(now) < entry.period


@given(now=moments)
def test_days_in_moscow_have_24_hours_so_no_daily_slot_is_skipped_or_doubled(now: datetime) -> None:
    """Moscow keeps its time all year: yesterday's slot is 24 real hours before today's, and it has one text."""
    today, yesterday = (TRENDS.slot(day).astimezone(UTC) for day in (now, now - timedelta(days=1)))

    assert timedelta(hours=24) == today - yesterday
    assert 3 == today.hour


@given(now=moments)
def test_a_slot_is_its_own_slot(now: datetime) -> None:
    """Whoever asks at the very moment gets that moment."""
    for entry in SCHEDULE.values():
        assert entry.slot(entry.slot(now)) == entry.slot(now)


@pytest.mark.parametrize("entry", SCHEDULE.values(), ids=SCHEDULE)
def test_the_clock_starts_commands_that_take_nothing(entry: Entry) -> None:
    """A tick has no arguments to give."""
    assert {} == COMMANDS[entry.command].arguments.model_fields
