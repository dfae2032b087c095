"""Lists, a page at a time. A cursor is opaque: base64 of where the page before ended.

A list by time goes on from a moment and the number of entries of that moment already shown, so that what comes in
meanwhile shifts nothing. A list by rank or name goes on from a count of entries.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from contracts.message import Shape
from services.chassis.store import Document, Store
from services.gateway.problems import unfit

Item = TypeVar("Item")
MOST = 500


class Page(Shape, Generic[Item]):
    """A page of a list; `next` is the cursor of the following one, absent on the last."""

    items: tuple[Item, ...]
    next: str | None = None


class ListQuery(BaseModel):
    """The parameters that every list takes; one that is not known is an error, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(100, ge=1, le=MOST, description="Most entries of a page.")
    cursor: str | None = Field(None, description="`next` of the page before.")


def encode(*parts: str | int) -> str:
    """A cursor that carries `parts`."""
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode(cursor: str | None, *kinds: type) -> list[Any] | None:
    """The parts of a cursor, one of each of `kinds`; `None` without one. Raises a 422 for one that is not ours."""
    if cursor is None:
        return None
    try:
        parts = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        parts = None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds):
        raise unfit(
            "invalid-cursor",
            "The cursor is none that this list gave; pass the `next` of the page before unchanged, or none.",
            "/query/cursor",
        )
    return parts


def counted(query: ListQuery) -> int:
    """How many entries the pages before have shown, in a list that goes on from a count."""
    parts = decode(query.cursor, int)
    return max(0, parts[0]) if parts else 0


def cut(found: Sequence[Item], query: ListQuery) -> tuple[Sequence[Item], str | None]:
    """A page of `found`, which begins where the page does and was read one entry further, and its cursor."""
    more = len(found) > query.limit
    return found[: query.limit], encode(counted(query) + query.limit) if more else None


async def newest(
    store: Store, collection: str, where: Mapping[str, Any], by: str, query: ListQuery
) -> tuple[list[Document], str | None]:
    """A page of a collection, newest first by the field `by`, and the cursor of the next."""
    since, shown = since_shown(query)
    bound = {by: {"$lte": since}} if since else {}
    sort = ((by, -1), ("_id", 1))
    found = await store.find(collection, {**where, **bound}, sort=sort, limit=query.limit + 1, skip=shown)
    return found[: query.limit], after([document[by] for document in found], query)


def since_shown(query: ListQuery) -> tuple[str | None, int]:
    """Where a list by time goes on: from which moment, and how many entries of that moment were shown."""
    since, shown = decode(query.cursor, str, int) or (None, 0)
    return since, max(0, shown)


def after(times: Sequence[str], query: ListQuery) -> str | None:
    """The cursor behind a page whose entries, read one further than it holds, are of `times`."""
    if len(times) <= query.limit:
        return None
    since, shown = since_shown(query)
    last = times[query.limit - 1]
    return encode(last, times[: query.limit].count(last) + (shown if last == since else 0))
