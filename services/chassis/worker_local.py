"""A worker of the embedded house: one service's queue, two lanes, and the budget of its attempts."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog

from contracts.commands import LIGHT_LIMIT, LIGHT_SECOND_LIMIT
from contracts.schedule import SCHEDULE
from services.chassis.bus import Bus
from services.chassis.cause import Cause, carry, parse, refused
from services.chassis.errors import Refused
from services.chassis.perform import Tools, lost, perform_light
from services.chassis.pool import Ended
from services.chassis.service import Handler, Service
from services.chassis.wire import Delivery

log = structlog.get_logger(__name__)
Heavy = Callable[[Handler, Cause, float], Awaitable[Ended]]
_PERIODS = {entry.command: entry.period for entry in SCHEDULE.values()}


class LocalWorker:
    """Consumes the queue of `service`; `heavy` runs an attempt outside this loop and says how it ended."""

    def __init__(self, service: Service, bus: Bus, tools: Tools, heavy: Heavy, children: int) -> None:
        self.service = service
        self._bus, self._tools, self._heavy = bus, tools, heavy
        lanes = {handler.lane for handler in service.handlers}
        self._two_lanes = lanes == {"light", "heavy"}
        self._prefetch = 64 if "light" in lanes else children
        self._slow: list[str] = []
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
        name = self.service.name
        try:
            cause = parse(delivery, name)
            handler = self.service.handler(cause.key)
            if handler is None:
                raise Refused(f"routing key: {name} does not handle {cause.key}")
        except (Refused, KeyError, ValueError) as exc:
            await self._bus.publish(refused(delivery, name, str(exc)))
            await self._bus.ack(delivery)
            return
        if _is_late(cause):
            await self._bus.ack(delivery)
        elif cause.losses >= handler.losses:
            await self._bus.publish(lost(handler, cause))
            await self._bus.ack(delivery)
        elif handler.lane == "light" and cause.attempt == 1:
            await self._run_light(delivery, handler, cause)
        elif self._two_lanes and (self._slow if handler.lane == "heavy" else "heavy" in self._slow):
            await self._bus.publish(carry(cause, name, "wait", "busy: the only child works"))
            await self._bus.ack(delivery)
        else:
            await self._run_heavy(delivery, handler, cause)

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

    async def _run_heavy(self, delivery: Delivery, handler: Handler, cause: Cause) -> None:
        self._slow.append(handler.lane)
        try:
            limit = LIGHT_SECOND_LIMIT if handler.lane == "light" else handler.limit
            ended = await self._heavy(handler, cause, limit)
        finally:
            self._slow.remove(handler.lane)
        await (self._bus.requeue if ended in {"requeue", "lost"} else self._bus.ack)(delivery)


def _is_late(cause: Cause) -> bool:
    """Whether this is a tick of the clock that its next one has overtaken."""
    period = _PERIODS.get(cause.key)
    return cause.slot is not None and period is not None and datetime.now(UTC) - cause.slot > period
