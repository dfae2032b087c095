"""What a worker and the clock tell Celery alike: the broker, JSON alone, no results, no remote control."""

from typing import Any

from celery import signals

from services.chassis.errors import ScoutError
from services.chassis.logs import configure_logs
from services.chassis.settings import Settings, settings_of_service


def broker_settings(settings: Settings) -> dict[str, Any]:
    """Celery's settings for the broker; raises `SystemExit` where none is named."""
    if settings.broker_url is None:
        raise SystemExit("SCOUT_BROKER_URL is not set: it names RabbitMQ and this service's user (docs/configure.md)")
    signals.setup_logging.connect(lambda **_: configure_logs(settings.log_level), weak=False)
    return {
        "broker_url": settings.broker_url.get_secret_value(),
        "broker_heartbeat": 10,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_channel_error_retry": True,
        "broker_transport_options": {"confirm_publish": True},
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "result_backend": None,
        "worker_enable_remote_control": False,
        "timezone": settings.timezone,
    }


def settings_of_celery() -> Settings:
    """The settings, for Celery's command; raises `SystemExit`, since that would show a traceback of anything else."""
    try:
        return settings_of_service()
    except ScoutError as exc:
        raise SystemExit(str(exc)) from exc
