"""A worker dies at every point of its handler while the house goes on: the delivery comes back, counted as a loss."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.message import scout_id
from services.chassis.answers import stamp
from services.chassis.bus_local import LocalBus
from services.chassis.perform import perform
from services.chassis.settings import Settings
from services.chassis.store_sqlite import SqliteStore
from services.chassis.topology import topology
from services.chassis.wire import Message, command_message
from services.cli.embedded import House
from tests.examples import NOON
from tests.house.crashing import CrashingStore, Points
from tests.house.toy import toy_services

RUN = scout_id("worker crash")


class CrashingPublisher:
    """The bus as a worker that dies reaches it."""

    def __init__(self, bus: LocalBus, points: Points) -> None:
        self.bus, self.points = bus, points

    async def publish(self, message: Message, *, confirm: bool = True) -> None:
        await self.points.at(f"before publish {message.key}")
        await self.bus.publish(message, confirm=confirm)
        await self.points.at(f"after publish {message.key}")


def dying(points: Points):
    """A worker whose first attempts end at the point; once it was passed, they go through."""

    def heavy_of(house: House, service: str):
        store = CrashingStore(house.settings.home / "store.sqlite")
        store.points = points
        tools = replace(house.tools(service), publisher=CrashingPublisher(house.bus, points), store=store)

        async def heavy(handler, cause, limit):
            del limit
            if points.stopped.is_set():
                return (await perform(handler, cause, house.tools(service))).kind
            work = asyncio.create_task(perform(handler, cause, tools))
            died = asyncio.create_task(points.stopped.wait())
            await asyncio.wait([work, died], return_when=asyncio.FIRST_COMPLETED)
            kind = "lost" if died.done() else work.result().kind
            for task in (work, died):
                task.cancel()
            await asyncio.gather(work, died, return_exceptions=True)
            await store.close()
            return kind

        return heavy

    return heavy_of


@pytest.mark.parametrize("stop", range(1, 10))
async def test_a_worker_that_dies_leaves_one_answer_and_one_outcome(tmp_path: Path, stop: int):
    """Whatever the dead worker wrote is what the next attempt tells; the loss is noted in the run."""
    points = Points(stop)
    services, _ = toy_services()
    bus = LocalBus(topology(wait_ms=20))
    house = House(Settings(home=tmp_path), bus=bus, heavy=dying(points), services=services, grace=0, pause=0.01)
    async with asyncio.timeout(20), house:
        arguments = {"niche_id": "n", "params": {}}
        accepted = stamp(NOON.now(NOON.tzinfo))
        kind = "scout.tasks.analyze_niche"
        await house.store.insert(
            "requests", {"_id": RUN, "kind": kind, "arguments": arguments, "accepted_at": accepted}
        )
        await bus.publish(command_message(kind, arguments, RUN, "gateway"))
        while not await house.store.get("outcomes", RUN):
            await bus.drained()
        await bus.drained()

    store = SqliteStore(tmp_path / "store.sqlite")
    outcome, run = await store.get("outcomes", RUN), await store.get("runs", RUN)
    analyses = await store.find("events", {"type": "analysis.completed"})
    scores = await store.find("events", {"type": "opportunity.scored"})
    notes = await store.count("events", {"type": "attempt.noted"})
    await store.close()

    assert ("done", "done", 1, 1) == (outcome["state"], run["state"], len(analyses), len(scores))
    nonce = analyses[0]["body"].split('"niche_name":"')[1].split('"')[0]
    assert nonce in scores[0]["body"]
    told_twice = points.stopped.is_set() and "after insert events" not in points.passed and stop > 1
    assert notes == (2 if told_twice else 1)
