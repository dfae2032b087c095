"""Events: everything that was told and written, in the order of the journal, and the catalog of what can be told."""

import json
from collections.abc import Sequence
from datetime import datetime
from inspect import getdoc
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, Field

from contracts.catalog import EVENTS
from contracts.message import Shape
from services.chassis.store import Document
from services.gateway.deps import Deps, Here
from services.gateway.pages import MOST, ListQuery, Page, counted, cut, decode, encode
from services.gateway.routes import Routes, read

router = Routes(prefix="/v1/events", tags=["events"])


def _known_type(key: str) -> str:
    if key not in EVENTS:
        raise ValueError(f"{key!r} is no event: GET /v1/events/catalog lists them")
    return key


class EventView(Shape):
    """A written event: its place in the journal, its envelope, and what it says."""

    seq: int
    id: str
    type: str
    source: str
    subject: str | None = None
    time: datetime
    correlation_id: str
    causation_id: str | None = None
    data: dict[str, Any]


class CatalogEntry(Shape):
    """An event that can be told: by whom, to whom, under which schema, and what it means.

    `outside`: others may tell it too, by `POST /v1/events`.
    """

    key: str
    told_by: tuple[str, ...]
    heard_by: tuple[str, ...]
    outside: bool
    dataschema: str = Field(serialization_alias="schema")
    doc: str


class RunEventsQuery(ListQuery):
    """Where to begin: behind the event of number `after`."""

    after: int = Field(0, ge=0, description="The number (seq) of the last event that is known already.")


class EventsQuery(RunEventsQuery):
    """Which events to list."""

    type: Annotated[str, AfterValidator(_known_type), Field(json_schema_extra={"enum": list(EVENTS)})] | None = None
    run_id: str | None = None
    last: int | None = Field(None, ge=1, le=MOST, description="Only so many of the newest, in one page.")


@router.get("")
async def list_events(deps: Here, query: Annotated[EventsQuery, Query()]) -> Page[EventView]:
    """List what was told, in the order of the journal; `after` goes on from an event that is known already."""
    where = {name: value for name in ("type", "run_id") if (value := getattr(query, name)) is not None}
    if query.last is not None:
        newest = {**where, "seq": {"$gt": query.after}}
        found = await deps.store.find("log", newest, sort=(("seq", -1),), limit=query.last)
        return Page[EventView](items=await _views(deps, found[::-1]))
    return await journal_page(deps, where, query)


@router.get("/catalog")
async def list_catalog(query: Annotated[ListQuery, Query()]) -> Page[CatalogEntry]:
    """List the events that can be told, who tells and who hears them, and their schemas."""
    entries = [
        CatalogEntry(
            key=key,
            told_by=row.told_by,
            heard_by=(*row.heard_by, *(["journal"] if row.journaled else [])),
            outside=row.outside,
            dataschema=f"scout:schemas/{key}.json",
            doc=(getdoc(row.model) or "").partition("\n")[0],
        )
        for key, row in EVENTS.items()
    ]
    shown, cursor = cut(entries[counted(query) :], query)
    return Page[CatalogEntry](items=tuple(shown), next=cursor)


async def journal_page(deps: Deps, where: dict[str, Any], query: RunEventsQuery) -> Page[EventView]:
    """A page of the journal; only the events that are shown are read whole."""
    begun = decode(query.cursor, int)
    where = {**where, "seq": {"$gt": begun[0] if begun else query.after}}
    found = await deps.store.find("log", where, sort=(("seq", 1),), limit=query.limit + 1)
    shown = found[: query.limit]
    cursor = encode(shown[-1]["seq"]) if len(found) > query.limit else None
    return Page[EventView](items=await _views(deps, shown), next=cursor)


async def _views(deps: Deps, shown: Sequence[Document]) -> tuple[EventView, ...]:
    events = await deps.store.get_many("events", [entry["_id"] for entry in shown])
    return tuple(_view(events[entry["_id"]], entry["seq"]) for entry in shown if entry["_id"] in events)


def _view(event: Document, seq: int) -> EventView:
    return read(EventView, event, seq=seq, subject=event.get("subject") or None, data=json.loads(event["body"]))
