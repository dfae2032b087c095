"""The AsyncAPI document: whole, true to the topology, and every reference in it leads somewhere."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from contracts.asyncapi import document, is_live, queues, senders
from contracts.catalog import EVENTS
from contracts.commands import COMMANDS
from contracts.publish import SCHEMAS
from services.chassis.topology import WORKERS, topology
from tests.examples import analysis_completed, command, event_from

DOCUMENT = document()
PLAN = topology()


def references(value: Any) -> Iterator[str]:
    """Every reference anywhere in it."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def at(reference: str) -> Any:
    """What a reference into the document leads to."""
    found: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def operations(action: str) -> dict[str, dict[str, Any]]:
    """The operations that send, or that receive."""
    return {name: one for name, one in DOCUMENT["operations"].items() if one["action"] == action}


def test_it_is_asyncapi_3_1_in_its_own_words() -> None:
    """Version, information and the six parts, and nothing that the specification does not know."""
    known = {"asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components"}

    assert DOCUMENT["asyncapi"] == "3.1.0"
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    assert DOCUMENT.keys() == known


def test_every_reference_leads_somewhere() -> None:
    """Into the document, or to a schema file that lies beside it."""
    for reference in references(DOCUMENT):
        if reference.startswith("#/"):
            assert at(reference), reference
        else:
            assert (SCHEMAS / reference).exists(), reference


def test_every_event_and_command_is_a_message_with_its_schema() -> None:
    """The payload of an event is its schema; a command's is Celery's body, with the schema of its arguments in it."""
    messages = DOCUMENT["components"]["messages"]

    assert messages.keys() == EVENTS.keys() | COMMANDS.keys()
    for key in EVENTS:
        assert messages[key]["payload"] == {"$ref": f"{key}.json"}
    for name in COMMANDS:
        assert messages[name]["payload"]["items"][1] == {"$ref": f"{name}.json"}
    assert all(message["summary"].endswith(".") for message in messages.values())


def test_headers_are_those_that_messages_have() -> None:
    """CloudEvents in binary mode, and Celery's: what we send has all that is required and nothing that is not named."""
    told = event_from("analysis", analysis_completed()).headers
    asked = command("analyze_niche", niche_id="n").headers

    for key, headers in (("analysis.completed", told), ("scout.tasks.analyze_niche", asked)):
        schema = at(DOCUMENT["components"]["messages"][key]["headers"]["$ref"])
        assert set(schema["required"]) <= headers.keys() <= schema["properties"].keys()


def test_a_channel_is_a_routing_key_or_a_queue() -> None:
    """Keys of the two exchanges as the topology has them, and the queue of every service that receives."""
    bound = {name: channel["bindings"]["amqp"] for name, channel in DOCUMENT["channels"].items()}
    exchanges = {b["exchange"]["name"]: b["exchange"]["type"] for b in bound.values() if b["is"] == "routingKey"}
    named = {b["queue"]["name"] for b in bound.values() if b["is"] == "queue" and "name" in b["queue"]}

    assert exchanges.items() <= PLAN.exchanges.items()
    assert named == {*WORKERS, "journal"}
    assert {service for service in queues() if is_live(service)} == {"gateway", "heartbeat"}


def test_an_operation_uses_messages_of_its_channel() -> None:
    """The specification asks for it, and generators rely on it."""
    for name, one in DOCUMENT["operations"].items():
        assert at(one["channel"]["$ref"]), name
        for message in one["messages"]:
            assert message["$ref"].startswith(one["channel"]["$ref"] + "/messages/"), name


def test_who_sends_is_who_may() -> None:
    """Every send is allowed by the topology, and every event that a user may tell is a send of his."""
    sends = {(one["bindings"]["amqp"]["userId"], key_of(one)) for one in operations("send").values()}

    for user, key in sends:
        exchange = "scout.events" if key in EVENTS else "scout.tasks"
        assert PLAN.users[user].may_publish(exchange, key), (user, key)
    users = PLAN.users.items()
    allowed = {(name, key) for name, user in users for key in EVENTS if user.may_publish("scout.events", key)}
    assert allowed == {(user, key) for user, key in sends if key in EVENTS}


def test_who_receives_is_who_is_bound() -> None:
    """Every binding of the two exchanges is a receive of the queue's service, and no other is."""
    receives = {(name.partition(".")[0], key_of(one)) for name, one in operations("receive").items()}
    bindings = {(b.queue, b.key) for b in PLAN.bindings if b.exchange in {"scout.events", "scout.tasks"}}

    assert {(service, key) for service, key in receives if not is_live(service)} == bindings


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_sent_by_any_caller(name: str) -> None:
    """And by the clock and the journal, where they do."""
    assert set(senders(name)) <= PLAN.users.keys()
    assert "caller" in senders(name)


def test_the_document_is_the_same_each_time() -> None:
    """It follows from the catalog and the commands alone, and can be served with the schemas elsewhere."""
    assert json.dumps(document()) == json.dumps(DOCUMENT)
    assert {one.partition("/")[0] for one in references(document("schemas/"))} == {"#", "schemas"}


def key_of(operation: dict[str, Any]) -> str:
    """The message that an operation is about."""
    (message,) = operation["messages"]
    key: str = message["$ref"].rpartition("/")[2]
    return key
