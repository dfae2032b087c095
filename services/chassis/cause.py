"""A cause: a delivery that was checked. What its sender wrote is believed only where this file says so."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from contracts.message import Envelope, outside_id
from services.chassis.errors import Refused
from services.chassis.wire import EVENTS_EXCHANGE, TASKS_EXCHANGE, Delivery, Header, Message, read_envelope

MAX_BODY = 256 * 1024
_LOST = "lost: it ended without an answer (process killed, or over its limit)"
_REFUSED_HEADERS = ("eta", "expires", "group", "retries", "compression", "chord", "chain")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a handler runs: a command (no `envelope`) or an event, with the two counters of its attempts.

    `key` is a command's name or an event's key, `run_id` what all answers carry, `first_seen` (s since 1970) when
    it first arrived, `slot` the moment that a tick of the clock stands for.
    """

    key: str
    id: str
    publisher: str
    body: bytes
    run_id: str
    envelope: Envelope | None
    headers: Mapping[str, Header] = field(default_factory=dict)
    errors: int = 0
    losses: int = 0
    first_seen: float = 0.0
    priority: int = 0
    slot: datetime | None = None
    reason: str | None = None

    @property
    def time(self) -> datetime:
        """When the cause was told; for a command, when it first arrived."""
        return self.envelope.time if self.envelope else datetime.fromtimestamp(self.first_seen, UTC)

    @property
    def attempt(self) -> int:
        """Which attempt this is, counted from 1."""
        return self.errors + self.losses + 1

    def command(self) -> tuple[list[Any], dict[str, Any]]:
        """The arguments of a command: positional and by name."""
        args, kwargs, _ = json.loads(self.body)
        return args, kwargs


def parse(delivery: Delivery, service: str) -> Cause:
    """Check a delivery to `service`; raises `Refused`, which names the field."""
    message = delivery.message
    if len(message.body) > MAX_BODY:
        raise Refused(f"body: {len(message.body)} bytes, at most {MAX_BODY} are taken; put what is large into a file")
    if message.content_type != "application/json":
        raise Refused(f"content type: {message.content_type!r}, only application/json is taken")
    try:
        message.body.decode()
    except UnicodeDecodeError as exc:
        raise Refused(f"body: not UTF-8 (byte {exc.start}: {exc.reason}); send JSON in UTF-8") from exc
    count = delivery.count if delivery.redelivered else 0
    if message.exchange == EVENTS_EXCHANGE:
        cause = _event(message, count)
    elif message.exchange == TASKS_EXCHANGE:
        cause = _command(message, count)
    elif message.exchange == f"{service}.own":
        cause = _returned(message, count)
    else:
        raise Refused(f"exchange: {message.exchange!r} is not one of ours")
    return replace(cause, reason=_LOST) if count else cause


def _command(message: Message, count: int) -> Cause:
    headers = message.headers
    if headers.get("task") != message.key:
        raise Refused(f"header task: {headers.get('task')!r} differs from the routing key {message.key!r}")
    set_ = [name for name in _REFUSED_HEADERS if headers.get(name)]
    if set_:
        raise Refused(f"header {set_[0]}: Scout does not take it; send the command without it")
    try:
        args, kwargs, embed = json.loads(message.body.decode())  # of bytes it would guess, and take UTF-16
    except (ValueError, TypeError, RecursionError) as exc:
        raise Refused(f"body: not the JSON [args, kwargs, options] of a Celery task ({exc})") from exc
    if not isinstance(args, list) or not isinstance(kwargs, dict) or not isinstance(embed or {}, dict):
        raise Refused("body: args must be a list, kwargs and options objects")
    if options := [name for name, value in (embed or {}).items() if value]:
        raise Refused(f"option {options[0]}: Scout does not take it; send the command alone")
    task_id = _uuid("header id", headers.get("id"))
    kept: dict[str, Header] = {"task": message.key, "id": task_id}
    return Cause(
        key=message.key,
        id=task_id,
        publisher=message.user,
        body=message.body,
        run_id=task_id,
        envelope=None,
        headers=kept,
        losses=count,
        first_seen=time.time(),
        priority=message.priority,
        slot=_moment(message.timestamp),
    )


