"""The suite that every bus passes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.chassis.cause import carry
from services.chassis.errors import PublishFailed
from services.chassis.wire import Message, command_message
from tests.chassis.bus_world import World, aio_world, becomes, local_world, take
from tests.examples import analysis_completed, cause_of, command, event_from

EVENT = event_from("analysis", analysis_completed())
DEAD_LETTERS = 21


@pytest.fixture(params=["local", pytest.param("aio", marks=pytest.mark.engine)])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    entered = local_world() if request.param == "local" else aio_world(request.getfixturevalue("broker"))
    async with entered as world:
        yield world


async def tell(world: World, *messages: Message) -> None:
    """Publish messages, each as its user."""
    for message in messages:
        await (await world.bus(message.user)).publish(message)


async def test_an_event_reaches_every_queue_that_is_bound_to_it(world: World):
    """analysis.completed goes to scoring, which hears it, and to the journal, which hears all."""
    await tell(world, EVENT)

    await becomes(world, "scoring", 1)
    await becomes(world, "journal", 1)
    assert 0 == await world.ready("export")


@pytest.mark.parametrize(
    "message",
    [
        EVENT,
        command_message("scout.tasks.analyze_niche", {"niche_id": "чай"}, EVENT.id, "gateway", timestamp=1_700_000_000),
        replace(EVENT, headers={**EVENT.headers, "whole": 2**40, "half": 0.5, "empty": ""}, content_type="text/plain"),
    ],
)
async def test_a_message_arrives_as_it_was_published(world: World, message: Message):
    """Body, headers, id, user, priority, time and type are the sender's, to the byte."""
    await tell(world, message)
    queue = "analysis" if message.user == "gateway" else "scoring"

    (delivery,) = await take(await world.bus(queue), queue)

    assert message == delivery.message
    assert (queue, False, 0) == (delivery.queue, delivery.redelivered, delivery.count)


async def test_a_user_may_publish_only_its_own_events(world: World):
    """A service that tells another's event is refused, and so is a user that nobody knows; its bus goes on."""
    bus = await world.bus("trend")

    with pytest.raises(PublishFailed, match=r"trend may not publish analysis\.completed"):
        await bus.publish(replace(EVENT, user="trend"))
    with pytest.raises(PublishFailed, match="may not publish"):
        await bus.publish(replace(EVENT, user=""))
    with pytest.raises(PublishFailed, match="may not publish"):
        await bus.publish(Message("analysis.own", "wait", b"{}", "", user="trend"))

    await bus.publish(carry(cause_of(EVENT, "trend"), "trend", "dead", "x"))
    await becomes(world, "trend.dead", 1)


async def test_a_command_that_nobody_takes_is_an_error(world: World):
    """A mistyped command comes back to its sender instead of vanishing, and the next one leaves."""
    with pytest.raises(PublishFailed, match="is the name right"):
        await tell(world, command("analyse_niche"))

    await tell(world, command("analyze_niche"))
    await becomes(world, "analysis", 1)


async def test_what_needs_no_confirm_is_told_all_the_same(world: World):
    """Without a confirm a message reaches whoever is bound to its key, and one that nobody is bound to is no error."""
    bus = await world.bus("gateway")
    await bus.publish(command("analyse_niche"), confirm=False)
    await bus.publish(command("analyze_niche"), confirm=False)

    await becomes(world, "analysis", 1)


async def test_an_unanswered_delivery_comes_back_counted(world: World):
    """A consumer that goes away returns what it did not answer, marked as redelivered."""
    await tell(world, EVENT)
    bus = await world.bus("scoring")

    (first,) = await take(bus, "scoring")
    (second,) = await take(bus, "scoring")

    assert (False, 0) == (first.redelivered, first.count)
    assert (True, 1) == (second.redelivered, second.count)


async def test_an_answered_delivery_is_gone(world: World):
    """ack takes the message out of the queue; answering it once more does nothing."""
    await tell(world, EVENT)
    bus = await world.bus("scoring")
    async with bus.consume("scoring", 1) as deliveries:
        delivery = await anext(deliveries)
        await bus.ack(delivery)
        await bus.ack(delivery)
        await bus.requeue(delivery)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2), bus.consume("scoring", 1) as deliveries:
            await anext(deliveries)


async def test_no_more_than_the_prefetch_is_in_hand(world: World):
    """A consumer gets as many deliveries as its prefetch, and another for each that it answers."""
    await tell(world, *[EVENT] * 5)
    bus = await world.bus("scoring")
    async with asyncio.timeout(10), bus.consume("scoring", 2) as deliveries:
        first, _ = await anext(deliveries), await anext(deliveries)
        third = asyncio.ensure_future(anext(deliveries))
        await asyncio.wait([third], timeout=0.2)
        assert not third.done()

        await bus.ack(first)

        assert EVENT.id == (await third).message.id
    await becomes(world, "scoring", 4)


async def test_a_high_priority_overtakes(world: World):
    """The office's heartbeat does not wait behind other work."""
    await tell(world, EVENT, command("office_heartbeat"))

    (first,) = await take(await world.bus("scoring"), "scoring")

    assert "scout.tasks.office_heartbeat" == first.message.key


async def test_a_waiting_message_comes_back_after_its_time(world: World):
    """The waiting room returns a retry to its own service, with its counters."""
    await tell(world, carry(cause_of(EVENT, "scoring"), "scoring", "wait", "boom", errors=1))
    await becomes(world, "scoring.wait", 1)
    assert 0 == await world.ready("scoring")

    (back,) = await take(await world.bus("scoring"), "scoring")

    assert ("scoring.own", "back", 1) == (back.message.exchange, back.message.key, back.message.headers["scout-errors"])


async def test_a_message_that_is_returned_too_often_is_dead(world: World):
    """The delivery limit of a work queue is the backstop: the broker itself dead-letters."""
    await tell(world, EVENT)
    bus = await world.bus("scoring")
    counts = []
    async with asyncio.timeout(10), bus.consume("scoring", 1) as deliveries:
        for _ in range(DEAD_LETTERS):
            delivery = await anext(deliveries)
            counts.append(delivery.count)
            await bus.requeue(delivery)

    await becomes(world, "scoring.dead", 1)
    (letter,) = await take(await world.bus("journal"), "scoring.dead")

    assert (list(range(DEAD_LETTERS)), EVENT.body) == (counts, letter.message.body)
    assert 0 == await world.ready("scoring")


async def test_a_listener_hears_from_now_on_and_keeps_nothing(world: World):
    """A live listener gets the events of its keys while it listens."""
    await tell(world, EVENT)
    bus = await world.bus("gateway")
    async with asyncio.timeout(10), bus.listen("gateway", "analysis.#") as some, bus.listen("gateway", "#") as all_:
        await tell(world, carry(cause_of(EVENT, "scoring"), "scoring", "dead", "x"), replace(EVENT, id="2"))
        assert "2" == (await anext(some)).id
        assert "2" == (await anext(all_)).id


async def test_a_queue_says_when_it_was_last_empty(world: World):
    """The sweep hears that a queue and its waiting room are empty, or since when they are not."""
    bus = await world.bus("journal")
    before = datetime.now(UTC)
    assert await bus.empty_at("analysis") >= before

    await tell(world, command("analyze_niche"))
    until = datetime.now(UTC)
    await becomes(world, "analysis", 1)

    assert await bus.empty_at("analysis") <= until
