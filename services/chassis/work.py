"""What a worker's tasks do, in its main process and in its children; celery_app.py and intake.py know Celery."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn

from services.chassis.bus_kombu import KombuPublisher
from services.chassis.cause import Cause, parse
from services.chassis.files import LocalFiles
from services.chassis.office import OfficeReporter
from services.chassis.perform import Ending, Tools, perform, perform_light
from services.chassis.service import Handler, Service
from services.chassis.settings import Settings
from services.chassis.stores import open_store
from services.chassis.wire import Message
from services.chassis.wire_amqp import unpacked


@dataclass(slots=True)
class LightJob:
    """A light handler's cause, what it stands on, and the messages that it leaves in `out`."""

    cause: Cause
    tools: Tools
    out: list[Message] = field(default_factory=list)


class Work:
    """One worker process's work: the main process runs light handlers, a child everything else.

    `tell` and `later` belong to the main process's connection, and are set at each one.
    """

    def __init__(self, service: Service, settings: Settings) -> None:
        self.service, self.settings = service, settings
        self.tell: Callable[[Message], None] = _not_yet
        self.later: Callable[[float, Callable[[], None]], Any] = _not_yet
        self.reporter = OfficeReporter(self._tell, service.name, settings, later=self._call_later)
        none: Any = _Nothing()
        self.tools = Tools(none, none, LocalFiles(settings.home / "files"), self.reporter, settings)

    def run_light(self, handler: Handler, job: LightJob) -> Ending:
        """Run one attempt of a light handler in the main process."""
        messages, ending = perform_light(handler, job.cause, job.tools)
        job.out.extend(messages)
        return ending

    def run_in_child(self, handler: Handler, fields: dict[str, Any]) -> Ending:
        """Run one attempt in a child, on its one event loop."""
        cause = parse(unpacked(fields), handler.service)
        return self._runner.run(perform(handler, cause, self._tools_of_child))

    def _tell(self, message: Message) -> None:
        self.tell(message)

    def _call_later(self, seconds: float, what: Callable[[], None]) -> None:
        self.later(seconds, what)

    @cached_property
    def _runner(self) -> asyncio.Runner:
        return asyncio.Runner()

    @cached_property
    def _tools_of_child(self) -> Tools:
        """Clients are made in the child, after the fork, and kept for all its jobs."""
        assert self.settings.broker_url is not None
        publisher = KombuPublisher(self.settings.broker_url.get_secret_value())
        store = open_store(self.settings)
        reporter = OfficeReporter(publisher.send, self.service.name, self.settings)
        return Tools(publisher, store, LocalFiles(self.settings.home / "files"), reporter, self.settings)


def _not_yet(*_: object) -> None:
    """There is no connection: what is said is said again by the next pulse."""


class _Nothing:
    """In place of what a main process does not have."""

    def __getattr__(self, name: str) -> NoReturn:
        raise RuntimeError(f"{name}: a light handler does no I/O; make it a heavy one")
