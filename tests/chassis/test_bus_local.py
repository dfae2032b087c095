"""What only the bus in memory has: it knows what is in hand, and tells who waits until nothing is."""

import asyncio

from services.chassis.bus_local import LocalBus
from tests.examples import analysis_completed, event_from

EVENT = event_from("analysis", analysis_completed())


async def test_what_is_in_hand_is_still_in_the_queue():
    """The depth of a queue counts what was taken and not answered."""
    bus = LocalBus()
    for _ in range(5):
        await bus.publish(EVENT)

    async with bus.consume("scoring", 2) as deliveries:
        await anext(deliveries)

        assert (4, 5) == (bus.queues["scoring"].ready(), bus.depth("scoring"))


async def test_drained_waits_for_what_is_in_hand():
    """drained returns once every message is answered, not when it is only taken."""
    bus = LocalBus()
    await bus.publish(EVENT)
    async with bus.consume("scoring", 1) as deliveries:
        delivery = await anext(deliveries)
        waiting = asyncio.create_task(bus.drained("scoring"))
        await asyncio.wait([waiting], timeout=0.02)
        assert not waiting.done()
        await bus.ack(delivery)
        await asyncio.wait_for(waiting, 5)
