"""The clock without a broker: what it knows, and what it would send."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from celery import Celery

from contracts.message import scout_id
from contracts.schedule import SCHEDULE
from services.beat.clock import Clock, schedule_of
from services.chassis.settings import Settings
from services.chassis.ticker import tick


@pytest.fixture
def app() -> Celery:
    app = Celery("beat", set_as_current=False)
    app.conf.update(beat_schedule=schedule_of(SCHEDULE), timezone="Europe/Moscow")
    app.settings = Settings()
    app.sent = []

    def send_task(name, args, kwargs, **options):
        app.sent.append((name, args, kwargs, options))

    app.send_task = send_task
    return app


def clock_of(app: Celery) -> Clock:
    """A clock that opens no connection: what it sends is kept by the app."""
    clock = Clock(app)
    clock.__dict__["producer"] = None
    return clock


def test_celery_sees_the_entries_by_their_names(app: Celery):
    """The three entries, their commands and their hours are Celery's own schedule."""
    entries = clock_of(app).schedule

    assert {name: entry.command for name, entry in SCHEDULE.items()} == {n: e.task for n, e in entries.items()}
    assert ({6}, {0}) == (entries["scout-update-trends"].schedule.hour, entries["scout-update-trends"].schedule.minute)
    assert timedelta(seconds=60) == entries["scout-office-heartbeat"].schedule.run_every


def test_every_newest_slot_is_sent_at_start_under_its_id(app: Celery):
    """A clock that was stopped over the night sends what was due: once each, with the slot as id and as timestamp."""
    clock = clock_of(app)
    for _ in range(5):
        clock.tick()

    sent = {name: options for name, _, _, options in app.sent}
    assert {entry.command for entry in SCHEDULE.values()} == sent.keys()
    assert len(app.sent) == len(sent)
    now = datetime.now(ZoneInfo("Europe/Moscow"))
    slot = SCHEDULE["scout-cleanup"].slot(now)
    assert scout_id("scout-cleanup", slot.isoformat()) == sent["scout.tasks.cleanup_old_analyses"]["task_id"]
    assert int(slot.timestamp()) == sent["scout.tasks.cleanup_old_analyses"]["timestamp"]


def test_two_clocks_send_one_tick(app: Celery):
    """The id of a slot is the same whoever sends it, the clock of the embedded house too."""
    first, second = clock_of(app), clock_of(app)
    for clock in (first, second):
        clock.apply_entry(clock.schedule["scout-update-trends"])

    ids = {options["task_id"] for _, _, _, options in app.sent}
    slot = SCHEDULE["scout-update-trends"].slot(datetime.now(app.settings.zone))
    assert {tick("scout-update-trends", SCHEDULE["scout-update-trends"], slot).id} == ids


def test_a_broker_that_is_away_is_waited_for(app: Celery, monkeypatch: pytest.MonkeyPatch):
    """A daily slot comes once: it is sent again until the broker has it."""
    failures = [ConnectionError("away"), ConnectionError("away")]
    send = app.send_task

    def fails_twice(*args, **kwargs):
        if failures:
            raise failures.pop()
        return send(*args, **kwargs)

    app.send_task = fails_twice
    monkeypatch.setattr("services.beat.clock.time", SimpleNamespace(sleep=print))
    clock = clock_of(app)
    clock.apply_entry(clock.schedule["scout-cleanup"])

    assert ["scout.tasks.cleanup_old_analyses"] == [name for name, *_ in app.sent]


def test_a_tick_is_not_sent_again_before_its_next_slot(app: Celery):
    """What was sent at start waits for its next hour."""
    clock = clock_of(app)
    for _ in range(10):
        clock.tick()

    assert 3 == len(app.sent)
    last = clock.schedule["scout-cleanup"].last_run_at
    assert datetime.now(UTC) - last < timedelta(minutes=1)
