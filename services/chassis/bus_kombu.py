"""The publisher of a worker's child: kombu, with a confirm for what must arrive and none for what may not."""

import time
from typing import Any
from urllib.parse import urlsplit

import amqp
import structlog
from amqp.exceptions import MessageNacked
from kombu import Connection
from kombu.exceptions import OperationalError

from services.chassis.errors import PublishFailed
from services.chassis.wire import Message
from services.chassis.wire_amqp import amqp_message

log = structlog.get_logger(__name__)
CONFIRM_TIMEOUT = 5
_TRIES = 3
_LOST = (amqp.AMQPError, MessageNacked, OperationalError, OSError)


class KombuPublisher:
    """Publishes over a connection of its own, which is opened when it is first needed and again when it is lost.

    It blocks while it publishes: a child does one thing at a time. A heartbeat would need somebody who sends it while
    a handler computes, so there is none; a broker that went away is found by the next publish.
    """

    def __init__(self, url: str) -> None:
        self._url, address = url, urlsplit(url)
        self._where = f"{address.hostname}:{address.port or 5672}"
        self._connection: Connection | None = None
        self._channels: dict[bool, Any] = {}

    async def publish(self, message: Message, *, confirm: bool = True) -> None:
        """Publish; with `confirm` the broker has the message, in every queue bound, when this returns."""
        self.send(message, confirm=confirm)

    def send(self, message: Message, *, confirm: bool = False) -> None:
        """The same for those who cannot wait for a coroutine; raises `PublishFailed`."""
        for tries_left in reversed(range(_TRIES)):
            try:
                self._send(message, confirm=confirm)
                return
            except amqp.ChannelError as exc:  # it was refused, which another try does not change
                self._channels.pop(confirm, None)
                raise PublishFailed(f"{message.key} of {message.exchange} was not taken: {exc}") from exc
            except _LOST as exc:
                self.close()
                if not tries_left or not confirm:
                    raise PublishFailed(f"the broker {self._where} did not take {message.key}: {exc!r}") from exc
                log.warning("broker lost, tried again", key=message.key, error=repr(exc))
                time.sleep(1)

    def close(self) -> None:
        """Let go of the connection."""
        self._channels.clear()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.collect()  # it may be frozen, and would be waited for

    def _send(self, message: Message, *, confirm: bool) -> None:
        channel = self._channels.get(confirm)
        if channel is None or not channel.is_open:
            channel = self._channels[confirm] = self._open().channel()
        inner = amqp_message(message, persistent=confirm)
        if confirm:
            channel.basic_publish_confirm(
                inner, message.exchange, message.key, mandatory=True, confirm_timeout=CONFIRM_TIMEOUT
            )
        else:
            channel.basic_publish(inner, message.exchange, message.key)

    def _open(self) -> Any:
        if self._connection is None:
            self._connection = Connection(self._url, heartbeat=0, connect_timeout=CONFIRM_TIMEOUT)
            self._connection.connect()
        return self._connection.connection
