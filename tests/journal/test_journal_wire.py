"""The journal as it is deployed: on RabbitMQ, with the rights of its user, and on a store behind a network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from contracts.message import scout_id
from contracts.run import RunFailed, RunFinished
from services.chassis.answers import stamp
from services.chassis.bus_aio import AioBus
from services.chassis.cause import carry
from services.chassis.files import LocalFiles
from services.chassis.office import OfficeReporter
from services.chassis.settings import Settings
from services.chassis.store_mongo import MongoStore
from services.journal.journal import Journal
from tests.engine import Broker, Vhost
from tests.examples import NOON, analysis_completed, cause_of, event_from
from tests.journal.conftest import RUN, scored


@dataclass
class Wire:
    """A virtual host and a database, and journals on them."""

    vhost: Vhost
    url: str
    home: Path
    store: MongoStore
    stack: AsyncExitStack
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def bus(self, user: str) -> AioBus:
        return await self.stack.enter_async_context(AioBus(self.vhost.url(user), name=user))

    @asynccontextmanager
    async def journal(self) -> AsyncIterator[Journal]:
        """A journal process: a connection, a store and a boot of its own."""
        settings, store = Settings(home=self.home), MongoStore(self.url)
        reporter = OfficeReporter(lambda _: None, "journal", settings)
        async with AioBus(self.vhost.url("journal"), name="journal") as bus:
            journal = Journal(bus, store, LocalFiles(self.home), settings, reporter, bus, grace=0, pause=0.1)
            task = asyncio.create_task(journal.run())
            yield journal
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await store.close()

    async def written(self, collection: str, key: str) -> dict[str, Any]:
        """A document, once a journal wrote it."""
        async with asyncio.timeout(20):
            while (document := await self.store.get(collection, key)) is None:  # noqa: ASYNC110 - a store sets no event
                await asyncio.sleep(0.05)
        return document

    async def holds(self, collection: str, count: int) -> None:
        """Wait until a collection has so many documents."""
        async with asyncio.timeout(60):
            while await self.store.count(collection) < count:  # noqa: ASYNC110 - a store sets no event
                await asyncio.sleep(0.05)

    async def accept(self) -> None:
        """Accept an analysis, as the gateway does."""
        kind, arguments = "scout.tasks.analyze_niche", {"niche_id": scout_id("niche")}
        request = {"_id": RUN, "kind": kind, "arguments": arguments, "accepted_at": stamp(NOON)}
        await self.store.insert("requests", request)


@pytest.fixture
async def wire(broker: Broker, mongo_url: str, tmp_path: Path) -> AsyncIterator[Wire]:
    store = MongoStore(mongo_url)
    with broker.vhost() as vhost:
        async with AsyncExitStack() as stack:
            yield Wire(vhost, mongo_url, tmp_path, store, stack)
    await store.close()


async def test_a_run_ends_when_its_closing_event_is_written(wire: Wire):
    """Each service tells its own; the journal writes events, run, outcome and row, and then says that the run ended."""
    gateway, analysis, scoring = [await wire.bus(user) for user in ("gateway", "analysis", "scoring")]
    await wire.accept()
    async with asyncio.timeout(30), wire.journal() as journal, gateway.listen("gateway", "run.#") as heard:
        await analysis.publish(event_from("analysis", analysis_completed(), event_id=scout_id("done")))
        await scoring.publish(scored())
        message = await anext(heard)

        outcome = RunFinished.from_json(message.body).outcome
        assert (RUN, "done", "journal") == (outcome.run_id, outcome.state, message.user)
        assert {scout_id("done"), scout_id("scored")} == set(
            await wire.store.get_many("events", [scout_id("done"), scout_id("scored")])
        )
        assert "done" == (await wire.written("runs", RUN))["state"]
        assert scout_id("scored") == (await wire.written("outcomes", RUN))["event_id"]
        assert await wire.store.get("leaderboard", scout_id("niche")) is not None
        assert journal.active


async def test_a_dead_letter_is_recorded_and_fails_its_run(wire: Wire):
    """What scoring gave up comes to the journal over scoring's own exchange, with its reason."""
    gateway, scoring = await wire.bus("gateway"), await wire.bus("scoring")
    await wire.accept()
    cause = cause_of(event_from("analysis", analysis_completed()), "scoring")
    async with asyncio.timeout(30), wire.journal(), gateway.listen("gateway", "run.#") as heard:
        await scoring.publish(carry(cause, "scoring", "dead", "ValueError: boom", errors=3))
        message = await anext(heard)

    assert "ValueError: boom" == RunFailed.from_json(message.body).outcome.reason
    (letter,) = await wire.store.find("dead_letters")
    assert ("scoring", "analysis", 3, RUN) == tuple(letter[k] for k in ("service", "publisher", "errors", "run_id"))


async def test_a_second_journal_takes_over(wire: Wire):
    """One of two journals works; when it is gone the other does, and each event is written once, in one order."""
    analysis = await wire.bus("analysis")
    told: list[str] = []

    async def tell() -> None:
        while True:
            event_id = scout_id("event", len(told))
            event = event_from("analysis", analysis_completed(), event_id=event_id, run_id=event_id)
            await analysis.publish(event)
            told.append(event_id)
            await asyncio.sleep(0.02)

    async with AsyncExitStack() as second:
        async with wire.journal() as first:
            await until(lambda: first.active)
            other = await second.enter_async_context(wire.journal())
            telling = asyncio.create_task(tell())
            await wire.holds("events", 20)
            assert not other.active
        await until(lambda: other.active)
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        await wire.holds("log", len(told))

    log = await wire.store.find("log", sort=(("seq", 1),))
    assert set(told) <= {entry["_id"] for entry in log}
    assert len(log) == len({entry["seq"] for entry in log}) == await wire.store.count("events")


async def test_a_standby_learns_that_it_is_active_without_any_event(wire: Wire):
    """The broker tells nobody that it is the active one; a journal's own tick does."""
    async with AsyncExitStack() as second:
        async with wire.journal() as first:
            await until(lambda: first.active)
            other = await second.enter_async_context(wire.journal())
            await asyncio.sleep(0.5)
            assert not other.active
        await until(lambda: other.active)


async def until(condition: Any) -> None:
    """Wait for a condition; a tick comes every 10 s."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what it waits for sets no event
            await asyncio.sleep(0.05)
