"""An answer and its two forms: the message that is told and the document that is written, with the same bytes."""

import json
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from inspect import isasyncgen, isawaitable
from typing import Any, cast

from contracts.catalog import fact_of
from contracts.message import Envelope, Event, scout_id
from services.chassis.cause import Cause
from services.chassis.office import HOST
from services.chassis.service import Answer, Handler
from services.chassis.store import Document
from services.chassis.wire import Message, envelope_for, envelope_message, event_message, read_envelope


def answer_id(cause_id: str, fact: str, subject: str = "") -> str:
    """The id of an answer: made of its cause, so that a repeat gives the same one."""
    return scout_id(cause_id, fact, subject)


def answer_message(answer: Answer, handler: Handler, cause: Cause, time: datetime) -> Message:
    """The message of an answer."""
    fact = fact_of(type(answer.event), handler.service)
    event_id = answer_id(cause.id, fact, answer.subject)
    envelope = envelope_for(answer.event, event_id, handler.service, time, cause.run_id, cause.id, answer.subject)
    return event_message(answer.event, envelope, HOST)


def event_document(envelope: Envelope, body: bytes, event: Event, host: str = "") -> Document:
    """An event as it is written: its envelope, the exact bytes of its body, where it was told, what it is found by."""
    found_by = {name: getattr(event, name, None) for name in ("niche_id", "market", "analysis_id")}
    score, report = getattr(event, "score", None), getattr(event, "report", None)
    if score is not None:
        found_by |= {"niche_id": score.niche_id, "market": score.market, "analysis_id": score.analysis_id}
    if report is not None:
        found_by |= {"market": report.market}
    return {
        "_id": envelope.id,
        **envelope.model_dump(mode="json", exclude={"id", "time"}, exclude_none=True),
        "time": stamp(envelope.time),
        "body": body.decode(),
        **({"host": host} if host else {}),
        **{name: value for name, value in found_by.items() if value is not None},
    }


def message_document(message: Message, event: Event) -> Document:
    """The document of a message that is about to be told."""
    return event_document(read_envelope(message.headers), message.body, event, HOST)


def told_message(document: Document) -> Message:
    """The message of a written event: the very bytes that were, or were to be, told."""
    names = Envelope.model_fields.keys() - {"id"}
    fields = {"id": document["_id"], **{name: document[name] for name in names if name in document}}
    envelope = Envelope.model_validate_json(json.dumps(fields))
    return envelope_message(envelope, document["body"].encode(), HOST)


def stamp(time: datetime) -> str:
    """A moment as the store keeps it: UTC, to the microsecond, so that texts sort as times do."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


async def each(result: Any) -> AsyncIterator[Answer]:
    """The answers of a handler, whatever it returns: nothing, an event, several, now or over time."""
    if isasyncgen(result):
        async for one in result:
            yield _answer(cast("Event | Answer", one))
        return
    for answer in listed(await result if isawaitable(result) else result):
        yield answer


def listed(result: Any) -> list[Answer]:
    """The same for a handler that does no I/O."""
    if result is None:
        return []
    if isinstance(result, Event | Answer):
        return [_answer(result)]
    several: Iterable[Event | Answer] = result
    return [_answer(one) for one in several]


def _answer(one: Event | Answer) -> Answer:
    return one if isinstance(one, Answer) else Answer(one)
