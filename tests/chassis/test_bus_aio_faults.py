"""A broker that is not there yet, freezes, or is killed and started again."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import pytest

from services.chassis.bus_aio import AioBus
from services.chassis.errors import DependencyDown, PublishFailed
from services.chassis.management import Management
from services.chassis.topology import topology
from tests.chassis.proxy import Proxy
from tests.compose.project import Project
from tests.examples import analysis_completed, event_from

EVENT = event_from("analysis", analysis_completed())


@pytest.fixture(scope="module")
def own(engine: Callable[[str], Project]) -> Iterator[Project]:
    """A RabbitMQ of these tests alone, which they may freeze and kill, with the topology on it."""
    project = engine("bus")
    try:
        project.up("rabbitmq")
        plan, password = topology(), project.value("SCOUT_PASSWORD_ADMIN")
        url = f"http://admin:{password}@127.0.0.1:{project.port('rabbitmq', 15672)}"
        with Management(url, "scout") as management:
            management.create()
            management.apply(plan, dict.fromkeys(plan.users, "test"))
        yield project
    finally:
        project.down()


@pytest.fixture
async def door(own: Project) -> AsyncIterator[Proxy]:
    """Where the broker is always found: the machine gives it another port with every start."""
    async with Proxy(lambda: int(own.compose("port rabbitmq 5672").rpartition(":")[2])) as door:
        yield door


def bus_of(user: str, door: Proxy, *, patience: float = 30) -> AioBus:
    return AioBus(f"amqp://{user}:test@127.0.0.1:{door.port}/scout", name=user, patience=patience)


async def told(bus: AioBus, id_: str) -> None:
    """Publish an event, until the broker has it."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await bus.publish(replace(EVENT, id=id_))
            except PublishFailed:
                await asyncio.sleep(0.1)


async def test_a_frozen_broker_ends_in_a_failure(own: Project, door: Proxy):
    """A publish that gets no answer fails after 5 s; thawed, the broker takes the next one at once."""
    async with bus_of("analysis", door) as bus, bus_of("scoring", door) as other:
        await told(bus, "1")
        await bus.publish(EVENT, confirm=False)
        await asyncio.to_thread(own.compose, "pause rabbitmq")
        try:
            since = time.monotonic()
            with pytest.raises(PublishFailed, match=r"did not answer to analysis\.completed"):
                await bus.publish(replace(EVENT, id="2"))
            assert 4 < time.monotonic() - since < 7
            await bus.publish(replace(EVENT, id="3"), confirm=False)  # nobody waits for those
            with pytest.raises(DependencyDown, match="does not give scoring"):
                async with other.consume("scoring", 1):
                    pass
            publishing = asyncio.create_task(bus.publish(EVENT))
            await asyncio.sleep(0.1)
            publishing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await publishing  # our own cancellation stays one
        finally:
            await asyncio.to_thread(own.compose, "unpause rabbitmq")
        await told(bus, "4")
        ids = set[str]()
        async with asyncio.timeout(30), other.consume("scoring", 10) as deliveries:
            while "4" not in ids:
                delivery = await anext(deliveries)
                ids.add(delivery.message.id)
                await other.ack(delivery)
    assert {"1", "4"} <= ids


async def test_leaving_does_not_wait_for_a_frozen_broker(own: Project, door: Proxy):
    """A service stops in its grace, whatever the broker does."""
    async with bus_of("analysis", door) as bus, bus.consume("analysis", 1):
        await asyncio.to_thread(own.compose, "pause rabbitmq")
        since = time.monotonic()
    waited = time.monotonic() - since
    await asyncio.to_thread(own.compose, "unpause rabbitmq")

    assert waited < 15


async def test_a_broker_that_was_killed_has_what_it_confirmed(own: Project, door: Proxy):
    """Killed and started again, the broker is found again by who publishes, who consumes and who listens."""
    async with (
        bus_of("analysis", door) as bus,
        bus_of("scoring", door) as other,
        bus_of("gateway", door) as third,
        asyncio.timeout(120),
        other.consume("scoring", 1) as deliveries,
        third.listen("gateway", "#") as heard,
    ):
        await bus.publish(replace(EVENT, id="a"))
        first = await anext(deliveries)
        await bus.publish(replace(EVENT, id="b"))
        await asyncio.to_thread(own.compose, "kill rabbitmq")
        with pytest.raises(PublishFailed):
            await bus.publish(replace(EVENT, id="c"))
        assert not bus.connected

        await asyncio.to_thread(own.up, "rabbitmq")
        taken = []
        while not {"a", "b"} <= set(taken):
            delivery = await anext(deliveries)
            taken.append(delivery.message.id)
            await other.ack(first)
            await other.ack(delivery)
        hearing = asyncio.ensure_future(anext(heard))
        while not hearing.done():
            await told(bus, "d")
            await asyncio.wait([hearing], timeout=0.2)
        assert bus.connected

    assert 1 == taken.count("b")


async def test_a_house_may_start_before_its_broker(door: Proxy):
    """The first connection is tried until the broker is there, and then everything goes its way."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        target, door._target = door._target, lambda: nobody.getsockname()[1]
        bus = bus_of("analysis", door)
        entering = asyncio.create_task(bus.__aenter__())
        await asyncio.wait([entering], timeout=1.5)
        assert not entering.done()

    door._target = target
    async with asyncio.timeout(30):
        await entering
    await bus.publish(EVENT)
    await bus.__aexit__(None, None, None)


async def test_who_is_not_let_in_hears_why():
    """A broker that nobody runs is waited for, then said with its address and what to do, never the password."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        bus = AioBus(f"amqp://trend:secret@127.0.0.1:{nobody.getsockname()[1]}/scout", patience=1)

        with pytest.raises(
            DependencyDown, match=r"RabbitMQ at 127\.0\.0\.1:\d+/scout .* user trend .* topology"
        ) as down:
            await bus.__aenter__()

    assert "secret" not in str(down.value)


@pytest.mark.parametrize(("user", "vhost"), [("trend:wrong", "scout"), ("nobody:test", "scout"), ("trend:test", "no")])
async def test_a_wrong_password_is_said_as_such(door: Proxy, user: str, vhost: str):
    """A user or virtual host that the broker does not know is waited for too: the topology may come later."""
    bus = AioBus(f"amqp://{user}@127.0.0.1:{door.port}/{vhost}", patience=1)

    with pytest.raises(DependencyDown, match=r"does not let user .*(ACCESS_REFUSED|no such virtual host)"):
        await bus.__aenter__()
