"""The bus: what a service needs of a broker, whichever carries it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from services.chassis.wire import Delivery, Message


class Publisher(Protocol):
    """Something that messages can be given to."""

    async def publish(self, message: Message, *, confirm: bool = True) -> None:
        """Hand a message to the broker. With `confirm` it is safe when this returns; raises `PublishFailed`."""


class Bus(Publisher, Protocol):
    """A broker's client."""

    def consume(self, queue: str, prefetch: int) -> AbstractAsyncContextManager[AsyncIterator[Delivery]]:
        """Deliveries of a durable queue, at most `prefetch` unanswered; on leaving, unanswered ones go back."""

    def listen(self, service: str, *keys: str) -> AbstractAsyncContextManager[AsyncIterator[Message]]:
        """Events from now on (`keys` may hold `#`), over a queue of this listener alone; none is kept."""

    async def ack(self, delivery: Delivery) -> None:
        """The delivery is done with."""

    async def requeue(self, delivery: Delivery) -> None:
        """Give the delivery back; the broker counts it."""
