"""A broker with the whole topology on it, and a bus for each of its users: in memory, or RabbitMQ."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

import aio_pika

from services.chassis.bus import Bus
from services.chassis.bus_aio import AioBus
from services.chassis.bus_local import LocalBus
from services.chassis.topology import topology
from services.chassis.wire import Delivery
from tests.engine import Broker, Vhost

WAIT_MS = 300


class World(Protocol):
    """What the suite of buses asks for."""

    async def bus(self, user: str) -> LocalBus | AioBus:
        """The bus of a user, the same each time."""

    async def ready(self, queue: str) -> int:
        """How many messages a queue would give now."""


class LocalWorld:
    """The local bus is every user's."""

    def __init__(self) -> None:
        self.local = LocalBus(topology(WAIT_MS))

    async def bus(self, user: str) -> LocalBus:
        del user
        return self.local

    async def ready(self, queue: str) -> int:
        return self.local.queues[queue].ready()


class AioWorld:
    """A virtual host; every user has a connection of its own, with that user's rights."""

    def __init__(self, vhost: Vhost, stack: AsyncExitStack) -> None:
        self.vhost, self._stack = vhost, stack
        self._buses: dict[str, AioBus] = {}

    async def bus(self, user: str) -> AioBus:
        if user not in self._buses:
            self._buses[user] = await self.another(user)
        return self._buses[user]

    async def another(self, user: str, **options: float) -> AioBus:
        """A bus of a user that is not the suite's, closed at the end."""
        return await self._stack.enter_async_context(AioBus(self.vhost.url(user), name=user, **options))

    async def ready(self, queue: str) -> int:
        async with await aio_pika.connect(self.vhost.url("journal")) as connection, connection.channel() as channel:
            declared = await channel.declare_queue(queue, passive=True)
        return declared.declaration_result.message_count or 0


@asynccontextmanager
async def local_world() -> AsyncIterator[LocalWorld]:
    world = LocalWorld()
    yield world
    world.local.close()


@asynccontextmanager
async def aio_world(broker: Broker, wait_ms: int = WAIT_MS) -> AsyncIterator[AioWorld]:
    with broker.vhost(wait_ms=wait_ms) as vhost:
        async with AsyncExitStack() as stack:
            yield AioWorld(vhost, stack)


async def take(bus: Bus, queue: str, count: int = 1, prefetch: int = 10) -> list[Delivery]:
    """The next deliveries of a queue, left unanswered when the consumer goes."""
    async with asyncio.timeout(10), bus.consume(queue, prefetch) as deliveries:
        return [await anext(deliveries) for _ in range(count)]


async def becomes(world: World, queue: str, count: int) -> None:
    """Wait until a queue would give so many messages."""
    async with asyncio.timeout(10):
        while await world.ready(queue) != count:  # noqa: ASYNC110 - a broker sets no event
            await asyncio.sleep(0.02)
