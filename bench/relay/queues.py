"""The benchmark's own hands on the queues: load them, look how deep they are, take out what was told."""

import time
from collections import Counter
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import amqp

from services.chassis.wire import Message
from services.chassis.wire_amqp import amqp_message

_OPEN = 1000  # messages that may wait for their confirm at once
_PATIENCE = 30.0


def connect(url: str) -> amqp.Connection:
    """A connection; a broker that has only just started is waited for."""
    parts = urlsplit(url)
    give_up = time.monotonic() + _PATIENCE
    while True:
        connection = amqp.Connection(
            parts.netloc.rpartition("@")[2],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            virtual_host=parts.path[1:],
        )
        try:
            connection.connect()
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)
        else:
            return connection


class Queues:
    """Two connections: the teller's, whose name the broker checks, and the administrator's."""

    def __init__(self, teller: str, administrator: str) -> None:
        self._connections = connect(teller), connect(administrator)
        self._confirmed, self._looking = (connection.channel() for connection in self._connections)
        self._confirmed.confirm_select()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        for connection in self._connections:
            connection.close()

    def load(self, messages: Iterable[Message]) -> None:
        """Publish all, and wait until the broker has confirmed them."""
        sent = acked = 0

        def confirmed(tag: int, _multiple: bool) -> None:  # noqa: FBT001 - py-amqp's signature
            nonlocal acked
            acked = max(acked, tag)

        self._confirmed.events["basic_ack"].add(confirmed)
        before = self._number
        for message in messages:
            self._confirmed.basic_publish(amqp_message(message), message.exchange, message.key, mandatory=True)
            sent += 1
            while before + sent - acked > _OPEN:
                self._connections[0].drain_events(timeout=_PATIENCE)
        self._number = before + sent
        while acked < self._number:
            self._connections[0].drain_events(timeout=_PATIENCE)
        self._confirmed.events["basic_ack"].discard(confirmed)

    _number = 0

    def depth(self, queue: str) -> int:
        """How many messages lie ready in a queue."""
        return int(self._looking.queue_declare(queue, passive=True).message_count)

    def purge(self, *names: str) -> None:
        """Throw away what lies in these queues."""
        for name in names:
            self._looking.queue_purge(name)

    def tally(self, queue: str) -> "Tally":
        """Begin to take everything out of a queue, counted by message id."""
        return Tally(self._connections[1], queue)

    def taken(self, queue: str) -> "Tally":
        """Everything that lies in a queue."""
        lies, tally = self.depth(queue), self.tally(queue)
        tally.until(lies, different=False)
        return tally.close()


class Tally:
    """What came out of a queue: message id -> how often."""

    def __init__(self, connection: amqp.Connection, queue: str) -> None:
        self.ids: Counter[str] = Counter()
        self._connection, self._channel = connection, connection.channel()
        self._tag = self._channel.basic_consume(queue, no_ack=True, callback=self._take)

    def _take(self, message: Any) -> None:
        self.ids[message.properties["message_id"]] += 1

    @property
    def repeated(self) -> int:
        """How many came more than once, each repeat counted."""
        return self.ids.total() - len(self.ids)

    def until(self, wanted: int, patience: float = _PATIENCE, *, different: bool = True) -> bool:
        """Wait for so many messages, repeats counted once if `different`; `False` if none came for `patience` s."""
        while (len(self.ids) if different else self.ids.total()) < wanted:
            try:
                self._connection.drain_events(timeout=patience)
            except TimeoutError:
                return False
        return True

    def close(self) -> Self:
        """Take no more."""
        self._channel.basic_cancel(self._tag)
        self._channel.close()
        return self
