import pytest

from contracts.catalog import EVENTS
from contracts.commands import COMMANDS
from contracts.routes import ROUTES
from services.chassis.topology import WORKERS, topology

PLAN = topology()


def test_every_command_is_routed_to_its_queue_and_nowhere_else():
    """A command has one binding, and the routes for Celery callers name it."""
    for name, command in COMMANDS.items():
        assert [command.queue] == [b.queue for b in PLAN.bindings if b.key == name]
        assert ("scout.tasks", name) == (ROUTES[name]["exchange"], ROUTES[name]["routing_key"])
    assert ROUTES.keys() == COMMANDS.keys()


def test_the_journal_hears_every_event_that_it_writes():
    """Each stored event is bound to the journal's queue."""
    heard = {b.key for b in PLAN.bindings if b.queue == "journal"}

    assert {key for key, row in EVENTS.items() if row.stored} <= heard
    assert not {"run.finished", "run.failed", "status.reported"} & heard


@pytest.mark.parametrize("service", WORKERS)
def test_a_service_may_write_only_its_own(service: str):
    """A worker publishes its own events and to its own exchange, and nothing else."""
    user = PLAN.users[service]

    for key, row in EVENTS.items():
        assert (service in row.told) == user.may_publish("scout.events", key)
    for other in WORKERS:
        assert (other == service) == user.may_publish(f"{other}.own", "wait")
    assert not user.may_publish("scout.tasks", "scout.tasks.analyze_niche")
    assert not user.may_publish("", service)


def test_an_outsider_may_write_only_what_is_marked():
    """The user `outside` publishes the catalog's outside events and no command."""
    outside = PLAN.users["outside"]

    assert {"analysis.completed"} == {key for key in EVENTS if outside.may_publish("scout.events", key)}
    assert not outside.may_publish("scout.tasks", "scout.tasks.analyze_niche")


def test_nobody_but_the_journal_may_return_a_dead_letter():
    """Only a service itself and the journal write to the service's own exchange."""
    may = {name for name, user in PLAN.users.items() if user.may_publish("scoring.own", "back")}

    assert {"scoring", "journal"} == may


def test_queues_lose_nothing_by_count():
    """A journal, a waiting room and the dead letters have no delivery limit; a work queue has a backstop."""
    assert -1 == PLAN.queues["journal"]["x-delivery-limit"]
    assert all(-1 == PLAN.queues[f"{s}.{room}"]["x-delivery-limit"] for s in WORKERS for room in ("wait", "dead"))
    assert all(20 == PLAN.queues[service]["x-delivery-limit"] for service in WORKERS)
