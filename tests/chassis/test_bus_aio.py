"""What only a bus over a network can get wrong: connections that end, strangers' messages, and what it is refused."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import amqp
import pytest

from services.chassis.bus_aio import AioBus
from services.chassis.cause import parse
from services.chassis.errors import DependencyDown, PublishFailed, Refused, ScoutError
from services.chassis.management_api import ManagementApi
from services.chassis.wire import Delivery
from tests.chassis.bus_world import AioWorld, aio_world, becomes
from tests.engine import Broker
from tests.examples import NOON, analysis_completed, command, event_from

EVENT = event_from("analysis", analysis_completed())


@pytest.fixture
async def world(broker: Broker) -> AsyncIterator[AioWorld]:
    async with aio_world(broker) as world:
        yield world


async def cut(world: AioWorld, *users: str) -> None:
    """End the connections of these users, as an administrator may."""
    api = ManagementApi(world.vhost.broker.management_url)
    for user in users:
        await asyncio.to_thread(api.delete, "connections", "username", user)
    api.close()


async def told(bus: AioBus, id_: str) -> None:
    """Publish an event, until the broker has it."""
    async with asyncio.timeout(15):
        while True:
            try:
                return await bus.publish(replace(EVENT, id=id_))
            except PublishFailed:
                await asyncio.sleep(0.05)


async def test_a_lost_connection_is_made_again(world: AioWorld):
    """Consumer, listener and publisher go on by themselves, and what was in hand is delivered again."""
    scoring, analysis, gateway = [await world.bus(user) for user in ("scoring", "analysis", "gateway")]
    async with (
        asyncio.timeout(30),
        scoring.consume("scoring", 5) as deliveries,
        gateway.listen("gateway", "analysis.#") as heard,
    ):
        await analysis.publish(replace(EVENT, id="1"))
        before = await anext(deliveries)
        assert "1" == (await anext(heard)).id
        following, hearing = asyncio.ensure_future(anext(deliveries)), asyncio.ensure_future(anext(heard))

        await cut(world, "scoring", "analysis", "gateway")
        again = await following
        await scoring.ack(before)  # its channel is gone: nothing happens, and nothing of another channel is answered
        count = 0
        while not hearing.done():  # a listener hears from when it is back
            await told(analysis, "2")
            count += 1
            await asyncio.wait([hearing], timeout=0.1)

        assert ("1", True) == (again.message.id, again.redelivered)
        assert "2" == (await anext(deliveries)).message.id
        assert "2" == (await hearing).id
        await scoring.ack(again)
    await becomes(world, "scoring", count)


async def test_every_message_is_taken_though_connections_end(world: AioWorld):
    """A consumer that loses its connection over and over has answered every message once in the end."""
    scoring, analysis = await world.bus("scoring"), await world.bus("analysis")
    ids, taken = [str(n) for n in range(200)], set()

    async def publish() -> None:
        for id_ in ids:
            await told(analysis, id_)

    async def consume() -> None:
        async with scoring.consume("scoring", 7) as deliveries:
            async for delivery in deliveries:
                taken.add(delivery.message.id)
                await asyncio.sleep(0.002)
                await scoring.ack(delivery)

    consuming, publishing = asyncio.create_task(consume()), asyncio.create_task(publish())
    async with asyncio.timeout(60):
        for _ in range(3):
            await asyncio.sleep(0.3)
            await cut(world, "scoring", "analysis")
        await publishing
        while taken != set(ids):  # noqa: ASYNC110 - a set sets no event
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)
    consuming.cancel()
    await asyncio.gather(consuming, return_exceptions=True)

    await becomes(world, "scoring", 0)


async def test_many_at_once_share_one_channel(world: AioWorld):
    """Messages that are published at once are all confirmed, over one channel for those and one for the rest."""
    bus = await world.bus("analysis")

    await asyncio.gather(*(bus.publish(replace(EVENT, id=str(n)), confirm=n % 2 > 0) for n in range(200)))

    await becomes(world, "scoring", 200)
    assert 2 == len(bus._publishers)


async def test_who_stopped_waiting_may_wait_again(world: AioWorld):
    """A wait for the next delivery that was given up ends neither the consumer nor takes a message with it."""
    bus = await world.bus("scoring")
    async with asyncio.timeout(10), bus.consume("scoring", 2) as deliveries:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(deliveries), 0.05)
        await (await world.bus("analysis")).publish(EVENT)

        assert EVENT.id == (await anext(deliveries)).message.id


async def test_a_queue_that_comes_back_is_consumed_again(world: AioWorld):
    """A consumer that the broker ends, because its queue was deleted, waits for the queue and goes on."""
    bus, api = await world.bus("analysis"), ManagementApi(world.vhost.broker.management_url)
    async with asyncio.timeout(20), bus.consume("analysis", 2) as deliveries:
        following = asyncio.ensure_future(anext(deliveries))
        name, gateway = world.vhost.name, await world.bus("gateway")
        await asyncio.to_thread(api.delete, "queues", name, "analysis")
        await asyncio.to_thread(api.put, "queues", name, "analysis", durable=True, arguments={"x-queue-type": "quorum"})
        key = "scout.tasks.analyze_niche"
        binding = ("bindings", name, "e", "scout.tasks", "q", "analysis")
        await asyncio.to_thread(lambda: api.post(*binding, routing_key=key))
        await gateway.publish(command("analyze_niche"))

        assert key == (await following).message.key
    api.close()


async def test_a_queue_of_others_is_not_given(world: AioWorld):
    """Who may not read a queue, or asks for one that is not there, hears it at once and what makes it."""
    bus = await world.bus("trend")
    for queue in ("journal", "trend.nothing"):
        with pytest.raises(DependencyDown, match=rf"does not give {queue} to user trend: .*topology"):
            async with bus.consume(queue, 1):
                pass
    with pytest.raises(DependencyDown, match=r"live\.trend"):
        async with bus.listen("trend", "#"):
            pass
    async with bus.consume("trend", 1):
        await bus.publish(replace(EVENT, key="trend.updated", user="trend"))


STRANGE = {
    "a time that no calendar has": {"timestamp": 2**62},
    "an id that is no text": {"message_id": "\udcff"},
    "a header name that is no text": {"application_headers": {"\udcff": 1}},
    "tables without end": {
        "application_headers": {"eta": {"a": {"b": [1, {"c": "d" * 500}]}}, "time": NOON, "no": None}
    },
    "names that no store takes": {"application_headers": {"a.b": 1, "$c": 2, "": 3, "x-delivery-count": "many"}},
}


@pytest.mark.parametrize("strange", STRANGE)
async def test_a_strange_message_stops_nobody(world: AioWorld, strange: str):
    """What a stranger writes is delivered with what can be read of it, and the next message after it."""
    delivery = await _sent(world, STRANGE[strange])
    message = delivery.message

    assert EVENT.body == message.body
    assert 0 == delivery.count
    assert all(isinstance(value, str | int | float) for value in message.headers.values())
    assert all(len(str(value)) <= 200 for value in message.headers.values())
    assert not [name for name in message.headers if name in {"a.b", "$c", ""}]
    assert "no" not in message.headers or not message.headers["no"]
    with pytest.raises(Refused):
        parse(delivery, "scoring")


async def _sent(world: AioWorld, properties: dict[str, Any]) -> Delivery:
    """The delivery of a message with these properties, which the next one follows."""

    def send() -> None:
        port = world.vhost.broker.port
        who = {"userid": "analysis", "password": "test", "virtual_host": world.vhost.name}
        with amqp.Connection(f"127.0.0.1:{port}", **who) as connection:
            message = amqp.Message(EVENT.body, content_type="application/json", user_id="analysis", **properties)
            connection.channel().basic_publish_confirm(message, EVENT.exchange, EVENT.key)

    await asyncio.to_thread(send)
    await (await world.bus("analysis")).publish(EVENT)
    bus = await world.bus("scoring")
    async with asyncio.timeout(10), bus.consume("scoring", 2) as deliveries:
        first, second = await anext(deliveries), await anext(deliveries)
        await bus.ack(first)
        await bus.ack(second)
    assert EVENT == second.message
    return first


def test_an_address_of_something_else_is_refused():
    """What is no address of RabbitMQ is said before anything is tried."""
    with pytest.raises(ScoutError, match="SCOUT_BROKER_URL is no address"):
        AioBus("http://someone:secret@127.0.0.1/scout")
