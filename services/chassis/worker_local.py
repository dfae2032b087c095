"""A worker of the embedded house: one service's queue, two lanes, and the budget of its attempts."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from contracts.commands import LIGHT_LIMIT, Lane
from services.chassis.bus import Bus
from services.chassis.cause import Cause
from services.chassis.lanes import Drop, HandOn, Run, decide
from services.chassis.perform import Tools, perform_light
from services.chassis.pool import Ended
from services.chassis.service import Handler, Service
from services.chassis.wire import Delivery

log = structlog.get_logger(__name__)
Heavy = Callable[[Handler, Cause, float], Awaitable[Ended]]


class LocalWorker:
    """Consumes the queue of `service`; `heavy` runs an attempt outside this loop and says how it ended."""

    def __init__(self, service: Service, bus: Bus, tools: Tools, heavy: Heavy, children: int) -> None:
        self.service = service
        self._bus, self._tools, self._heavy = bus, tools, heavy
        lanes = {handler.lane for handler in service.handlers}
        self._prefetch = 64 if "light" in lanes else children
        self._slow: list[Lane] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Consume until cancelled; what is unanswered then goes back to the queue."""
        async with self._bus.consume(self.service.name, self._prefetch) as deliveries:
            try:
                async for delivery in deliveries:
                    task = asyncio.create_task(self._handle(delivery))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
            finally:
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _handle(self, delivery: Delivery) -> None:
        try:
            await self._decide(delivery)
        except Exception:
            log.exception("delivery not handled", queue=delivery.queue)
            await self._bus.requeue(delivery)

    async def _decide(self, delivery: Delivery) -> None:
        match decide(delivery, self.service, self._slow):
            case Drop():
                await self._bus.ack(delivery)
            case HandOn(message):
                await self._bus.publish(message)
                await self._bus.ack(delivery)
            case Run(handler, cause, "light"):
                await self._run_light(delivery, handler, cause)
            case Run(handler, cause, _, limit):
                await self._run_heavy(delivery, handler, cause, limit)

    async def _run_light(self, delivery: Delivery, handler: Handler, cause: Cause) -> None:
        try:
            async with asyncio.timeout(LIGHT_LIMIT):
                messages, ending = await asyncio.to_thread(perform_light, handler, cause, self._tools)
        except TimeoutError:
            log.warning("light handler over its limit", task=handler.name, run_id=cause.run_id)
            await self._bus.requeue(delivery)
            return
        for message in messages:
            await self._bus.publish(message)
        log.debug("handled", task=handler.name, run_id=cause.run_id, ending=ending.kind)
        await self._bus.ack(delivery)

    async def _run_heavy(self, delivery: Delivery, handler: Handler, cause: Cause, limit: int) -> None:
        self._slow.append(handler.lane)
        try:
            ended = await self._heavy(handler, cause, limit)
        finally:
            self._slow.remove(handler.lane)
        await (self._bus.requeue if ended in {"requeue", "lost"} else self._bus.ack)(delivery)
