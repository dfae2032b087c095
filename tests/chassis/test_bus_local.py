import asyncio
from dataclasses import replace

import pytest

from services.chassis.bus_local import LocalBus
from services.chassis.cause import carry
from services.chassis.errors import PublishFailed
from services.chassis.topology import topology
from tests.examples import analysis_completed, cause_of, command, event_from

EVENT = event_from("analysis", analysis_completed())


async def take(bus: LocalBus, queue: str, count: int = 1, prefetch: int = 10) -> list:
    """The next deliveries of a queue, left unanswered when the consumer goes."""
    taken = []
    async with asyncio.timeout(5), bus.consume(queue, prefetch) as deliveries:
        async for delivery in deliveries:
            taken.append(delivery)
            if len(taken) == count:
                return taken
    return taken


async def test_an_event_reaches_every_queue_that_is_bound_to_it():
    """analysis.completed goes to scoring, which hears it, and to the journal, which hears all."""
    bus = LocalBus()

    await bus.publish(EVENT)

    assert (1, 1, 0) == (bus.depth("scoring"), bus.depth("journal"), bus.depth("export"))


async def test_a_user_may_publish_only_its_own_events():
    """A service that tells another's event is refused, and so is a user that nobody knows."""
    bus = LocalBus()

    with pytest.raises(PublishFailed, match=r"trend may not publish analysis\.completed"):
        await bus.publish(replace(EVENT, user="trend"))
    with pytest.raises(PublishFailed, match="nobody may not publish"):
        await bus.publish(replace(EVENT, user=""))


async def test_a_command_that_nobody_takes_is_an_error():
    """A mistyped command comes back to its sender instead of vanishing."""
    with pytest.raises(PublishFailed, match="is the name right"):
        await LocalBus().publish(command("analyse_niche"))


async def test_an_unanswered_delivery_comes_back_counted():
    """A consumer that goes away returns what it did not answer, marked as redelivered."""
    bus = LocalBus()
    await bus.publish(EVENT)

    (first,) = await take(bus, "scoring")
    (second,) = await take(bus, "scoring")

    assert (False, 0) == (first.redelivered, first.count)
    assert (True, 1) == (second.redelivered, second.count)


async def test_an_answered_delivery_is_gone():
    """ack takes the message out of the queue."""
    bus = LocalBus()
    await bus.publish(EVENT)
    async with bus.consume("scoring", 1) as deliveries:
        await bus.ack(await anext(deliveries))

    assert 0 == bus.depth("scoring")


async def test_no_more_than_the_prefetch_is_in_hand():
    """A consumer that answers nothing gets as many deliveries as its prefetch, and no more."""
    bus = LocalBus()
    for _ in range(5):
        await bus.publish(EVENT)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await take(bus, "scoring", count=3, prefetch=2)

    assert 5 == bus.depth("scoring")


async def test_a_high_priority_overtakes():
    """The office's heartbeat does not wait behind other work."""
    bus = LocalBus()
    await bus.publish(EVENT)
    await bus.publish(command("office_heartbeat"))

    (first,) = await take(bus, "scoring")

    assert "scout.tasks.office_heartbeat" == first.message.key


async def test_a_waiting_message_comes_back_after_its_time():
    """The waiting room returns a retry to its own service, with its counters."""
    bus = LocalBus(topology(wait_ms=20))
    retry = carry(cause_of(EVENT, "scoring"), "scoring", "wait", "boom", errors=1)

    await bus.publish(retry)
    assert (1, 0) == (bus.depth("scoring.wait"), bus.depth("scoring"))
    (back,) = await take(bus, "scoring")

    assert ("scoring.own", "back", 1) == (back.message.exchange, back.message.key, back.message.headers["scout-errors"])


async def test_a_message_that_is_returned_too_often_is_dead():
    """The delivery limit of a work queue is the backstop: the broker itself dead-letters."""
    bus = LocalBus()
    await bus.publish(EVENT)

    for _ in range(21):
        await take(bus, "scoring")

    assert (0, 1) == (bus.depth("scoring"), bus.depth("scoring.dead"))


async def test_a_listener_hears_from_now_on_and_keeps_nothing():
    """A live listener gets the events of its keys while it listens."""
    bus = LocalBus()
    await bus.publish(EVENT)
    async with bus.listen("gateway", "analysis.#") as messages:
        await bus.publish(EVENT)
        heard = await anext(messages)

    assert EVENT.body == heard.body


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
