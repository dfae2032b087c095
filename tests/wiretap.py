"""What a test sees of a virtual host: it sends anything as anybody, and takes what lies in a queue."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import amqp
from kombu.transport.pyamqp import Message as KombuMessage

from services.chassis.wire import Delivery, Message
from services.chassis.wire_amqp import amqp_message, delivery_of
from tests.engine import Vhost


class Tap:
    """A connection as the administrator or as a user; on its queues it takes one message after the other."""

    def __init__(self, connection: amqp.Connection) -> None:
        self._connection = connection
        self._channel = connection.channel()
        self._came: dict[str, list[Delivery]] = {}

    def send(self, message: Message) -> None:
        """Publish with a confirm; raises what the broker says."""
        self._channel.basic_publish_confirm(
            amqp_message(message), message.exchange, message.key, mandatory=True, confirm_timeout=10
        )

    def raw(self, exchange: str, key: str, body: Any, headers: Mapping[str, Any], **properties: Any) -> None:
        """Publish exactly this, however wrong it is."""
        message = amqp.Message(body, application_headers=dict(headers), **properties)
        self._channel.basic_publish_confirm(message, exchange, key, mandatory=True, confirm_timeout=10)

    def take(self, queue: str, count: int = 1, seconds: float = 20) -> list[Delivery]:
        """The next messages of a queue, which are gone from it; fewer when they do not come in time."""
        came = self._came.get(queue)
        if came is None:
            came = self._came[queue] = []
            self._channel.basic_consume(
                queue, callback=lambda message: came.append(delivery_of(KombuMessage(message), queue))
            )
        until = time.monotonic() + seconds
        while len(came) < count and time.monotonic() < until:
            try:
                self._connection.drain_events(timeout=0.2)
            except TimeoutError:
                continue
        taken, came[:] = came[:count], came[count:]
        for delivery in taken:
            self._channel.basic_ack(delivery.tag)
        return taken

    def keys(self, queue: str, count: int, seconds: float = 20) -> list[str]:
        """The routing keys of the next messages."""
        return [delivery.message.key for delivery in self.take(queue, count, seconds)]


@contextmanager
def tap(vhost: Vhost, user: str = "") -> Iterator[Tap]:
    """A tap as a user of the topology, or as the administrator, whose messages bear no name that the broker checks."""
    broker = vhost.broker
    login = {"userid": user, "password": "test"} if user else {"userid": broker.user, "password": broker.password}
    connection = amqp.Connection(f"{broker.host}:{broker.port}", virtual_host=vhost.name, **login)
    connection.connect()
    try:
        yield Tap(connection)
    finally:
        connection.close()
