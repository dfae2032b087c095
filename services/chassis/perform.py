"""The one road that every message takes, in a Celery task, in the embedded house and in tests.

Known? Validate, look whether it is done, say "working", run, write, publish, say "idle" or "error".
Written, then told: an answer is in the store before anyone hears of it, so a repeat tells the same bytes.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import structlog
from pydantic import ValidationError

from contracts.catalog import EVENTS, key_of
from contracts.commands import COMMANDS
from contracts.message import Event
from contracts.run import AttemptNoted
from contracts.status import WORKING_TEXT
from services.chassis.answers import answer_id, answer_message, each, listed, message_document, told_message
from services.chassis.bus import Publisher
from services.chassis.cause import MAX_BODY, Cause, carry
from services.chassis.errors import DependencyDown, Duplicate, PublishFailed, Refused
from services.chassis.files import Files
from services.chassis.job import Job
from services.chassis.office import HOST, OfficeReporter, error_text, metrics_of, working_text
from services.chassis.service import Handler
from services.chassis.settings import Settings
from services.chassis.store import Store
from services.chassis.wire import Message, envelope_for, event_message, parse_event

log = structlog.get_logger(__name__)
_PATIENCE = 86_400
"""Seconds for which a dependency that is away is waited for."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended. `returns` is what a Celery caller gets back, `error` why it was retried or given up."""

    kind: Literal["done", "retried", "dead", "requeue"]
    returns: dict[str, Any] | None = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Tools:
    """What the road needs of its surroundings."""

    publisher: Publisher
    store: Store
    files: Files
    reporter: OfficeReporter
    settings: Settings


async def perform(handler: Handler, cause: Cause, tools: Tools) -> Ending:
    """Run one attempt whole. It never raises what a handler raises: a failed attempt is told, then returned."""
    structlog.contextvars.bind_contextvars(run_id=cause.run_id, task_id=cause.id, task=handler.name)
    try:
        values = arguments(handler, cause)
        if handler.lane == "light":
            messages, event = _answer_light(handler, cause, tools, values)
            for message in messages:
                await tools.publisher.publish(message)
        else:
            event = await _written_answer(handler, cause, tools) or await _answer_heavy(handler, cause, tools, values)
        return _done(event)
    except (Exception, asyncio.CancelledError) as exc:
        if _cancelled():
            raise
        _say_error(handler, tools, exc)
        message, ending = failure(handler, cause, exc)
        try:
            await tools.publisher.publish(message)
        except (PublishFailed, asyncio.CancelledError) as second:
            if _cancelled():
                raise
            log.warning("retry not published", error=str(second))
            await asyncio.sleep(min(30, 2**cause.losses))
            return Ending("requeue", error=exc)
        return ending
    finally:
        structlog.contextvars.unbind_contextvars("run_id", "task_id", "task")


def perform_light(handler: Handler, cause: Cause, tools: Tools) -> tuple[list[Message], Ending]:
    """The road of a light handler in a worker's main process: its follow-ups are returned and leave without waiting."""
    try:
        messages, event = _answer_light(handler, cause, tools, arguments(handler, cause))
        return messages, _done(event)
    except (Exception, asyncio.CancelledError) as exc:  # noqa: BLE001 - whatever it is, a retry or a dead letter tells it
        _say_error(handler, tools, exc)
        message, ending = failure(handler, cause, exc)
        return [message], ending


def arguments(handler: Handler, cause: Cause) -> dict[str, Any]:
    """The handler's arguments from the cause's body; raises `Refused`, which names the field."""
    first = next(iter(handler.parameters), "")
    try:
        if cause.envelope is not None:
            return {first: parse_event(cause.key, cause.body)}
        args, kwargs = cause.command()
        bound = COMMANDS[cause.key].bind(args, kwargs)
        model = COMMANDS[cause.key].arguments.model_validate_json(json.dumps(bound))
    except ValidationError as exc:
        error = exc.errors()[0]
        raise Refused(f"{'.'.join(map(str, error['loc'])) or 'body'}: {error['msg']}") from exc
    except (TypeError, ValueError, KeyError) as exc:
        raise Refused(f"body: {exc}") from exc
    values = {name: getattr(model, name) for name in type(model).model_fields}
    return {first: next(iter(values.values()))} if len(values) == 1 else values


