"""The bus over RabbitMQ for who listens through aio-pika: journal, heartbeat and gateway."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import aiormq.abc
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import ChannelPreconditionFailed, PublishError
from aiormq.exceptions import ChannelAccessRefused

from services.chassis.errors import DependencyDown, PublishFailed
from services.chassis.link_aio import BROKEN, TIMEOUT, Link, ours
from services.chassis.subscription_aio import Endless, Subscription, Take, close_channel
from services.chassis.wire import EVENTS_EXCHANGE, Delivery, Message
from services.chassis.wire_aio import aio_message, delivery_of, message_of

_PATIENCE = 60.0
_NEVER = datetime.min.replace(tzinfo=UTC)


class AioBus:
    """`async with AioBus(url) as bus:` is a `Bus`; `name` is what people see of its connection.

    Entering waits `patience` s for a broker that starts, then raises `DependencyDown`. A connection that is lost later
    is made again: consumers and listeners go on by themselves, and what is published meanwhile is `PublishFailed`.
    """

    def __init__(self, url: str, *, name: str = "", patience: float = _PATIENCE) -> None:
        self._link = Link(url, name or "scout", patience)
        self._publishers: dict[bool, AbstractChannel] = {}
        self._opening = asyncio.Lock()
        self._held: dict[int, AbstractIncomingMessage] = {}
        self._tag = 0
        self._empty_at: dict[str, datetime] = {}

    async def __aenter__(self) -> Self:
        await self._link.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._link.close()

    @property
    def connected(self) -> bool:
        """Whether the broker is there, as far as this side knows: a frozen one is missed after half a minute."""
        return self._link.connected

    async def publish(self, message: Message, *, confirm: bool = True) -> None:
        what = f"{message.key} to {message.exchange}"
        if not message.user:
            raise PublishFailed(f"nobody may not publish {what}")  # the broker checks only a user that is there
        try:
            with ours():
                async with asyncio.timeout(TIMEOUT):
                    channel = await self._publisher(confirm=confirm)
                    exchange = await channel.get_exchange(message.exchange, ensure=False)
                    await exchange.publish(aio_message(message, persistent=confirm), message.key, mandatory=confirm)
        except PublishError as exc:
            raise PublishFailed(f"nobody is bound to {message.key} of {message.exchange}: is the name right?") from exc
        except (ChannelAccessRefused, ChannelPreconditionFailed) as exc:
            raise PublishFailed(f"{message.user} may not publish {what}: {exc}") from exc
        except TimeoutError as exc:
            raise PublishFailed(f"the broker {self._link.where} did not answer to {what} within {TIMEOUT} s") from exc
        except BROKEN as exc:
            raise PublishFailed(f"the broker {self._link.where} did not take {what}: {exc!r}") from exc

    @asynccontextmanager
    async def consume(self, queue: str, prefetch: int) -> AsyncIterator[AsyncIterator[Delivery]]:
        async def start(channel: AbstractChannel, take: Take) -> None:
            await channel.set_qos(prefetch_count=prefetch)
            await (await channel.get_queue(queue, ensure=False)).consume(take)

        async def following() -> Delivery:
            incoming = await subscription.take()
            self._tag += 1  # of our own: the broker counts from 1 again on every channel
            self._held[self._tag] = incoming
            return delivery_of(incoming, queue, self._tag)

        subscription = Subscription(self._link, queue, start)
        await subscription.open()
        try:
            yield Endless(following)
        finally:
            await subscription.close()
            self._held = {tag: incoming for tag, incoming in self._held.items() if not _is_lost(incoming)}

    @asynccontextmanager
    async def listen(self, service: str, *keys: str) -> AsyncIterator[AsyncIterator[Message]]:
        async def start(channel: AbstractChannel, take: Take) -> None:
            name = f"live.{service}.{uuid.uuid4().hex}"  # a new one each time: a lost connection's may still be held
            queue = await channel.declare_queue(name, exclusive=True, auto_delete=True)
            for key in keys:
                await queue.bind(EVENTS_EXCHANGE, key)
            await queue.consume(take, no_ack=True)

        async def following() -> Message:
            return message_of(await subscription.take())

        subscription = Subscription(self._link, f"live.{service}", start)
        await subscription.open()
        try:
            yield Endless(following)
        finally:
            await subscription.close()

    async def ack(self, delivery: Delivery) -> None:
        await self._answer(delivery, lambda channel, tag: channel.basic_ack(tag, wait=False))

    async def requeue(self, delivery: Delivery) -> None:
        # A reject, since RabbitMQ 4.3 counts that and no longer counts a nack.
        await self._answer(delivery, lambda channel, tag: channel.basic_reject(tag, requeue=True, wait=False))

    async def empty_at(self, service: str) -> datetime:
        """When a service's queue and waiting room were last seen empty; the year 1 where they never were.

        A message in a worker's hand does not count, since the broker tells only its administrators of those.
        """
        names = (service, f"{service}.wait")
        try:
            channel = await self._link.channel()
            try:
                async with asyncio.timeout(TIMEOUT):
                    for name in names:
                        queue = await channel.declare_queue(name, passive=True)
                        if not queue.declaration_result.message_count:
                            self._empty_at[name] = datetime.now(UTC)
            finally:
                await close_channel(channel)
        except BROKEN as exc:
            raise DependencyDown(f"the broker {self._link.where} does not say what {service} holds: {exc!r}") from exc
        return min(self._empty_at.get(name, _NEVER) for name in names)

    async def _publisher(self, *, confirm: bool) -> AbstractChannel:
        async with self._opening:
            channel = self._publishers.get(confirm)
            if channel is None or channel.is_closed:
                channel = self._publishers[confirm] = await self._link.channel(confirms=confirm)
            return channel

    async def _answer(
        self, delivery: Delivery, answer: Callable[[aiormq.abc.AbstractChannel, int], Awaitable[None]]
    ) -> None:
        incoming = self._held.pop(delivery.tag, None)
        if incoming is None or incoming.delivery_tag is None:
            return
        with suppress(*BROKEN), ours():  # its channel was lost meanwhile: the broker delivers it again
            await answer(incoming.channel, incoming.delivery_tag)


def _is_lost(incoming: AbstractIncomingMessage) -> bool:
    try:
        return incoming.channel.is_closed
    except BROKEN:
        return True
