"""The topology on a real broker: applied, changed behind its back, found, put right."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import amqp
import pytest

from services.chassis.drift import Drift
from services.chassis.management import Management
from services.chassis.management_api import ManagementRefused
from services.chassis.topology import Topology, User, topology
from tests.engine import Broker, Vhost

WAIT_MS = 500
PLAN = topology(WAIT_MS)
PASSWORDS = dict.fromkeys(PLAN.users, "test")
EXTRA = ("scout.events", "trend", "old.key")


@pytest.fixture
def vhost(broker: Broker) -> Iterator[Vhost]:
    """A virtual host as planned."""
    with broker.vhost(wait_ms=WAIT_MS) as made:
        yield made


@pytest.fixture
def management(vhost: Vhost) -> Iterator[Management]:
    """Its administrator."""
    with Management(vhost.broker.management_url, vhost.name) as made:
        yield made


def bind(management: Management, exchange: str, queue: str, key: str) -> None:
    """Add a binding behind the plan's back."""
    management._api.post("bindings", management.vhost, "e", exchange, "q", queue, routing_key=key)


def unbind(management: Management, exchange: str, queue: str, key: str) -> None:
    """Take one away."""
    management._api.delete("bindings", management.vhost, "e", exchange, "q", queue, key)


def queue(management: Management, name: str) -> None:
    """Declare a durable queue that the plan does not know."""
    management._api.put("queues", management.vhost, name, durable=True, arguments={})


def drift_of(management: Management, enough: Callable[[list[Drift]], object] = bool) -> list[Drift]:
    """The drift once it shows; RabbitMQ counts a queue's messages with a delay of seconds."""
    give_up = time.monotonic() + 15
    while not enough(found := management.drift(PLAN)) and time.monotonic() < give_up:
        time.sleep(0.2)
    return found


def test_applied_twice_is_the_same(management: Management):
    """A second run finds nothing to do, and what is there is the plan."""
    before = management.state()

    assert management.apply(PLAN, PASSWORDS) == []
    assert management.state() == before
    assert management.drift(PLAN) == []


def test_the_first_run_says_what_it_did(broker: Broker):
    """Every thing of the plan is named once."""
    with Management(broker.management_url, "test-h1-first") as management:
        management.delete()
        management.create()
        try:
            done = management.apply(PLAN, PASSWORDS)
        finally:
            management.delete()

    made = [line for line in done if line.startswith("created") and " user " not in line]
    assert len(made) == len(PLAN.exchanges) + len(PLAN.queues) + len(PLAN.bindings)
    assert {f"set rights of user {name}" for name in PLAN.users} <= set(done)
    assert len(set(done)) == len(done)


def test_a_removed_queue_is_found_and_comes_back(management: Management):
    """Its bindings went with it, and both are made again."""
    management._api.delete("queues", management.vhost, "scoring.wait")

    found = management.drift(PLAN)
    done = management.apply(PLAN, PASSWORDS)

    assert found == [Drift("missing_queue", "scoring.wait"),
                     Drift("missing_binding", "scoring.own -> scoring.wait (wait)")]  # fmt: skip
    assert done == ["created queue scoring.wait", "created binding scoring.own -> scoring.wait (wait)"]
    assert management.drift(PLAN) == []


def test_a_changed_binding_is_one_missing_and_one_stale(management: Management):
    """Applying adds the right one; the wrong one stays until it is pruned."""
    unbind(management, "scout.events", "scoring", "analysis.completed")
    bind(management, "scout.events", "scoring", "analysis.done")

    found = management.drift(PLAN)
    management.apply(PLAN, PASSWORDS)

    stale = Drift("stale_binding", "scout.events -> scoring (analysis.done)")
    assert found == [Drift("missing_binding", "scout.events -> scoring (analysis.completed)"), stale]
    assert management.drift(PLAN) == [stale]


def test_prune_removes_just_the_stale_bindings(management: Management):
    """Even one with an empty key or odd letters; the plan's and those of other queues stay."""
    before = management.state().bindings
    queue(management, "mine")
    bind(management, "scout.events", "mine", "#")
    stale = [EXTRA, ("scout.events", "journal", "#"), ("scout.tasks", "trend", ""), ("amq.topic", "trend", "a/b c.*")]
    for one in stale:
        bind(management, *one)

    removed = management.prune(PLAN)

    assert sorted(removed) == sorted(f"removed binding {e} -> {q} ({k})" for e, q, k in stale)
    assert {one.queue for one in management.state().bindings - before} == {"mine"}
    assert before <= management.state().bindings
    assert management.prune(PLAN) == []


