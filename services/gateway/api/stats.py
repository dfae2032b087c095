"""What each replica of the workers did: how a service that is scaled shares its work."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from contracts.message import Shape
from services.chassis.answers import stamp
from services.chassis.store import Document, Store
from services.chassis.topology import WORKERS
from services.gateway.deps import Here
from services.gateway.problems import not_found
from services.gateway.routes import Routes

router = Routes(prefix="/v1", tags=["runs"])
_CHUNK = 5000
"""Entries of the journal that are read at once: few round trips, and no great heap in memory."""
_RUNS = 500
_BACK = timedelta(days=1)


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is a moment that no clock has; use one such as 2026-11-24T10:00:00Z") from None


class StatsQuery(BaseModel):
    """Which part of the journal to count."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: Annotated[AwareDatetime, AfterValidator(_utc)] | None = Field(
        None,
        description="Only what was written from this moment on (ISO 8601, with offset). "
        "Default: the last 24 hours; with a batch all of it.",
    )
    batch: str | None = Field(None, description="Only the runs of this batch.")


class ReplicaStats(Shape):
    """What a replica of a `service` did; `host` is the container or machine that it runs on (absent: not told).

    `attempts` counts the heavy attempts that it began (light handlers note none), `answers` every other event that it
    told, `share` is its percentage of the service's answers (absent: there are none). `first` and `last` are when the
    journal wrote something of it.
    """

    service: str
    host: str | None = None
    attempts: int
    answers: int
    share: float | None = None
    first: datetime
    last: datetime


class RunStats(Shape):
    """The replicas that did something, by service and host, and what was counted (`since` absent: a whole batch)."""

    since: datetime | None = None
    batch: str | None = None
    items: tuple[ReplicaStats, ...]


@dataclass(slots=True)
class _Tally:
    first: str
    last: str
    attempts: int = 0
    answers: int = 0

    def count(self, entry: Document) -> None:
        noted = entry["type"] == "attempt.noted"
        self.attempts += noted
        self.answers += not noted
        self.first, self.last = min(self.first, entry["written_at"]), max(self.last, entry["written_at"])


@router.get("/runs/stats")
async def get_run_stats(deps: Here, query: Annotated[StatsQuery, Query()]) -> RunStats:
    """Count what each replica of the workers did: attempts, answers, and its share of its service's answers.

    What is counted is what the journal has written; the events themselves are not read.
    """
    since = query.since
    if query.batch is not None:
        entries = _of_runs(deps.store, await _batch_ids(deps.store, query.batch), since)
    else:
        since = since or datetime.now(UTC) - _BACK
        entries = _of_time(deps.store, since)
    tallies: dict[tuple[str, str], _Tally] = {}
    async for entry in entries:
        key = (entry["source"], entry.get("host", ""))
        if key not in tallies:
            tallies[key] = _Tally(entry["written_at"], entry["written_at"])
        tallies[key].count(entry)
    return RunStats(since=since, batch=query.batch, items=_shared(tallies))


async def _batch_ids(store: Store, batch: str) -> list[str]:
    ids = [request["_id"] for request in await store.find("requests", {"batch": batch})]
    if not ids:
        raise not_found("batch", f"There is no batch {batch!r}. POST /v1/analyses starts one and answers its id.")
    return ids


async def _of_time(store: Store, since: datetime) -> AsyncIterator[Document]:
    """What the workers told from a moment on; the order of the journal is that of its time."""
    sort = (("written_at", 1), ("seq", 1))
    begun = await store.find("log", {"written_at": {"$gte": stamp(since)}}, sort=sort, limit=1)
    if begun:
        async for entry in _told(store, {}, begun[0]["seq"] - 1):
            yield entry


async def _of_runs(store: Store, ids: list[str], since: datetime | None) -> AsyncIterator[Document]:
    """What the workers told in these runs."""
    written = {"written_at": {"$gte": stamp(since)}} if since else {}
    for start in range(0, len(ids), _RUNS):
        async for entry in _told(store, {"run_id": {"$in": ids[start : start + _RUNS]}, **written}):
            yield entry


async def _told(store: Store, where: Mapping[str, Any], after: int = 0) -> AsyncIterator[Document]:
    """The entries of what workers told, in the order of the journal, behind the number `after`."""
    told = {**where, "source": {"$in": list(WORKERS)}}
    while True:
        found = await store.find("log", {**told, "seq": {"$gt": after}}, sort=(("seq", 1),), limit=_CHUNK)
        for entry in found:
            yield entry
        if len(found) < _CHUNK:
            return
        after = found[-1]["seq"]


def _shared(tallies: Mapping[tuple[str, str], _Tally]) -> tuple[ReplicaStats, ...]:
    totals = dict.fromkeys(WORKERS, 0)
    for (service, _), tally in tallies.items():
        totals[service] += tally.answers
    return tuple(
        ReplicaStats(
            service=service,
            host=host or None,
            attempts=tally.attempts,
            answers=tally.answers,
            share=round(100 * tally.answers / totals[service], 1) if totals[service] else None,
            first=datetime.fromisoformat(tally.first),
            last=datetime.fromisoformat(tally.last),
        )
        for (service, host), tally in sorted(tallies.items(), key=lambda one: (WORKERS.index(one[0][0]), one[0][1]))
    )
