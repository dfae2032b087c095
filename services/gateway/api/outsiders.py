"""Events from outside: others tell the house what they found, as one of the keys that the catalog opens to them."""

import hashlib
import json
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import Response
from pydantic import AwareDatetime, Field, ValidationError

from contracts.catalog import EVENTS
from contracts.message import Event, FileRef, Input, outside_id
from contracts.run import Origin
from services.chassis.cause import MAX_BODY
from services.gateway.accept import Accepted, Claim, Work, accept
from services.gateway.deps import Deps, Here
from services.gateway.find import known_file
from services.gateway.problems import ProblemError, Wrong, not_found, pointer, said
from services.gateway.routes import JsonBody, Routes

router = Routes(prefix="/v1/events", tags=["events"])
OPEN = tuple(key for key, row in EVENTS.items() if row.outside)
"""The keys that others may tell."""

Name = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]


class CloudEvent(Input):
    """A CloudEvents 1.0 event in JSON; `source` and `id` together are the event: a repeat of both is the same one."""

    specversion: Literal["1.0"]
    id: Name
    source: Name
    type: str
    subject: Name | None = None
    time: AwareDatetime | None = None
    datacontenttype: Annotated[str, Field(pattern=r"^application/json\b")] | None = None
    dataschema: str | None = None
    data: dict[str, Any]


@router.post("", status_code=202)
async def publish_event(deps: Here, response: Response, told: JsonBody[CloudEvent]) -> Accepted:
    """Publish an event as somebody outside; the answer names the run that it opens.

    Only keys that the catalog marks `outside`. A repeat of `source` and `id` is answered as the first time.
    """
    event = _event(told)
    _check_files(deps, event)
    body = event.to_json()
    if len(body) > MAX_BODY:
        detail = f"`data` has {len(body)} bytes, at most {MAX_BODY} are taken. Put what is large into a file."
        raise ProblemError(413, "event-too-large", "Event too large", detail)
    run_id = outside_id(told.source, told.id)
    subject = told.subject or ""
    digest = hashlib.sha256(b"\n".join([told.type.encode(), subject.encode(), body])).hexdigest()
    origin = Origin(source=told.source, id=told.id, time=told.time, subject=subject)
    found_by = {name: value for name in ("niche_id", "market") if (value := getattr(event, name, None)) is not None}
    work = Work(told.type, event.model_dump(mode="json", exclude_none=True), found_by, origin)
    accepted = await accept(deps, Claim(run_id, None, digest), work)
    await _check_same(deps, told, run_id, digest)
    response.headers["Location"] = f"/v1/runs/{run_id}"
    return accepted


def _event(told: CloudEvent) -> Event:
    """What is told; raises a 404 for a key that nobody knows, 403 for one of the house, 422 for other data."""
    row = EVENTS.get(told.type)
    open_ = f"From outside come: {', '.join(OPEN)}. GET /v1/events/catalog says what each of them means"
    if row is None:
        raise not_found("event", f"There is no event {told.type!r}. {open_}.")
    if not row.outside:
        detail = f"Only {' and '.join(row.told_by)} may tell {told.type}. {open_}."
        raise ProblemError(403, "event-not-open", "This event is the house's own", detail)
    try:
        return row.model.from_json(json.dumps(told.data))
    except ValidationError as exc:
        wrong = [Wrong(pointer=f"/data{pointer(one['loc'])}", detail=said(one)) for one in exc.errors()]
    detail = f"`data` is no {told.type}, so nothing was told. Its schema is GET /schemas/{told.type}.json."
    raise ProblemError(422, "invalid-event", "Invalid event", detail, errors=wrong)


def _check_files(deps: Deps, event: Event) -> None:
    """Refuse an event whose files are not there: whoever hears it would wait for them in vain."""
    for name in _file_fields(type(event)):
        known_file(deps, getattr(event, name), f"/data/{name}", "/v1/files")


def _file_fields(model: type[Event]) -> Iterable[str]:
    return [name for name, field in model.model_fields.items() if field.annotation in (FileRef, FileRef | None)]


async def _check_same(deps: Deps, told: CloudEvent, run_id: str, digest: str) -> None:
    """Refuse another event under an id that stands for one already; which was first, the insert has decided."""
    written = await deps.store.get("requests", run_id)
    if written is not None and written["body_sha256"] != digest:
        raise ProblemError(
            409,
            "event-id-reused",
            "Event id used for something else",
            f"{told.source} told another event as {told.id!r} before, which it still stands for. "
            "Give this one an id of its own.",
            run_id=run_id,
        )
