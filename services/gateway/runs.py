"""Runs as the journal derived them, and, until it did, as their requests and outcomes tell of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.chassis.store import Document, Store
from services.gateway.pages import ListQuery, since_shown

_CHUNK = 500
_NAMED = ("niche_id", "market", "batch", "retry_of")


async def run_of(store: Store, run_id: str) -> Document | None:
    """A run, or `None` when nobody asked for it."""
    run = await store.get("runs", run_id)
    if run is not None:
        return run
    request = await store.get("requests", run_id)
    return (await _of_requests(store, [request]))[0] if request else None


async def batch_runs(store: Store, batch: str) -> list[Document]:
    """Every run of a batch."""
    requests = await store.find("requests", {"batch": batch}, sort=(("accepted_at", 1), ("_id", 1)))
    runs = await store.get_many("runs", [request["_id"] for request in requests])
    rest = await _of_requests(store, [request for request in requests if request["_id"] not in runs])
    return [*runs.values(), *rest]


async def newest_runs(store: Store, where: Mapping[str, Any], state: str | None, query: ListQuery) -> list[Document]:
    """A page of runs, newest first, read one further than it holds."""
    since, shown = since_shown(query)
    need = shown + query.limit + 1
    before = {"started_at": {"$lte": since}} if since else {}
    in_state = {"state": state} if state else {}
    sort = (("started_at", -1), ("_id", -1))
    runs = await store.find("runs", {**where, **in_state, **before}, sort=sort, limit=need)
    if state in {None, "accepted"}:
        runs += await _not_derived(store, where, state, since, need)
    runs.sort(key=lambda run: (run["started_at"], run["_id"]), reverse=True)
    return runs[shown:need]


async def _not_derived(
    store: Store, where: Mapping[str, Any], state: str | None, since: str | None, need: int
) -> list[Document]:
    """The newest requests that the journal has not made runs of yet.

    Without a state the newest `need` requests are enough, since those that are runs take a place of the page too.
    """
    found: list[Document] = []
    before = {"accepted_at": {"$lte": since}} if since else {}
    sort, chunk, skip = (("accepted_at", -1), ("_id", -1)), max(need, _CHUNK), 0
    while len(found) < need:
        requests = await store.find("requests", {**where, **before}, sort=sort, limit=chunk, skip=skip)
        runs = await store.get_many("runs", [request["_id"] for request in requests])
        rest = await _of_requests(store, [request for request in requests if request["_id"] not in runs])
        found += [run for run in rest if state is None or run["state"] == state]
        skip += chunk
        if state is None or len(requests) < chunk:
            break
    return found[:need]


async def _of_requests(store: Store, requests: Iterable[Document]) -> list[Document]:
    listed = list(requests)
    outcomes = await store.get_many("outcomes", [request["_id"] for request in listed])
    return [_run(request, outcomes.get(request["_id"])) for request in listed]


def _run(request: Document, outcome: Document | None) -> Document:
    run = {"_id": request["_id"], "kind": request["kind"], "state": "accepted", "started_at": request["accepted_at"]}
    run |= {name: request[name] for name in _NAMED if name in request}
    if outcome is not None:
        run |= {"state": outcome["state"], "finished_at": outcome["at"]}
        run |= {name: outcome[name] for name in ("reason", "event_id") if name in outcome}
    return run
