"""A run as it happens: server-sent events, from any event on.

The store is what is read, so that nothing is missed and nothing comes twice; the bus only says when to look.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Annotated

import structlog
from fastapi import Header, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from contracts.run import Outcome
from services.chassis.errors import DependencyDown
from services.gateway.api.events import EventView, RunEventsQuery, journal_page
from services.gateway.deps import Deps, Here
from services.gateway.problems import not_found, unfit
from services.gateway.routes import Routes, read
from services.gateway.runs import run_of

log = structlog.get_logger(__name__)
router = Routes(prefix="/v1", tags=["runs"])
PING = 15.0
"""Seconds of silence after which a comment says that the connection lives; the store is looked at then, too."""
_FIRST = 0.1
_PAGE = 200
_END = "/end"
_KNOWN = re.compile(rf"(\d+)({_END})?")
_STREAM = {
    "text/event-stream": {
        "schema": {"type": "string"},
        "example": 'id: 907\nevent: attempt.noted\ndata: {"seq":907}\n\nevent: progress\ndata: {"done":3}\n\n',
    }
}


class StreamQuery(BaseModel):
    """Where to begin: behind the event of number `after`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: int = Field(0, ge=0, description="The number (seq) of the last event that is known already.")


LastEventId = Annotated[
    str | None, Header(alias="Last-Event-ID", description="The last `id` that came; it goes before `after`.")
]


@router.get("/runs/{run_id}/stream", response_class=StreamingResponse, responses={200: {"content": _STREAM}})
async def stream_run(
    deps: Here, run_id: str, query: Annotated[StreamQuery, Query()], last_event_id: LastEventId = None
) -> Response:
    """Follow a run by server-sent events.

    Each written event of the run comes in the order of the journal: `id` is its number, `event` its type, `data` what
    GET /v1/runs/{run_id}/events lists. `event: progress` says how far a long work is and has no id. `event: outcome`
    is the last one. Who was cut off sends the last id as Last-Event-ID, as browsers do; behind the outcome the answer
    is 204, which ends their asking.
    """
    if await run_of(deps.store, run_id) is None:
        raise not_found("run", f"There is no run {run_id!r}. GET /v1/runs or `scout run list` lists them.")
    after = query.after
    if last_event_id:
        known = _KNOWN.fullmatch(last_event_id)
        if known is None:
            raise unfit(
                "invalid-last-event-id",
                f"Last-Event-ID is {last_event_id!r}, which this stream never sent. Pass the last id unchanged, "
                "or leave it out to begin at the first event.",
                "/header/Last-Event-ID",
            )
        if known[2]:
            return Response(status_code=204)
        after = int(known[1])
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(follow(deps, run_id, after), media_type="text/event-stream", headers=headers)


async def follow(deps: Deps, run_id: str, after: int, ping: float = PING) -> AsyncIterator[str]:
    """The messages of a run's stream behind the event `after`; with the store down it ends, and is asked for again."""
    now = asyncio.get_running_loop().time
    yield "retry: 2000\n\n"
    sent, pause, told = now(), _FIRST, None
    with deps.live.following(run_id) as follower:
        while not deps.live.closed:
            try:
                outcome = await deps.store.get("outcomes", run_id)  # first: what led to it is then written already
                async for view in _written(deps, run_id, after):
                    after, pause, sent = view.seq, _FIRST, now()
                    follower.awaited.discard(view.id)
                    yield _message(view.type, view.to_json(), str(view.seq))
            except DependencyDown as exc:
                log.warning("a run's stream ended, it will be asked for again", run_id=run_id, error=str(exc))
                return
            if outcome is not None:
                yield _message("outcome", read(Outcome, outcome, run_id=run_id).to_json(), f"{after}{_END}")
                return
            if (progress := deps.live.progress(run_id)) is not None and progress != told:
                told, sent = progress, now()
                yield _message("progress", progress.to_json())
            if now() - sent >= ping:
                sent = now()
                yield ": ping\n\n"
            left = max(0.0, sent + ping - now())
            if await follower.wait(min(pause, left) if follower.awaited else left):
                pause = _FIRST
            else:
                pause = min(2 * pause, ping)


async def _written(deps: Deps, run_id: str, after: int) -> AsyncIterator[EventView]:
    query: RunEventsQuery | None = RunEventsQuery(after=after, limit=_PAGE, cursor=None)
    while query is not None:
        page = await journal_page(deps, {"run_id": run_id}, query)
        for view in page.items:
            yield view
        query = RunEventsQuery(after=after, limit=_PAGE, cursor=page.next) if page.next else None


def _message(event: str, data: bytes, message_id: str | None = None) -> str:
    """One message; JSON on one line, since a line break would end the field."""
    line = json.dumps(json.loads(data), ensure_ascii=False, separators=(",", ":"))
    number = f"id: {message_id}\n" if message_id else ""
    return f"{number}event: {event}\ndata: {line}\n\n"
