"""The sweep: what was asked for and has no outcome is sent again, and in the end is said to be lost."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from contracts.catalog import EVENTS
from contracts.commands import COMMANDS
from services.chassis.answers import stamp
from services.chassis.bus import Publisher
from services.chassis.errors import Duplicate
from services.chassis.store import Document, Store
from services.chassis.wire import command_message
from services.journal.batch import Writer
from services.journal.outcomes import path_keys
from services.journal.redrive import send_order, send_orders

log = structlog.get_logger(__name__)
AFTER = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
"""How long after its last sign of life a run is sent again: the first, second and third time."""
_APART = timedelta(minutes=1)
_LATE = timedelta(hours=1)
"""How much later than it was accepted, by another clock than ours, a request may be written."""
_OVERLAP = timedelta(minutes=5)
_LOOK_BACK = timedelta(days=3)
_NEWEST = 1000


class Backlog(Protocol):
    """What the broker knows of a service's queue."""

    async def empty_at(self, service: str) -> datetime:
        """When the service's queue and waiting room were last seen empty; now, if they are."""


class Sweep:
    """Looks for what is overdue. It runs only in the journal that is active."""

    def __init__(self, store: Store, publisher: Publisher, writer: Writer, backlog: Backlog, grace: float) -> None:
        self._store, self._publisher, self._writer, self._backlog = store, publisher, writer, backlog
        self._grace = timedelta(seconds=grace)
        self._looked = datetime.min.replace(tzinfo=UTC)
        self._letters_since: datetime | None = None

    async def once(self, now: str) -> None:
        """Everything that is due at `now` (a stamp); what is silent, which is due in minutes, once a minute."""
        moment = datetime.fromisoformat(now)
        await send_orders(self._store, self._publisher, self._writer)
        await self._end_by_letters(moment)
        if moment - self._looked < _APART:
            return
        found = await self.open_requests()
        for request in found:
            if moment - datetime.fromisoformat(request["accepted_at"]) >= AFTER[0]:
                await self._consider(request, moment)
        before = min([stamp(moment - _LATE), *(request["accepted_at"] for request in found)])
        await self._store.replace("marks", {"_id": "sweep", "ended_before": before})
        self._looked = moment

    async def open_requests(self) -> list[Document]:
        """The commands (and what was sent back from the dead letters) that have no outcome, oldest first.

        Before the moment that the last look kept as `ended_before` every request has one: only newer ones are read.
        """
        mark = await self._store.get("marks", "sweep")
        since = mark["ended_before"] if mark else ""
        requests = await self._store.find("requests", {"accepted_at": {"$gte": since}}, sort=(("accepted_at", 1),))
        ended = await self._store.get_many("outcomes", [request["_id"] for request in requests])
        return [r for r in requests if r["_id"] not in ended and (r["kind"] in COMMANDS or r.get("redrive"))]

    async def resend_all(self) -> int:
        """At the start of an embedded house, whose bus begins empty: send everything that is open; how many."""
        await self._finish_outcomes()
        open_ = await self.open_requests()
        for request in open_:
            await self._send(request)
        return len(open_)

    async def _finish_outcomes(self) -> None:
        """Complete the runs whose outcome was written just before a crash, and whose document was not."""
        newest = await self._store.find("outcomes", sort=(("at", -1),), limit=_NEWEST)
        ended = [outcome["_id"] for outcome in newest]
        runs = await self._store.get_many("runs", ended)
        for run_id in ended:
            if runs.get(run_id, {}).get("finished_at") is None:
                await self._writer.derive_runs([run_id])

    async def _consider(self, request: Document, now: datetime) -> None:
        run_id = request["_id"]
        sent = await self._store.get_many("resends", [f"{run_id}/{n}" for n in range(1, len(AFTER) + 1)])
        last = await self._store.find("log", {"run_id": run_id}, sort=(("seq", -1),), limit=1)
        signs = [request["accepted_at"], *(d["at"] for d in sent.values()), *(d["written_at"] for d in last)]
        alive = datetime.fromisoformat(max(signs))
        due = AFTER[min(len(sent), len(AFTER) - 1)]
        queue = _queue(request)
        if now - alive < due or (queue and await self._backlog.empty_at(queue) <= alive):
            return
        if len(sent) == len(AFTER):
            reason = f"lost: sent {len(AFTER) + 1} times, and no answer came; ask for it again"
            await self._fail(run_id, reason, now)
            return
        try:
            await self._store.insert("resends", {"_id": f"{run_id}/{len(sent) + 1}", "at": stamp(now)})
        except Duplicate:
            return
        await self._send(request)

    async def _send(self, request: Document) -> None:
        log.info("sent again", run_id=request["_id"], kind=request["kind"])
        if request.get("redrive"):
            order = await self._store.get("orders", request["_id"])
            if order is not None:
                await send_order(self._store, self._publisher, self._writer, order)
            return
        await self._publisher.publish(command_message(request["kind"], request["arguments"], request["_id"], "journal"))

    async def _end_by_letters(self, now: datetime) -> None:
        """A dead letter on the closing path ends its run, if nothing else did in the meantime."""
        since, until = self._letters_since or now - _LOOK_BACK, now - self._grace
        letters = await self._store.find("dead_letters", {"at": {"$gte": stamp(since), "$lte": stamp(until)}})
        of_runs = [letter for letter in letters if letter.get("run_id")]
        ended = await self._store.get_many("outcomes", [letter["run_id"] for letter in of_runs])
        for letter in of_runs:
            if letter["run_id"] in ended:
                continue
            run = await self._store.get("runs", letter["run_id"]) or await self._store.get("requests", letter["run_id"])
            if run is not None and letter["key"] in path_keys(run["kind"]):
                await self._fail(letter["run_id"], letter["reason"], now)
        self._letters_since = until - _OVERLAP

    async def _fail(self, run_id: str, reason: str, now: datetime) -> None:
        await self._writer.close_run({"_id": run_id, "state": "failed", "at": stamp(now), "reason": reason})
        await self._writer.derive_runs([run_id])


def _queue(request: Document) -> str | None:
    """Where the request waits, if its kind is one that a service takes."""
    kind = request["kind"]
    if kind in COMMANDS:
        return COMMANDS[kind].queue
    return next(iter(EVENTS[kind].heard_by), None) if kind in EVENTS else None
