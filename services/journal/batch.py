"""One batch of events: written, read back, and everything that follows from what is written.

A repeat writes nothing new but completes all later steps, so a crash between any two of them heals itself.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from contracts.run import Outcome, RunFailed, RunFinished
from services.chassis.answers import answer_id, event_document, stamp
from services.chassis.bus import Publisher
from services.chassis.cause import Cause
from services.chassis.files import Files
from services.chassis.office import HOST
from services.chassis.store import Document, Store
from services.chassis.wire import envelope_for, event_message, parse_event
from services.journal.markets import project_market
from services.journal.outcomes import kind_of, outcome_of
from services.journal.projections import leaderboard_row, run_document

_LONGEST_HOST = 100
_AT_ONCE = 50
"""How many runs or niches are read and written together: few round trips, and no great heap in memory."""


@dataclass
class Writer:
    """Writes batches. `seq` is the number of the newest event in the order of the journal."""

    store: Store
    files: Files
    publisher: Publisher
    seq: int = -1
    _deriving: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def write(self, causes: Sequence[Cause]) -> list[Document]:
        """Write what these causes tell, in their order; the documents as they stand in the store."""
        fresh = {cause.id: _document(cause) for cause in causes}
        await self.store.insert_many("events", list(fresh.values()))
        written = list((await self.store.get_many("events", fresh)).values())
        await self._number(list(fresh), written)
        return written

    async def derive(self, written: Sequence[Document]) -> None:
        """Outcomes, projections and `run.*` of what is written."""
        markets = {d["market"]: None for d in written if d["type"] in {"observations.imported", "niche.watched"}}
        for market in markets:
            await project_market(self.store, self.files, market)
        await self.derive_niches({d["niche_id"] for d in written if d["type"] == "opportunity.scored"})
        # Last: whoever hears of a run's end can read all that it wrote.
        await self.derive_runs(dict.fromkeys(document["correlation_id"] for document in written))

    async def derive_runs(self, runs: Iterable[str]) -> None:
        """The runs' outcomes, where they have one now, their documents, and the news of their ends."""
        async with self._deriving:  # what was read must not be written over what another read after it
            wanted = list(runs)
            for start in range(0, len(wanted), _AT_ONCE):
                await self._derive_runs(wanted[start : start + _AT_ONCE])

    async def _derive_runs(self, runs: Sequence[str]) -> None:
        events: dict[str, list[Document]] = {run_id: [] for run_id in runs}
        for event in await self.store.find("events", {"correlation_id": {"$in": list(runs)}}, sort=(("time", 1),)):
            events[event["correlation_id"]].append(event)
        requests = await self.store.get_many("requests", runs)
        outcomes = await self.store.get_many("outcomes", runs)
        found = [
            outcome
            for run_id in runs
            if run_id not in outcomes
            and (outcome := outcome_of(run_id, kind_of(run_id, events[run_id], requests.get(run_id)), events[run_id]))
        ]
        outcomes |= await self._close(found)
        documents = [
            run_document(run_id, events[run_id], requests.get(run_id), outcomes.get(run_id)) for run_id in runs
        ]
        await self.store.replace("runs", *documents)
        for run_id in runs:
            if run_id in outcomes:
                await self.tell_outcome(outcomes[run_id])

    async def _close(self, outcomes: Sequence[Document]) -> dict[str, Document]:
        """Insert outcomes; where another was first, that one stays. As they are written, by run."""
        if not outcomes:
            return {}
        await self.store.insert_many("outcomes", outcomes)
        return await self.store.get_many("outcomes", [outcome["_id"] for outcome in outcomes])

    async def close_run(self, outcome: Document) -> Document:
        """Insert an outcome; the one that was first stays."""
        return (await self._close([outcome]))[outcome["_id"]]

    async def tell_outcome(self, document: Document) -> None:
        """Publish `run.finished` or `run.failed`: everything that the run wrote can be read now."""
        fields = {name: value for name, value in document.items() if name != "_id"}
        at = datetime.fromisoformat(fields.pop("at"))
        outcome = Outcome(run_id=document["_id"], at=at, **fields)
        event = (RunFinished if outcome.state == "done" else RunFailed)(outcome=outcome)
        event_id = answer_id(outcome.run_id, "outcome")
        envelope = envelope_for(event, event_id, "journal", at, outcome.run_id, None, "")
        await self.publisher.publish(event_message(event, envelope, HOST), confirm=False)

    async def derive_niches(self, niches: Iterable[str]) -> None:
        """The leaderboard's rows of these niches."""
        wanted = list(niches)
        for start in range(0, len(wanted), _AT_ONCE):
            await self._derive_niches(wanted[start : start + _AT_ONCE])

    async def _derive_niches(self, niches: Sequence[str]) -> None:
        scored: dict[str, list[Document]] = {niche_id: [] for niche_id in niches}
        where = {"type": "opportunity.scored", "niche_id": {"$in": list(niches)}}
        for document in await self.store.find("events", where):
            scored[document["niche_id"]].append(document)
        every = [document for documents in scored.values() for document in documents]
        log = await self.store.get_many("log", [document["_id"] for document in every])
        seqs = {key: entry["seq"] for key, entry in log.items()}
        gone = set(await self.store.get_many("tombstones", [d["analysis_id"] for d in every if "analysis_id" in d]))
        rows = [leaderboard_row(niche_id, documents, seqs, gone) for niche_id, documents in scored.items()]
        await self.store.replace("leaderboard", *[row for row in rows if row is not None])

    async def _number(self, order: Sequence[str], written: Sequence[Document]) -> None:
        """Give each event that has none its place in the journal's order."""
        by_id = {document["_id"]: document for document in written}
        numbered = await self.store.get_many("log", order)
        entries: list[Document] = []
        now = stamp(datetime.now(UTC))
        for event_id in order:
            if event_id in numbered or event_id not in by_id:
                continue
            if self.seq < 0:
                last = await self.store.find("log", sort=(("seq", -1),), limit=1)
                self.seq = last[0]["seq"] if last else 0
            self.seq += 1
            document = by_id[event_id]
            named = ("type", "time", "niche_id", "market", "source", "host", "subject")
            entry = {"_id": event_id, "seq": self.seq, "run_id": document["correlation_id"], "written_at": now}
            entries.append(entry | {name: document[name] for name in named if name in document})
        await self.store.insert_many("log", entries)


def _document(cause: Cause) -> Document:
    assert cause.envelope is not None
    host = str(cause.headers.get("cloudEvents_host", ""))[:_LONGEST_HOST]
    return event_document(cause.envelope, cause.body, parse_event(cause.key, cause.body), host)
