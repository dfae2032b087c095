"""Runs: what was asked for, how far it is, how it ended, and everything that happened in it."""

import json
from collections import Counter
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, Field

from contracts.catalog import EVENTS
from contracts.commands import COMMANDS
from contracts.message import Shape
from contracts.run import Run, RunState
from services.chassis.store import Document
from services.gateway.api.events import EventView, RunEventsQuery, journal_page
from services.gateway.deps import Deps, Here
from services.gateway.pages import ListQuery, Page, after
from services.gateway.problems import not_found
from services.gateway.routes import Routes, read
from services.gateway.runs import batch_runs, newest_runs, run_of

router = Routes(prefix="/v1", tags=["runs"])
_KINDS = [*COMMANDS, *EVENTS]


def _known_kind(kind: str) -> str:
    if kind not in _KINDS:
        raise ValueError(f"{kind!r} is no kind of run: use a command's name, such as scout.tasks.analyze_niche")
    return kind


class RunView(Run):
    """A run with its `counts` of answers about one of many subjects, and the `result` of one that is done."""

    counts: dict[str, int] = Field(default_factory=dict)
    result: dict[str, Any] | None = None


class Failure(Shape):
    """A run of a batch that failed, and why."""

    run_id: str
    niche_id: str | None = None
    reason: str | None = None


class BatchState(Shape):
    """How far a batch is: of `total` runs, how many are in which state."""

    batch: str
    total: int
    accepted: int
    running: int
    done: int
    failed: int
    failures: tuple[Failure, ...] = ()


class RunsQuery(ListQuery):
    """Which runs to list."""

    kind: Annotated[str, AfterValidator(_known_kind), Field(json_schema_extra={"enum": _KINDS})] | None = None
    state: RunState | None = None
    batch: str | None = None


@router.get("/runs")
async def list_runs(deps: Here, query: Annotated[RunsQuery, Query()]) -> Page[RunView]:
    """List runs, newest first."""
    where = {name: value for name in ("kind", "batch") if (value := getattr(query, name)) is not None}
    found = await newest_runs(deps.store, where, query.state, query)
    cursor = after([run["started_at"] for run in found], query)
    return Page[RunView](items=tuple(_view(deps, run) for run in found[: query.limit]), next=cursor)


@router.get("/runs/{run_id}")
async def get_run(deps: Here, run_id: str) -> RunView:
    """Get a run: its stages, how far it is, and, once it is done, its result."""
    run = await _known(deps, run_id)
    result = None
    if run["state"] == "done" and run.get("event_id"):
        closing = await deps.store.get("events", run["event_id"])
        if closing is not None:
            row = EVENTS[closing["type"]]
            result = row.view(row.model.from_json(closing["body"]))
    return _view(deps, run, result=result)


@router.get("/runs/{run_id}/events")
async def list_run_events(deps: Here, run_id: str, query: Annotated[RunEventsQuery, Query()]) -> Page[EventView]:
    """List what happened in a run, in the order of the journal."""
    await _known(deps, run_id)
    return await journal_page(deps, {"run_id": run_id}, query)


@router.get("/batches/{batch}", tags=["analyses"])
async def get_batch(deps: Here, batch: str) -> BatchState:
    """Count the runs of a batch by their state, and name those that failed."""
    runs = await batch_runs(deps.store, batch)
    if not runs:
        raise not_found("batch", f"There is no batch {batch!r}. POST /v1/analyses starts one and answers its id.")
    states = Counter(run["state"] for run in runs)
    failures = tuple(
        Failure(run_id=run["_id"], niche_id=run.get("niche_id"), reason=run.get("reason"))
        for run in runs
        if run["state"] == "failed"
    )
    counts = {state: states[state] for state in ("accepted", "running", "done", "failed")}
    return BatchState(batch=batch, total=len(runs), **counts, failures=failures)


def _view(deps: Deps, run: Document, **more: Any) -> RunView:
    progress = deps.live.progress(run["_id"]) if run["state"] == "running" else None
    return read(RunView, run, progress=json.loads(progress.to_json()) if progress else None, **more)


async def _known(deps: Deps, run_id: str) -> Document:
    run = await run_of(deps.store, run_id)
    if run is None:
        raise not_found("run", f"There is no run {run_id!r}. GET /v1/runs or `scout run list` lists them.")
    return run
