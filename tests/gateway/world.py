"""What the rest of the house would have written: markets and niches, and events through the journal's own writer."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from contracts.analysis import AnalysisCompleted
from contracts.message import Event, FileRef, scout_id
from contracts.report import Report, ReportExported
from contracts.score import Estimate, OpportunityScored, Score
from services.chassis.bus_local import LocalBus
from services.chassis.store_sqlite import SqliteStore
from services.chassis.wire import Message, envelope_for, event_message
from services.gateway.deps import Deps
from services.journal.batch import Writer
from tests.examples import NOON, analysis_completed, cause_of

FILE = FileRef(key="reports/" + "1" * 64 + ".csv", sha256="1" * 64, size=2)
KEYS = {AnalysisCompleted: "analysis", OpportunityScored: "scoring", ReportExported: "export"}


async def market(deps: Deps, name: str = "shop", **changes: Any) -> None:
    """A market that was imported, with data of every day of 2017 until 30 November."""
    document = {
        "_id": name,
        "name": name.title(),
        "currency": "USD",
        "timezone": "Europe/Moscow",
        "grain": "day",
        "first_day": "2017-01-01",
        "last_day": "2017-11-30",
        "imports": 1,
        "niches": 0,
    }
    await deps.store.replace("markets", document | changes)


async def niche(deps: Deps, name: str, market: str = "shop") -> str:
    """A niche of a market; its id."""
    key = scout_id(market, "category", name)
    document = {
        "_id": key,
        "market": market,
        "kind": "category",
        "path": f"Food/{name}",
        "name": name,
        "watched": False,
    }
    await deps.store.replace("niches", document)
    return key


def score(niche_id: str, opportunity: float | None, **changes: Any) -> OpportunityScored:
    """The score of a niche; without an opportunity it is insufficient."""
    estimate = None if opportunity is None else Estimate(score=opportunity, lo=opportunity - 5, hi=opportunity + 5)
    fields: dict[str, Any] = {
        "id": scout_id("score", niche_id),
        "analysis_id": scout_id("analysis", niche_id),
        "niche_id": niche_id,
        "niche_name": "Tea",
        "market": "shop",
        "run_id": scout_id("run", niche_id),
        "as_of": date(2017, 11, 5),
        "model": "shipped",
        "growth": estimate,
        "entry": estimate,
        "opportunity": estimate,
        "verdict": "insufficient" if opportunity is None else "enter",
        "confidence": "high",
    }
    return OpportunityScored(score=Score(**(fields | changes)), currency="USD", revenue_8w=1000.5)


def report(run_id: str, file: FileRef = FILE, filename: str = "shop.csv") -> ReportExported:
    """A finished report."""
    return ReportExported(
        report=Report(
            id=scout_id("report", run_id),
            run_id=run_id,
            kind="leaderboard",
            market="shop",
            format="csv",
            lang="en",
            filename=filename,
            file=file,
            expires=NOON + timedelta(days=30),
        )
    )


def message(event: Event, service: str, run_id: str, at: datetime = NOON, cause: str | None = None) -> Message:
    """The message of an event in a run."""
    key = scout_id(run_id, type(event).__name__, at.isoformat())
    return event_message(event, envelope_for(event, key, service, at, run_id, cause, ""), "test")


async def write(deps: Deps, *messages: Message) -> None:
    """Write events as the journal does, with all that follows from them."""
    writer = Writer(deps.store, deps.files, deps.bus)
    await writer.derive(await writer.write([cause_of(one, "journal") for one in messages]))


async def scored(deps: Deps, name: str, opportunity: float | None, market: str = "shop", **changes: Any) -> str:
    """A niche that was analysed and scored; its id."""
    key = await niche(deps, name, market)
    event = score(key, opportunity, niche_name=name, market=market, **changes)
    await write(deps, message(event, "scoring", scout_id("run", key)))
    return key


def analysed(niche_id: str, series: FileRef, **changes: Any) -> AnalysisCompleted:
    """An analysis of a niche whose whole lies in `series`."""
    fields = {"niche_id": niche_id, "analysis_id": scout_id("analysis", niche_id), "series": series}
    return analysis_completed(**(fields | changes))


async def taken(bus: LocalBus, queue: str, count: int) -> list[Message]:
    """The messages that wait in a queue."""
    found: list[Message] = []
    async with bus.consume(queue, count) as deliveries:
        async for delivery in deliveries:
            found.append(delivery.message)
            if len(found) == count:
                break
    return found


def arguments(sent: Message) -> Mapping[str, Any]:
    """The named arguments of a command."""
    kwargs: Mapping[str, Any] = json.loads(sent.body)[1]
    return kwargs


def refusing(bus: LocalBus) -> None:
    """Make the bus refuse the gateway's messages until `trusting`."""
    bus.plan.users["gateway"] = replace(bus.plan.users["gateway"], write="^$")


def trusting(bus: LocalBus) -> None:
    """Make the bus take them again."""
    bus.plan.users["gateway"] = replace(bus.plan.users["gateway"], write=".*")


def without_store(deps: Deps) -> None:
    """Take the store's folder away."""
    assert isinstance(deps.store, SqliteStore)
    (deps.settings.home / "file").touch()
    deps.store.path = deps.settings.home / "file" / "store.sqlite"


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