def _event(message: Message, count: int) -> Cause:
    if "task" in message.headers:
        raise Refused(f"header task: commands go to the exchange {TASKS_EXCHANGE}")
    if not message.user:
        raise Refused("property user_id: missing; the broker checks only one that is there")
    headers = message.headers
    if message.user == "outside":  # it gets a run of its own, whatever it says
        headers = {**headers, "cloudEvents_correlationid": ""}
    envelope = _envelope(headers)
    if envelope.type != message.key:
        raise Refused(f"attribute type: {envelope.type!r} differs from the routing key {message.key!r}")
    if message.user == "outside":
        own = outside_id(envelope.source, envelope.id)
        envelope = envelope.model_copy(
            update={"id": own, "correlation_id": own, "causation_id": None, "source": "outside"}
        )
    elif envelope.source != message.user:
        raise Refused(f"attribute source: {envelope.source!r} is not the publisher {message.user!r}")
    kept = {k: v for k, v in message.headers.items() if k.startswith("cloudEvents_")}
    return Cause(
        key=message.key,
        id=envelope.id,
        publisher=message.user,
        body=message.body,
        run_id=envelope.correlation_id,
        envelope=envelope,
        headers=kept,
        losses=count,
        first_seen=time.time(),
        priority=message.priority,
    )


def _returned(message: Message, count: int) -> Cause:
    """What came back through the service's own exchange, which only the service and the journal may write."""
    h = message.headers
    key, publisher = str(h["scout-key"]), str(h["scout-publisher"])
    inner = replace(
        message,
        exchange=TASKS_EXCHANGE if "task" in h else EVENTS_EXCHANGE,
        key=key,
        user=publisher,
        headers={k: v for k, v in h.items() if not k.startswith("scout-")},
    )
    cause = (_command if "task" in h else _event)(inner, 0)
    return replace(
        cause,
        errors=int(h["scout-errors"]),
        losses=int(h["scout-losses"]) + count,
        first_seen=float(h["scout-first-seen"]),
        reason=str(h["scout-reason"]) if "scout-reason" in h else None,
        run_id=str(h.get("scout-run", cause.run_id)),
        id=str(h.get("scout-id", cause.id)),
    )


def carry(cause: Cause, service: str, to: str, reason: str, *, errors: int | None = None) -> Message:
    """The retry (`to` "wait"), the dead letter ("dead") or the return ("back"): the original, its counters, and why."""
    headers: dict[str, Header] = {
        **cause.headers,
        "scout-key": cause.key,
        "scout-id": cause.id,
        "scout-run": cause.run_id,
        "scout-publisher": cause.publisher,
        "scout-errors": cause.errors if errors is None else errors,
        "scout-losses": cause.losses,
        "scout-first-seen": repr(cause.first_seen),
        "scout-reason": reason[:500],
    }
    slot = cause.slot.timestamp() if cause.slot else None
    return Message(f"{service}.own", to, cause.body, cause.id, headers, service, cause.priority, slot)


def refused(delivery: Delivery, service: str, reason: str) -> Message:
    """The dead letter of a delivery that could not be read as a cause."""
    message = delivery.message
    count = delivery.count if delivery.redelivered else 0
    told = message.headers if message.exchange == f"{service}.own" else {}  # a sender's own counters are no counters
    kept = {k: v for k, v in message.headers.items() if isinstance(v, str | int | float) and not k.startswith("scout-")}
    headers: dict[str, Header] = {
        **kept,
        "scout-key": told.get("scout-key", message.key),
        "scout-id": told.get("scout-id", message.id),
        "scout-publisher": told.get("scout-publisher", message.user),
        "scout-errors": told.get("scout-errors", 0),
        "scout-losses": int(told.get("scout-losses", 0)) + count,
        "scout-first-seen": told.get("scout-first-seen", repr(time.time())),
        "scout-reason": f"refused: {reason}"[:500],
        **({"scout-run": told["scout-run"]} if "scout-run" in told else {}),
    }
    return Message(f"{service}.own", "dead", message.body, message.id, headers, service, message.priority)


def _envelope(headers: Mapping[str, Header]) -> Envelope:
    try:
        return read_envelope(headers)
    except ValidationError as exc:
        first = exc.errors()[0]
        raise Refused(f"attribute {'.'.join(map(str, first['loc']))}: {first['msg']}") from exc


def _moment(timestamp: float | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(timestamp, UTC) if timestamp is not None else None
    except (ValueError, OverflowError, OSError) as exc:
        raise Refused(f"property timestamp: {timestamp!r} is no moment ({exc})") from None


def _uuid(name: str, value: object) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        raise Refused(f"{name}: {value!r} is no UUID") from None
