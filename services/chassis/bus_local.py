"""The bus of the embedded house: the same topology in one process's memory.

It is volatile on purpose: what a crash loses, the journal's sweep sends again when the house starts.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from services.chassis.errors import PublishFailed
from services.chassis.topology import Topology, topology
from services.chassis.wire import EVENTS_EXCHANGE, Delivery, Message

_HIGH = 5
"""Priorities from here on overtake, as in RabbitMQ's quorum queues."""


@dataclass
class _Queue:
    """A queue: two lanes of priority, and who waits for something to come."""

    name: str
    arguments: dict[str, object]
    high: deque[Delivery] = field(default_factory=deque)
    normal: deque[Delivery] = field(default_factory=deque)
    unanswered: dict[int, Delivery] = field(default_factory=dict)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)
    empty_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def lane(self, message: Message) -> deque[Delivery]:
        waits = "x-message-ttl" in self.arguments  # a waiting room is left in the order of arrival
        return self.high if message.priority >= _HIGH and not waits else self.normal

    def ready(self) -> int:
        return len(self.high) + len(self.normal)

    def empty(self) -> bool:
        return not self.ready() and not self.unanswered


class LocalBus:
    """A `Bus` in memory. It routes bytes by the topology's bindings and refuses what its permissions refuse."""

    def __init__(self, plan: Topology | None = None) -> None:
        self.plan = plan or topology()
        self.queues = {name: _Queue(name, arguments) for name, arguments in self.plan.queues.items()}
        self._routes: dict[tuple[str, str], list[_Queue]] = {}
        for binding in self.plan.bindings:
            self._routes.setdefault((binding.exchange, binding.key), []).append(self.queues[binding.queue])
        self._listeners: list[tuple[tuple[str, ...], asyncio.Queue[Message]]] = []
        self._timers: set[asyncio.Task[None]] = set()
        self._tag = 0

    async def publish(self, message: Message, *, confirm: bool = True) -> None:
        user = self.plan.users.get(message.user)
        if user is None or not user.may_publish(message.exchange, message.key):
            raise PublishFailed(f"{message.user or 'nobody'} may not publish {message.key} to {message.exchange}")
        routed = self._routes.get((message.exchange, message.key), [])
        heard = self._tell_listeners(message)
        if not routed and not heard and confirm:
            raise PublishFailed(f"nobody is bound to {message.key} of {message.exchange}: is the name right?")
        await self._put(routed, message)

    @asynccontextmanager
    async def consume(self, queue: str, prefetch: int) -> AsyncIterator[AsyncIterator[Delivery]]:
        held: set[int] = set()
        target = self.queues[queue]
        try:
            yield self._deliveries(target, prefetch, held)
        finally:
            for tag in sorted(held.intersection(target.unanswered), reverse=True):
                await self.requeue(target.unanswered[tag])

    @asynccontextmanager
    async def listen(self, service: str, *keys: str) -> AsyncIterator[AsyncIterator[Message]]:
        del service  # on a broker it names the listener's own queue
        inbox: asyncio.Queue[Message] = asyncio.Queue()
        entry = (tuple(key.replace("#", "*") for key in keys), inbox)
        self._listeners.append(entry)
        try:
            yield _messages(inbox)
        finally:
            self._listeners.remove(entry)

    async def ack(self, delivery: Delivery) -> None:
        queue = self.queues[delivery.queue]
        async with queue.came:
            queue.unanswered.pop(delivery.tag, None)
            queue.came.notify_all()

    async def requeue(self, delivery: Delivery) -> None:
        queue = self.queues[delivery.queue]
        if queue.unanswered.pop(delivery.tag, None) is None:
            return
        limit = queue.arguments.get("x-delivery-limit", -1)
        self._tag += 1
        again = replace(delivery, tag=self._tag, redelivered=True, count=delivery.count + 1)
        if isinstance(limit, int) and 0 <= limit < again.count:
            await self._dead_letter(queue, again.message)
        else:
            queue.lane(again.message).appendleft(again)
        async with queue.came:
            queue.came.notify_all()

    async def empty_at(self, service: str) -> datetime:
        """When a service's queue and waiting room were last seen empty (its journal's `Backlog`)."""
        both = [self.queues[service], self.queues[f"{service}.wait"]]
        return min(datetime.now(UTC) if not self.depth(queue.name) else queue.empty_at for queue in both)

    def depth(self, queue: str) -> int:
        """How many messages a queue holds, answered or not yet."""
        return self.queues[queue].ready() + len(self.queues[queue].unanswered)

    async def drained(self, *queues: str) -> None:
        """Wait until these queues hold nothing; all of the house's work queues when none is named."""
        names = queues or tuple(name for name in self.queues if not name.endswith(".dead"))
        while any(self.depth(name) for name in names):
            for queue in (self.queues[name] for name in names):
                async with queue.came:
                    await queue.came.wait_for(queue.empty)
            await asyncio.sleep(0)

    def close(self) -> None:
        """Forget the waiting rooms' clocks."""
        for timer in self._timers:
            timer.cancel()

    async def _put(self, queues: list[_Queue], message: Message) -> None:
        """Put a message into all of its queues in one step, so that it is at no moment in none, or in some only."""
        for queue in queues:
            if not self.depth(queue.name):
                queue.empty_at = datetime.now(UTC)
            self._tag += 1
            queue.lane(message).append(Delivery(message, queue.name, self._tag))
            if isinstance(ttl := queue.arguments.get("x-message-ttl"), int):
                self._timers.add(task := asyncio.create_task(self._expire(queue, ttl / 1000)))
                task.add_done_callback(self._timers.discard)
        for queue in queues:
            async with queue.came:
                queue.came.notify_all()

    async def _expire(self, queue: _Queue, after: float) -> None:
        await asyncio.sleep(after)
        if queue.ready():
            delivery = (queue.high or queue.normal).popleft()
            await self._dead_letter(queue, delivery.message)
            async with queue.came:
                queue.came.notify_all()

    async def _dead_letter(self, queue: _Queue, message: Message) -> None:
        exchange, key = queue.arguments.get("x-dead-letter-exchange"), queue.arguments.get("x-dead-letter-routing-key")
        targets = self._routes.get((str(exchange), str(key)), [])
        await self._put(targets, replace(message, exchange=str(exchange), key=str(key)))

    async def _deliveries(self, queue: _Queue, prefetch: int, held: set[int]) -> AsyncIterator[Delivery]:
        while True:
            async with queue.came:
                await queue.came.wait_for(lambda: queue.ready() and len(held.intersection(queue.unanswered)) < prefetch)
                held.intersection_update(queue.unanswered)
                delivery = (queue.high or queue.normal).popleft()
                queue.unanswered[delivery.tag] = delivery
                held.add(delivery.tag)
            yield delivery

    def _tell_listeners(self, message: Message) -> bool:
        if message.exchange != EVENTS_EXCHANGE:
            return False
        for keys, inbox in self._listeners:
            if any(fnmatchcase(message.key, key) for key in keys):
                inbox.put_nowait(message)
        return True


async def _messages(inbox: asyncio.Queue[Message]) -> AsyncIterator[Message]:
    while True:
        yield await inbox.get()
