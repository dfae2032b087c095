"""A message as the broker sees it: bytes, headers and properties; the same on RabbitMQ and on the local bus."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contracts.catalog import EVENTS, key_of
from contracts.message import Envelope, Event
from contracts.routes import ROUTES

Header = str | int | float

EVENTS_EXCHANGE = "scout.events"
TASKS_EXCHANGE = "scout.tasks"
_ATTRIBUTES = {
    "cloudEvents_id": "id",
    "cloudEvents_type": "type",
    "cloudEvents_source": "source",
    "cloudEvents_subject": "subject",
    "cloudEvents_time": "time",
    "cloudEvents_correlationid": "correlation_id",
    "cloudEvents_causationid": "causation_id",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What is published. `user` is checked by the broker, `timestamp` (s since 1970) is a tick's slot."""

    exchange: str
    key: str
    body: bytes
    id: str
    headers: Mapping[str, Header] = field(default_factory=dict)
    user: str = ""
    priority: int = 0
    timestamp: float | None = None
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a consumer gets. `count` is the broker's count of earlier deliveries, believed only if `redelivered`."""

    message: Message
    queue: str
    tag: int
    redelivered: bool = False
    count: int = 0


def event_message(event: Event, envelope: Envelope, host: str) -> Message:
    """An event in CloudEvents binary mode: the attributes in the headers, the data in the body."""
    return envelope_message(envelope, event.to_json(), host)


def envelope_message(envelope: Envelope, body: bytes, host: str) -> Message:
    """The same for a body that is written already: its bytes go out unchanged."""
    headers: dict[str, Header] = {
        "cloudEvents_specversion": "1.0",
        "cloudEvents_id": envelope.id,
        "cloudEvents_type": envelope.type,
        "cloudEvents_source": envelope.source,
        "cloudEvents_time": envelope.time.isoformat(),
        "cloudEvents_correlationid": envelope.correlation_id,
        "cloudEvents_dataschema": f"scout:schemas/{envelope.type}.json",
        "cloudEvents_host": host,
    }
    if envelope.subject:
        headers["cloudEvents_subject"] = envelope.subject
    if envelope.causation_id:
        headers["cloudEvents_causationid"] = envelope.causation_id
    return Message(EVENTS_EXCHANGE, envelope.type, body, envelope.id, headers, user=envelope.source)


def command_message(
    name: str,
    kwargs: Mapping[str, Any],
    task_id: str,
    user: str,
    *,
    args: Sequence[Any] = (),
    timestamp: float | None = None,
) -> Message:
    """A command as Celery's protocol 2 has it, so that any Celery caller's is the same."""
    body = json.dumps([list(args), dict(kwargs), {}], ensure_ascii=False, separators=(",", ":")).encode()
    headers: dict[str, Header] = {"task": name, "id": task_id, "root_id": task_id, "lang": "py"}
    priority = ROUTES.get(name, {}).get("priority", 0)
    assert isinstance(priority, int)
    return Message(TASKS_EXCHANGE, name, body, task_id, headers, user, priority, timestamp)


def read_envelope(headers: Mapping[str, Header]) -> Envelope:
    """The envelope of an event's headers; raises `pydantic.ValidationError`, which names the attribute."""
    named = {name: headers[header] for header, name in _ATTRIBUTES.items() if header in headers}
    return Envelope.model_validate_json(json.dumps(named))


def envelope_for(
    event: Event, event_id: str, service: str, time: datetime, run_id: str, cause_id: str | None, subject: str
) -> Envelope:
    """The envelope of a new event."""
    return Envelope(
        id=event_id,
        type=key_of(type(event)),
        source=service,
        subject=subject,
        time=time,
        correlation_id=run_id,
        causation_id=cause_id,
    )


def parse_event(key: str, body: bytes) -> Event:
    """The event in a body; raises `LookupError` for an unknown key and `pydantic.ValidationError` for a bad body."""
    return EVENTS[key].model.from_json(body)