def test_a_durable_live_queue_is_found(management: Management):
    """The gateway's user could declare one; it would fill for ever."""
    queue(management, "live.gateway.left")

    assert management.drift(PLAN) == [Drift("kept_live_queue", "live.gateway.left", "0")]


def test_a_listeners_queue_is_none(management: Management, vhost: Vhost):
    """A queue that ends with its connection is how it should be."""
    where = f"{vhost.broker.host}:{vhost.broker.port}"
    with amqp.Connection(where, "gateway", "test", virtual_host=vhost.name) as connection:
        connection.channel().queue_declare("live.gateway.here", exclusive=True)

        assert management.drift(PLAN) == []
        assert "live.gateway.here" in management.state().queues


def test_messages_in_a_queue_of_old_are_found(management: Management):
    """Who still sends to `celery` waits for ever, so it is said."""
    queue(management, "celery")
    management._api.post(
        "exchanges", management.vhost, "amq.default", "publish",
        routing_key="celery", payload="x", payload_encoding="string", properties={},
    )  # fmt: skip

    old = Drift("old_queue", "celery", "1")
    assert drift_of(management, lambda found: old in found) == [old]


def test_changed_rights_and_lengths_are_found_and_put_right(management: Management):
    """A user that was let at everything is held to its own again."""
    management._api.put("permissions", management.vhost, "trend", configure=".*", read=".*", write=".*")
    management._api.delete("topic-permissions", management.vhost, "scoring")
    management._api.delete("policies", management.vhost, "length")

    assert management.drift(PLAN) == [
        Drift("other_policy", "length"),
        Drift("other_rights", "trend"),
        Drift("other_rights", "scoring"),
    ]
    assert management.apply(PLAN, PASSWORDS) == [
        "set rights of user trend",
        "set rights of user scoring",
        "set policy length",
    ]
    assert management.drift(PLAN) == []


def test_the_gateway_may_look_and_change_nothing(vhost: Vhost):
    """Its tag lets it read queues and bindings; rights and policies are the administrator's."""
    url = vhost.broker.management_url.replace(f"{vhost.broker.user}:{vhost.broker.password}@", "gateway:test@")
    with Management(url, vhost.name) as gateway:
        assert gateway.state().rights is None
        assert gateway.drift(PLAN) == []
        with pytest.raises(ManagementRefused, match="tag administrator"):
            gateway.apply(PLAN, PASSWORDS)
        with pytest.raises(ManagementRefused, match="not let user gateway"):
            gateway.delete()


def test_a_queue_with_other_arguments_stops_all_before_anything_changes(management: Management):
    """RabbitMQ cannot change them; the error names the queue, both values and the way out."""
    management._api.delete("queues", management.vhost, "export")

    with pytest.raises(ManagementRefused, match=r"trend\.wait \(x-message-ttl 500 ≠ 900\).*delete it"):
        management.apply(topology(900), PASSWORDS)

    assert "export" not in management.state().queues


def test_a_new_password_is_set_and_the_same_one_is_not_written_again(management: Management):
    """A password is compared by its salted hash."""
    plan = Topology({}, {}, (), {"test-h1-user": User("^$", "^$", "^$", "^$")})
    try:
        done = [[line for line in management.apply(plan, {"test-h1-user": word}) if "user" in line]
                for word in ("one", "one", "two")]  # fmt: skip
    finally:
        management._api.delete("users", "test-h1-user")

    assert done == [["created user test-h1-user", "set rights of user test-h1-user"], [], ["changed user test-h1-user"]]


def test_guest_is_deleted(management: Management):
    """A user whose password everybody knows does not stay."""
    management._api.put("users", "guest", password="guest", tags="")  # noqa: S106 - its well-known one is the point
    management._api.put("permissions", management.vhost, "guest", configure="^$", read="^$", write="^$")

    assert Drift("guest", "guest") in management.drift(PLAN)
    assert management.apply(PLAN, PASSWORDS) == ["deleted user guest"]
    assert management.drift(PLAN) == []


def test_a_plan_of_longer_reach_is_applied_over_a_shorter_one(management: Management):
    """What a new version adds is added, and nothing else is touched."""
    plan = replace(PLAN, exchanges={**PLAN.exchanges, "more.own": "direct"})

    assert management.apply(plan, PASSWORDS) == ["created exchange more.own"]
