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
    if query.batch is None:
        since: datetime | None = query.since or datetime.now(UTC) - _BACK
        wheres: list[dict[str, Any]] = [{}]
    else:
        since = query.since
        ids = await _batch_ids(deps.store, query.batch)
        wheres = [{"run_id": {"$in": ids[start : start + _RUNS]}} for start in range(0, len(ids), _RUNS)]
    tallies: dict[tuple[str, str], _Tally] = {}
    for where in wheres:
        async for entry in _told(deps.store, where, stamp(since) if since else ""):
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


async def _told(store: Store, where: Mapping[str, Any], since: str) -> AsyncIterator[Document]:
    """The entries of what workers told from a moment on, by time; a piece goes on from the moment of the last entry."""
    told, shown = {**where, "source": {"$in": list(WORKERS)}}, 0
    sort = (("written_at", 1), ("seq", 1))
    while True:
        found = await store.find("log", {**told, "written_at": {"$gte": since}}, sort=sort, limit=_CHUNK, skip=shown)
        for entry in found:
            yield entry
        if len(found) < _CHUNK:
            return
        last = found[-1]["written_at"]
        shown = sum(entry["written_at"] == last for entry in found) + (shown if last == since else 0)
        since = last


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
