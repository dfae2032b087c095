"""What a test of the road needs around it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from contracts.status import StatusReported
from services.chassis.cause import Cause
from services.chassis.files import LocalFiles
from services.chassis.office import OfficeReporter
from services.chassis.perform import Tools
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.store_sqlite import SqliteStore
from services.chassis.wire import Message
from tests.examples import cause_of


class Sent:
    """Keeps what is published, and what is said to the office."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.statuses: list[Message] = []

    async def publish(self, message: Message, *, confirm: bool = True) -> None:
        del confirm
        self.messages.append(message)

    @property
    def keys(self) -> list[str]:
        return [message.key for message in self.messages]

    def said(self) -> list[tuple[str, str]]:
        statuses = [StatusReported.from_json(message.body) for message in self.statuses]
        return [(status.state, status.text) for status in statuses]


@pytest.fixture
async def tools(tmp_path: Path) -> AsyncIterator[Tools]:
    sent, store = Sent(), SqliteStore(tmp_path / "store.sqlite")
    reporter = OfficeReporter(sent.statuses.append, "analysis", Settings())
    reporter._later = None  # as in a child: everything is said at once
    yield Tools(sent, store, LocalFiles(tmp_path / "files"), reporter, Settings())
    await store.close()


def handled(service: Service, message: Message) -> tuple[Any, Cause]:
    """The handler of a message, and the message as its cause."""
    cause = cause_of(message, service.name)
    handler = service.handler(cause.key)
    assert handler is not None
    return handler, cause
