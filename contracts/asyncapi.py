"""The AsyncAPI 3.1 document of the whole house: every message, who sends it, and who receives it from which queue."""

from collections.abc import Iterable, Iterator, Mapping
from inspect import getdoc
from typing import Any

from contracts.catalog import EVENTS, Row
from contracts.commands import COMMANDS, Command
from contracts.schedule import SCHEDULE

AMQP = "0.3.0"
"""Version of the AMQP bindings."""

_INFO = {
    "title": "Scout",
    "version": "1.0.0",
    "description": (
        "Finds product niches worth entering on a marketplace. Events are CloudEvents 1.0 in AMQP binary mode on the "
        "topic exchange `scout.events`, their key is their type. Commands are Celery tasks on the direct exchange "
        "`scout.tasks`, their key is their name. Whoever sends names its user in the property `user_id`."
    ),
}
_SERVER = {
    "host": "{host}:5672",
    "protocol": "amqp",
    "protocolVersion": "0.9.1",
    "description": "RabbitMQ; each service has a user of its own, others send as `outside` or `caller`.",
    "variables": {"host": {"default": "rabbitmq"}},
    "security": [{"$ref": "#/components/securitySchemes/user"}],
}
_TEXT = {"type": "string"}
_ID = {"type": "string", "minLength": 1}
_CLOUD_EVENT = {
    "type": "object",
    "description": "CloudEvents 1.0, AMQP binary mode. What comes from `outside` gets its id and run from the house.",
    "required": [f"cloudEvents_{name}" for name in ("specversion", "id", "type", "source", "time")],
    "properties": {
        "cloudEvents_specversion": {"const": "1.0"},
        "cloudEvents_id": _ID,
        "cloudEvents_type": {**_TEXT, "description": "The routing key."},
        "cloudEvents_source": {**_ID, "description": "The service that tells it; from outside, whoever does."},
        "cloudEvents_subject": {**_TEXT, "description": "What it speaks of; the answer that closes has none."},
        "cloudEvents_time": {**_TEXT, "format": "date-time"},
        "cloudEvents_correlationid": {**_TEXT, "description": "The run."},
        "cloudEvents_causationid": {**_TEXT, "description": "The message that it answers."},
        "cloudEvents_dataschema": {**_TEXT, "format": "uri-reference"},
        "cloudEvents_host": _TEXT,
    },
}
_TASK = {
    "type": "object",
    "description": "Celery, message protocol 2. `eta`, `expires`, `group`, `chord` and `chain` are refused.",
    "required": ["task", "id"],
    "properties": {
        "task": {**_TEXT, "description": "The routing key."},
        "id": {**_TEXT, "format": "uuid", "description": "The run."},
        "root_id": _TEXT,
        "lang": _TEXT,
    },
}


def document(schemas: str = "") -> dict[str, Any]:
    """The document. `schemas` is where the payloads' JSON Schemas lie: beside it (empty) or in a folder."""
    return {
        "asyncapi": "3.1.0",
        "id": "urn:scout:house",
        "info": _INFO,
        "defaultContentType": "application/json",
        "servers": {"rabbitmq": _SERVER},
        "channels": dict(_channels()),
        "operations": dict(_operations()),
        "components": {
            "messages": {
                **{key: _event(key, row, schemas) for key, row in EVENTS.items()},
                **{name: _command(name, row, schemas) for name, row in COMMANDS.items()},
            },
            "schemas": {"cloudEvent": _CLOUD_EVENT, "task": _TASK},
            "securitySchemes": {"user": {"type": "userPassword", "description": "A user of RabbitMQ."}},
        },
    }


def receivers(key: str) -> tuple[str, ...]:
    """The services that receive an event of this key, the journal included."""
    row = EVENTS[key]
    return (*row.heard_by, *(("journal",) if row.journaled else ()))


def senders(name: str) -> tuple[str, ...]:
    """Who sends a command: any caller (the gateway is one), the clock, and the journal, which sends what is lost."""
    clock = ("beat",) if name in {entry.command for entry in SCHEDULE.values()} else ()
    return ("caller", *clock, *(("journal",) if COMMANDS[name].closes else ()))


