"""Celery's application of the clock: `celery -A services.beat.app beat`."""

from celery import Celery

from contracts.routes import ROUTES
from contracts.schedule import SCHEDULE
from services.beat.clock import schedule_of
from services.chassis.celery_broker import broker_settings, settings_of_celery

_settings = settings_of_celery()
app = Celery("beat", set_as_current=False)
app.conf.update(
    {
        **broker_settings(_settings),
        "beat_scheduler": "services.beat.clock:Clock",
        "beat_schedule": schedule_of(SCHEDULE),
        "beat_max_loop_interval": 5,
        "task_routes": ROUTES,
        "task_create_missing_queues": False,
    }
)
app.settings = _settings