def failure(handler: Handler, cause: Cause, exc: BaseException) -> tuple[Message, Ending]:
    """What a failed attempt leaves: its message to the waiting room or to the dead letters, and its ending."""
    if isinstance(exc, Refused):
        return carry(cause, handler.service, "dead", f"refused: {exc}"), Ending("dead", error=exc)
    down = isinstance(exc, DependencyDown) and time.time() - cause.first_seen < _PATIENCE
    errors = cause.errors + (not down)
    again = errors < handler.errors
    reason = f"{type(exc).__name__}: {exc}"
    log.warning("attempt failed", error=reason, attempt=cause.attempt, again=again, exc_info=exc)
    message = carry(cause, handler.service, "wait" if again else "dead", reason, errors=errors)
    return message, Ending("retried" if again else "dead", error=exc)


def lost(handler: Handler, cause: Cause) -> Message:
    """The dead letter of a cause whose attempts all ended without an answer."""
    why = f"process killed, or over the limit of {handler.limit} s"
    return carry(cause, handler.service, "dead", f"lost: {cause.losses} attempts ended without an answer ({why})")


def _cancelled() -> bool:
    """Whether this task is being stopped from outside; a client of a frozen broker raises the same error by itself."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _answer_light(
    handler: Handler, cause: Cause, tools: Tools, values: Mapping[str, Any]
) -> tuple[list[Message], Event | None]:
    _say_working(handler, cause, tools, values)
    answers = listed(handler.function(**values, **_tools_of(handler, cause, tools)))
    event = answers[-1].event if answers else None
    _say_idle(handler, tools, event)
    return [answer_message(answer, handler, cause, cause.time) for answer in answers], event


async def _answer_heavy(handler: Handler, cause: Cause, tools: Tools, values: Mapping[str, Any]) -> Event | None:
    _say_working(handler, cause, tools, values)
    await tools.publisher.publish(_note(handler, cause))
    event: Event | None = None
    async for answer in each(handler.function(**values, **_tools_of(handler, cause, tools))):
        message, event = answer_message(answer, handler, cause, datetime.now(UTC)), answer.event
        if len(message.body) > MAX_BODY:  # once it is written it is told for ever, and nobody takes it
            raise Refused(f"answer {message.key}: {len(message.body)} bytes, at most {MAX_BODY} are taken; use a file")
        try:
            await tools.store.insert("events", message_document(message, event))
        except Duplicate:
            written = (await tools.store.get_many("events", [message.id]))[message.id]
            message, event = told_message(written), parse_event(written["type"], written["body"].encode())
        await tools.publisher.publish(message)
    _say_idle(handler, tools, event)
    return event


async def _written_answer(handler: Handler, cause: Cause, tools: Tools) -> Event | None:
    """The closing answer of an earlier attempt, told again, if it was written."""
    ids = [answer_id(cause.id, fact) for fact in handler.facts]
    written = next(iter((await tools.store.get_many("events", ids)).values()), None)
    if written is None:
        return None
    await tools.publisher.publish(told_message(written))
    event = parse_event(written["type"], written["body"].encode())
    _say_idle(handler, tools, event, datetime.fromisoformat(written["time"]))
    return event


def _note(handler: Handler, cause: Cause) -> Message:
    note = AttemptNoted(
        task=handler.name,
        service=handler.service,
        attempt=cause.attempt,
        errors=cause.errors,
        losses=cause.losses,
        reason=cause.reason,
    )
    note_id = answer_id(cause.id, "attempt", str(cause.attempt))
    envelope = envelope_for(note, note_id, handler.service, datetime.now(UTC), cause.run_id, cause.id, "")
    return event_message(note, envelope, HOST)


def _tools_of(handler: Handler, cause: Cause, tools: Tools) -> dict[str, Any]:
    """The job, for a function that asks for one."""
    if "job" not in handler.parameters:
        return {}
    deadline = time.time() + handler.limit
    return {"job": Job(cause, tools.store, tools.files, tools.reporter, tools.settings, deadline)}


def _done(event: Event | None) -> Ending:
    return Ending("done", EVENTS[key_of(type(event))].view(event) if event else {"success": True})


def _say_working(handler: Handler, cause: Cause, tools: Tools, values: Mapping[str, Any]) -> None:
    if handler.name in WORKING_TEXT:
        niche = values.get("niche_id") or next((v.niche_id for v in values.values() if hasattr(v, "niche_id")), "")
        until = datetime.now(UTC) + timedelta(seconds=handler.limit + 30)
        text = working_text(handler.name, niche)
        tools.reporter.report_working(text, task_id=cause.id, run_id=cause.run_id, until=until)


def _say_idle(handler: Handler, tools: Tools, event: Event | None, at: datetime | None = None) -> None:
    if handler.name in WORKING_TEXT:
        tools.reporter.report_idle(metrics_of(event), at=at)


def _say_error(handler: Handler, tools: Tools, exc: BaseException) -> None:
    tools.reporter.report_error(error_text(handler.name, exc))
