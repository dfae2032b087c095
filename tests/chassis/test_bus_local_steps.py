"""The moments between two steps of the local bus, in which nothing may be lost or stand still."""

import asyncio
from dataclasses import replace
from datetime import datetime

from services.chassis.bus_local import LocalBus
from services.chassis.cause import carry
from services.chassis.topology import topology
from tests.examples import analysis_completed, cause_of, command, event_from


async def test_a_consumer_is_woken_when_its_message_is_given_up():
    """It waited with its hands full, and the next message lay there already."""
    bus = LocalBus()
    await bus.publish(command("analyze_niche", "1", niche_id="n"))
    await bus.publish(command("analyze_niche", "2", niche_id="n"))
    async with asyncio.timeout(10), bus.consume("analysis", 1) as deliveries:
        delivery = replace(await anext(deliveries), count=20)
        following = asyncio.create_task(anext(deliveries))
        await asyncio.sleep(0)
        await bus.requeue(delivery)

        assert command("analyze_niche", "2").id == (await following).message.id
        assert 1 == bus.depth("analysis.dead")


async def test_who_waits_for_a_queue_hears_that_its_last_message_was_given_up():
    """A queue is empty too when nobody could answer what it held."""
    bus = LocalBus()
    await bus.publish(command("analyze_niche", niche_id="n"))
    async with asyncio.timeout(10), bus.consume("analysis", 1) as deliveries:
        delivery = replace(await anext(deliveries), count=20)
        waits = asyncio.create_task(bus.drained("analysis"))
        await asyncio.sleep(0)
        await bus.requeue(delivery)
        await waits


async def test_an_event_is_in_all_of_its_queues_at_once():
    """Who is interrupted while it publishes has told all hearers, or none."""
    bus = LocalBus()
    event = event_from("analysis", analysis_completed())
    journal, scoring = bus.queues["journal"], bus.queues["scoring"]
    async with journal.came, scoring.came:
        publishing = asyncio.create_task(bus.publish(event))
        await asyncio.sleep(0)
        publishing.cancel()
    await asyncio.gather(publishing, return_exceptions=True)

    assert (1, 1) == (bus.depth("journal"), bus.depth("scoring"))


async def test_a_waiting_room_that_was_empty_in_between_is_not_behind():
    """The sweep asks since when messages were there without a break, not since when there were any."""
    bus = LocalBus(topology(wait_ms=1))
    opened = await bus.empty_at("analysis")
    retry = carry(cause_of(command("analyze_niche", niche_id="n"), "analysis"), "analysis", "wait", "x")
    await bus.publish(retry)
    async with asyncio.timeout(10), bus.consume("analysis", 1) as deliveries:
        await bus.ack(await anext(deliveries))
    before = datetime.now(opened.tzinfo)
    await bus.publish(retry)

    assert await bus.empty_at("analysis") >= before
    bus.close()