def queues() -> dict[str, tuple[str, ...]]:
    """The queue of each service that receives anything: its name to the keys that reach it."""
    found: dict[str, list[str]] = {row.queue: [] for row in COMMANDS.values()}
    for key in EVENTS:
        for service in receivers(key):
            found.setdefault(service, []).append(key)
    for name, row in COMMANDS.items():
        found[row.queue].append(name)
    return {service: tuple(keys) for service, keys in sorted(found.items())}


def is_live(service: str) -> bool:
    """Whether a service listens only while it runs, over a queue of that process alone: it does no work of its own."""
    return service != "journal" and service not in {row.queue for row in COMMANDS.values()}


def _channels() -> Iterator[tuple[str, dict[str, Any]]]:
    for key in (*EVENTS, *COMMANDS):
        name, kind = ("scout.events", "topic") if key in EVENTS else ("scout.tasks", "direct")
        exchange = {"name": name, "type": kind, "durable": True, "autoDelete": False}
        bound = {"is": "routingKey", "exchange": exchange, "bindingVersion": AMQP}
        yield key, {"address": key, "messages": _messages([key]), "bindings": {"amqp": bound}}
    for service, keys in queues().items():
        live = is_live(service)
        address = f"live.{service}.{{boot}}" if live else service
        queue: dict[str, Any] = {"durable": not live, "exclusive": live, "autoDelete": live}
        named = queue if live else {"name": service, **queue}
        bound = {"is": "queue", "queue": named, "bindingVersion": AMQP}
        channel = {"address": address, "messages": _messages(keys), "bindings": {"amqp": bound}}
        if live:
            channel["parameters"] = {"boot": {"description": "One start of the process that listens."}}
        yield f"queue.{service}", channel


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for key, row in EVENTS.items():
        for service in (*row.told_by, *(("outside",) if row.outside else ())):
            told = {"userId": service, "mandatory": row.returned, "deliveryMode": 2}
            yield _operation(service, "send", key, key, told)
    for name, command in COMMANDS.items():
        for user in senders(name):
            sent = {"userId": user, "mandatory": True, "deliveryMode": 2, "priority": command.priority}
            yield _operation(user, "send", name, name, sent)
    for service, keys in queues().items():
        for key in keys:
            yield _operation(service, "receive", f"queue.{service}", key, {"ack": not is_live(service)})


def _operation(service: str, action: str, channel: str, key: str, amqp: Mapping[str, Any]) -> tuple[str, Any]:
    return f"{service}.{action}.{key}", {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{key}"}],
        "summary": f"{service} {'sends' if action == 'send' else 'receives'} {key}",
        "tags": [{"name": service}],
        "bindings": {"amqp": {**amqp, "bindingVersion": AMQP}},
    }


def _messages(keys: Iterable[str]) -> dict[str, Any]:
    return {key: {"$ref": f"#/components/messages/{key}"} for key in keys}


def _event(key: str, row: Row, schemas: str) -> dict[str, Any]:
    return {
        **_described(key, row.model),
        "headers": {"$ref": "#/components/schemas/cloudEvent"},
        "payload": {"$ref": f"{schemas}{key}.json"},
        "correlationId": {"location": "$message.header#/cloudEvents_correlationid"},
    }


def _command(name: str, row: Command, schemas: str) -> dict[str, Any]:
    """A command's body is Celery's: its arguments by place, by name, and options, of which none may be set."""
    arguments = {"$ref": f"{schemas}{name}.json"}
    body = [{"type": "array"}, arguments, {"type": "object"}]
    return {
        **_described(name, row.arguments),
        "headers": {"$ref": "#/components/schemas/task"},
        "payload": {"type": "array", "minItems": 3, "maxItems": 3, "items": body},
        "correlationId": {"location": "$message.header#/id"},
    }


def _described(key: str, model: type) -> dict[str, Any]:
    text = (getdoc(model) or "").replace("\n", " ").replace("  ", " ").strip()
    return {
        "name": key,
        "title": model.__name__,
        "summary": text.partition(". ")[0].rstrip(".") + ".",
        "contentType": "application/json",
    }
