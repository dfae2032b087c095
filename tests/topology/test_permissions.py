"""What each user may do on a real broker, and what it is refused."""

from collections.abc import Callable, Iterator

import amqp
import pytest

from contracts.catalog import EVENTS
from services.chassis.topology import WORKERS, topology
from tests.engine import Broker, Vhost

PLAN = topology()
USERS = sorted(PLAN.users)
LISTENERS = {"gateway", "heartbeat"}
DEAD = {f"{name}.dead" for name in WORKERS}
READS = {**{name: {name} for name in WORKERS}, "journal": {"journal", *DEAD}}
SENDS_COMMANDS = {"journal", "gateway", "beat", "caller"}
WRITES_RETURNS = {**{name: {f"{name}.own"} for name in WORKERS}, "journal": {f"{name}.own" for name in WORKERS}}

Try = Callable[[Callable[[amqp.Channel], object]], bool]


@pytest.fixture(scope="module")
def vhost(broker: Broker) -> Iterator[Vhost]:
    """One for all: nothing here stays in a queue that another test reads."""
    with broker.vhost() as made:
        yield made


@pytest.fixture(params=USERS)
def user(request: pytest.FixtureRequest) -> str:
    """Who tries."""
    name: str = request.param
    return name


@pytest.fixture
def allowed(vhost: Vhost, user: str) -> Iterator[Try]:
    """Whether the broker lets the user do something; a refusal (403) closes the channel, so each try has its own."""
    where = f"{vhost.broker.host}:{vhost.broker.port}"
    with amqp.Connection(where, user, "test", virtual_host=vhost.name, confirm_publish=True) as connection:

        def attempt(what: Callable[[amqp.Channel], object]) -> bool:
            channel = connection.channel()
            try:
                what(channel)
            except amqp.AccessRefused:
                return False
            channel.close()
            return True

        yield attempt


def publish(exchange: str, key: str, user: str = "") -> Callable[[amqp.Channel], object]:
    """Publish a message and wait for the broker's word."""
    properties = {"user_id": user} if user else {}
    return lambda channel: channel.basic_publish_confirm(amqp.Message("{}", **properties), exchange, key)


def declare(queue: str, **how: bool) -> Callable[[amqp.Channel], object]:
    """Declare a queue."""
    return lambda channel: channel.queue_declare(queue, **how)


def listen(channel: amqp.Channel) -> None:
    """What a live listener does: a queue of its own that hears every event."""
    queue = channel.queue_declare("live.any.x", exclusive=True, auto_delete=True).queue
    channel.queue_bind(queue, "scout.events", "#")
    channel.basic_consume(queue)
    channel.queue_delete(queue)


def test_a_user_tells_just_the_events_of_its_row(allowed: Try, user: str):
    """The catalog's `told`, and for outsiders the keys that are open to them."""
    told = {key for key in [*EVENTS, "made.up"] if allowed(publish("scout.events", key))}

    assert told == {key for key, row in EVENTS.items() if user in row.told or (user == "outside" and row.outside)}


def test_a_user_sends_commands_only_if_that_is_its_part(allowed: Try, user: str):
    """A worker cannot start work of another."""
    assert allowed(publish("scout.tasks", "scout.tasks.export_report")) == (user in SENDS_COMMANDS)


def test_a_user_returns_messages_only_to_its_own_exchange(allowed: Try, user: str):
    """Waiting and dying are a service's own; the journal redrives all of them."""
    written = {name for name in PLAN.exchanges if name.endswith(".own") and allowed(publish(name, "dead"))}

    assert written == WRITES_RETURNS.get(user, set())


def test_nobody_writes_past_the_exchanges(allowed: Try):
    """The default exchange leads into any queue, so it is closed to all, and so are RabbitMQ's own."""
    assert [name for name in ("", "amq.topic", "amq.fanout") if allowed(publish(name, "journal"))] == []


def test_a_user_reads_just_its_queues(allowed: Try, user: str):
    """A service its own, the journal also the dead letters, a caller none; nobody reads what waits."""
    read = {name for name in PLAN.queues if allowed(lambda channel, queue=name: channel.basic_consume(queue))}

    assert read == READS.get(user, set())


def test_only_listeners_declare_and_only_live_queues(allowed: Try, user: str):
    """Everybody else finds what the topology job made."""
    assert allowed(declare("mine")) is False
    assert allowed(declare("trend", passive=False)) is False
    assert allowed(listen) is (user in LISTENERS)


def test_nobody_changes_the_topology(allowed: Try, user: str):
    """No exchange, no binding, no deletion of what the plan made."""
    del user
    assert not allowed(lambda channel: channel.exchange_declare("mine", "topic"))
    assert not allowed(lambda channel: channel.queue_bind("journal", "scout.events", "more"))
    assert not allowed(lambda channel: channel.queue_unbind("journal", "scout.events", "trend.updated"))
    assert not allowed(lambda channel: channel.queue_delete("journal"))
    assert not allowed(lambda channel: channel.exchange_delete("scout.events"))


@pytest.mark.parametrize("user", [name for name in USERS if name != "heartbeat"], indirect=True)
def test_nobody_signs_as_somebody_else(allowed: Try, user: str):
    """The broker checks a `user_id` that is there; only the heartbeat's user publishes nothing at all."""
    told = [
        ("scout.events", key) for key, row in EVENTS.items() if user in row.told or (user == "outside" and row.outside)
    ]
    exchange, key = [*told, ("scout.tasks", "scout.tasks.export_report")][0]
    other = next(name for name in USERS if name != user)

    assert allowed(publish(exchange, key, user))
    with pytest.raises(amqp.PreconditionFailed, match="user_id"):
        allowed(publish(exchange, key, other))
