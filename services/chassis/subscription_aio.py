"""What comes over a channel of its own, which is opened again when it is lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Generic, Self, TypeVar

import structlog
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from services.chassis.errors import DependencyDown
from services.chassis.link_aio import BROKEN, TIMEOUT, Link, ours

log = structlog.get_logger(__name__)
_PAUSE = 1.0

Take = Callable[[AbstractIncomingMessage], Awaitable[None]]
T = TypeVar("T")


class Endless(AsyncIterator[T], Generic[T]):
    """An iterator over what `following` gives, which goes on after one who waited for the next was cancelled."""

    def __init__(self, following: Callable[[], Awaitable[T]]) -> None:
        self._following = following

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        return await self._following()


class Subscription:
    """What a queue gives: `start` makes a fresh channel consume, and hands each message to a function."""

    def __init__(self, link: Link, queue: str, start: Callable[[AbstractChannel, Take], Awaitable[None]]) -> None:
        self._link, self._queue, self._start = link, queue, start
        self._channel: AbstractChannel | None = None
        self._inbox: asyncio.Queue[AbstractIncomingMessage | None] = asyncio.Queue()

    async def open(self) -> None:
        """Begin; raises `DependencyDown` when the broker is away or does not give this queue to this user."""
        try:
            await self._open()
        except BROKEN as exc:
            raise DependencyDown(
                f"RabbitMQ at {self._link.where} does not give {self._queue} to user {self._link.user}: {exc!r}. "
                "`docker compose run --rm topology` makes what is missing."
            ) from exc

    async def take(self) -> AbstractIncomingMessage:
        """The next message; while the channel is lost, it waits until there is another."""
        while (incoming := await self._inbox.get()) is None:
            self._inbox.put_nowait(None)  # lost it stays, should this be cancelled before it is open again
            await self._reopen()
        return incoming

    async def close(self) -> None:
        """Stop; what was not answered goes back."""
        if self._channel is not None:
            await close_channel(self._channel)

    async def _open(self) -> None:
        channel = await self._link.channel()
        inbox: asyncio.Queue[AbstractIncomingMessage | None] = asyncio.Queue()

        def lose(*_: object) -> None:
            while not inbox.empty():  # the broker delivers these again
                inbox.get_nowait()
            inbox.put_nowait(None)

        try:
            channel.close_callbacks.add(lose)
            (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(lose)
            with ours():
                async with asyncio.timeout(TIMEOUT):
                    await self._start(channel, inbox.put)
        except BaseException:
            await close_channel(channel)
            raise
        self._channel, self._inbox = channel, inbox

    async def _reopen(self) -> None:
        await self.close()
        while True:
            try:
                await self._open()
                return
            except BROKEN as exc:
                log.warning("consumer lost, tried again", queue=self._queue, error=repr(exc))
                await asyncio.sleep(_PAUSE)


async def close_channel(channel: AbstractChannel) -> None:
    """Close a channel; a broker that does not answer is not waited for."""
    with suppress(*BROKEN), ours():
        async with asyncio.timeout(TIMEOUT):
            await channel.close()
