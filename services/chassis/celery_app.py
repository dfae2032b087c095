"""Celery's application for one service: its settings, and a task for every handler."""

from typing import Any

from billiard.einfo import ExceptionInfo
from celery import Celery, Task, signals
from celery.exceptions import Ignore, Reject, Retry
from kombu import Exchange, Queue

from services.chassis.celery_broker import broker_settings
from services.chassis.perform import Ending
from services.chassis.service import Handler, Service
from services.chassis.settings import Settings
from services.chassis.work import LightJob, Work

PREFETCH_LIGHT = 200
"""Messages in hand of a service with light handlers: fewer make fewer answers share a write (docs/benchmarks.md)."""
_SOFT_STOP = 20
_TASKS_PER_CHILD = 500
_NO_RESULT = 1
"""Characters of a result's text: Celery makes it for every task, for a log that nobody keeps (0 would be all of it)."""


def make_app(service: Service, settings: Settings) -> Celery:
    """The application of a worker; it declares nothing on the broker, and takes nothing but through the intake."""
    app = Celery(service.name, set_as_current=False)
    app.conf.update(
        {
            **broker_settings(settings),
            "worker_consumer": "services.chassis.intake:Intake",
            "task_queues": [Queue(service.name, Exchange(f"{service.name}.own"), routing_key="back", no_declare=True)],
            "task_default_queue": service.name,
            "task_create_missing_queues": False,
            "task_acks_late": True,
            "task_reject_on_worker_lost": True,
            "task_acks_on_failure": False,
            "task_acks_on_timeout": False,
            "worker_prefetch_multiplier": PREFETCH_LIGHT if "light" in {h.lane for h in service.handlers} else 1,
            "worker_max_tasks_per_child": _TASKS_PER_CHILD,
            "worker_cancel_long_running_tasks_on_connection_loss": True,
            "worker_soft_shutdown_timeout": _SOFT_STOP,
            "worker_send_task_events": False,
            "worker_hijack_root_logger": False,
            "worker_redirect_stdouts": False,
        }
    )
    app.work = Work(service, settings)
    for handler in service.handlers:
        _add(app, handler)
    return app


def _add(app: Celery, handler: Handler) -> None:
    """A handler as a task: in the main process it is given a `LightJob`, in a child a packed delivery."""
    work: Work = app.work

    def run(task: Task, told: LightJob | dict[str, Any]) -> dict[str, Any] | None:
        if isinstance(told, LightJob):
            return _to_celery(task, work.run_light(handler, told))
        return _to_celery(task, work.run_in_child(handler, told))

    options = {"bind": True, "shared": False, "typing": False, "max_retries": handler.errors - 1}
    app.task(name=handler.name, resultrepr_maxsize=_NO_RESULT, **options)(run)


def _to_celery(task: Task, ending: Ending) -> dict[str, Any] | None:
    """Tell Celery how an attempt ended. Its retry or dead letter is published already, so that Celery acknowledges."""
    error = ending.error
    if error is None:
        return ending.returns
    if ending.kind == "requeue":
        raise Reject(repr(error), requeue=True) from error
    if ending.kind == "retried":
        raise _Retried(str(error), exc=error) from error
    request = task.request
    try:
        raise error
    except BaseException:  # noqa: BLE001 - Celery's hooks want it as it was caught
        info = ExceptionInfo()
    task.on_failure(error, request.id, request.args, request.kwargs, info)
    signals.task_failure.send(
        sender=task,
        task_id=request.id,
        exception=error,
        args=request.args,
        kwargs=request.kwargs,
        traceback=error.__traceback__,
        einfo=info,
    )
    raise Ignore(repr(error)) from error


class _Retried(Retry):  # type: ignore[misc] # Celery has no types
    """A retry whose error stays in the child: to read it, the main process would import what computes."""

    def __reduce__(self) -> tuple[type[Retry], tuple[str, None, None]]:
        return Retry, (f"{self.message}", None, None)
