"""Accepting work: it is written, then answered, then told, so that what was answered with 202 is never lost."""

import asyncio
import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import structlog

from contracts.catalog import EVENTS, key_of
from contracts.commands import COMMANDS
from contracts.message import Envelope, Event, Input, Shape, scout_id
from contracts.run import Origin, Request
from services.chassis.answers import stamp
from services.chassis.errors import Duplicate, PublishFailed, ScoutError
from services.chassis.office import HOST
from services.chassis.store import Document
from services.chassis.wire import Message, command_message, envelope_for, envelope_message, event_message
from services.gateway.deps import Deps
from services.gateway.problems import ProblemError

log = structlog.get_logger(__name__)
OWNER = "local"
_AGAIN = timedelta(seconds=30)
_TOLD = [key for key, row in EVENTS.items() if "gateway" in row.told or row.outside]


class Accepted(Shape):
    """Work that was accepted: `id` is its run's, `kind` the command's name or the event's key."""

    id: str
    kind: str
    state: Literal["accepted"] = "accepted"


@dataclass(frozen=True, slots=True)
class Claim:
    """An id for what is asked: a new one, or, with a key, the same for every repeat. `niches` is of the first one."""

    id: str
    key: str | None
    sha256: str
    niches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """What is accepted: a command's or an event's `arguments`, what its run is found by, and who outside told it."""

    kind: str
    arguments: dict[str, Any]
    found_by: dict[str, str] = field(default_factory=dict)
    outside: Origin | None = None


def command(name: str, arguments: Input, **found_by: str) -> Work:
    """The work of a command."""
    return Work(name, arguments.model_dump(mode="json", exclude_none=True), found_by)


def told(event: Event, **found_by: str) -> Work:
    """The work that an event is."""
    return Work(key_of(type(event)), event.model_dump(mode="json", exclude_none=True), found_by)


async def claim(deps: Deps, key: str | None, what: str, asked: Shape, niches: Sequence[str] = ()) -> Claim:
    """Claim an id for `asked` (the body as it was sent) of `what` (the kind of work, and on which subject).

    Raises a 422 when the key was used for something else.
    """
    digest = hashlib.sha256(f"{what}\n".encode() + asked.to_json()).hexdigest()
    if key is None:
        return Claim(str(uuid.uuid4()), None, digest, tuple(niches))
    first: Document = {"_id": scout_id(OWNER, key), "sha256": digest, "at": _now(), "niches": list(niches)}
    try:
        await deps.store.insert("idempotency", first)
    except Duplicate:
        first = await deps.store.get("idempotency", first["_id"]) or first
    if first["sha256"] != digest:
        raise ProblemError(
            422,
            "idempotency-key-reused",
            "Idempotency key used for something else",
            f"The key {key!r} came with another request on {first['at'][:10]}, which it still stands for. "
            "Send this one with a key of its own.",
            run_id=first["_id"],
        )
    return Claim(first["_id"], key, digest, tuple(first["niches"]))


async def accept(deps: Deps, claimed: Claim, work: Work) -> Accepted:
    """Write the request, and tell it in the background; a repeat is told again while its run has no event."""
    document = request_document(claimed, claimed.id, work)
    try:
        await deps.store.insert("requests", document)
    except Duplicate:
        document = await deps.store.get("requests", claimed.id) or document
        if await deps.store.count("events", {"correlation_id": claimed.id}):
            return Accepted(id=claimed.id, kind=document["kind"])
    message = message_of(document)
    deps.outbox.send(deps.publisher(message), message)
    return Accepted(id=claimed.id, kind=document["kind"])


async def accept_batch(deps: Deps, claimed: Claim, works: Sequence[Work]) -> list[str]:
    """The same for many requests that share a batch, one for each of the claim's niches; the ids of their runs."""
    ids = [scout_id(claimed.id, niche) for niche in claimed.niches]
    pairs = zip(ids, works, strict=True)
    fresh = [{**request_document(claimed, run_id, work), "batch": claimed.id} for run_id, work in pairs]
    await deps.store.insert_many("requests", fresh)
    written = await deps.store.get_many("requests", ids)
    begun = await deps.store.get_many("runs", ids)
    deps.outbox.send(deps.bus, *(message_of(written[run_id]) for run_id in ids if run_id not in begun))
    return ids


def request_document(claimed: Claim, run_id: str, work: Work) -> Document:
    """A request as it is written."""
    now = datetime.now(UTC)
    request = Request(
        id=run_id,
        kind=work.kind,
        arguments=work.arguments,
        accepted_at=now,
        idempotency_key=claimed.key,
        body_sha256=claimed.sha256,
        outside=work.outside,
        **work.found_by,
    )
    fields = request.model_dump(mode="json", exclude={"id", "accepted_at"}, exclude_none=True)
    return {"_id": run_id, **fields, "accepted_at": stamp(now)}


def message_of(request: Document) -> Message:
    """The message of a written request: the same bytes each time."""
    kind, run_id = request["kind"], request["_id"]
    if kind in COMMANDS:
        return command_message(kind, request["arguments"], run_id, "gateway")
    event = EVENTS[kind].model.from_json(json.dumps(request["arguments"]))
    time = datetime.fromisoformat(request["accepted_at"])
    if "outside" in request:
        return _from_outside(event, Origin.from_json(json.dumps(request["outside"])), run_id, time)
    return event_message(event, envelope_for(event, run_id, "gateway", time, run_id, None, ""), HOST)


def _from_outside(event: Event, told: Origin, run_id: str, accepted_at: datetime) -> Message:
    """The event as its teller would publish it himself; the house gives it its id and run (`chassis/cause.py`)."""
    at = told.time or accepted_at
    envelope = Envelope(type=key_of(type(event)), correlation_id=run_id, time=at, **told.model_dump(exclude={"time"}))
    return replace(envelope_message(envelope, event.to_json(), HOST), user="outside")


async def republish(deps: Deps) -> None:
    """Tell accepted events again until they are written: all at start, then the last day's every 30 s."""
    since = ""
    while True:
        started = datetime.now(UTC)
        try:
            await republish_once(deps, since)
            since = stamp(started - timedelta(days=1))
        except ScoutError as exc:
            log.warning("accepted events not told again, tried later", error=str(exc))
        await asyncio.sleep(_AGAIN.total_seconds())


async def republish_once(deps: Deps, since: str = "") -> int:
    """Tell those events that were accepted after `since` (a stamp) and are not written; how many they were.

    At start (`since` empty) also those from outside whose run is open: their hearers may have lost them.
    """
    where = {"kind": {"$in": _TOLD}, "accepted_at": {"$gte": since}, "retry_of": None, "redrive": None}
    requests = await deps.store.find("requests", where, sort=(("accepted_at", 1),))
    ids = [request["_id"] for request in requests]
    written = await deps.store.get_many("events", ids)
    ended = written if since else await deps.store.get_many("outcomes", ids)
    missing = [r for r in requests if r["_id"] not in written or ("outside" in r and r["_id"] not in ended)]
    for request in missing:
        try:
            message = message_of(request)
            await deps.publisher(message).publish(message)
        except PublishFailed as exc:
            log.warning("not published, tried again", key=request["kind"], run_id=request["_id"], error=str(exc))
    return len(missing)


def _now() -> str:
    return stamp(datetime.now(UTC))
