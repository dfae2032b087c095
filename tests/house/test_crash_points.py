"""The world stops at every point of a run, before and after the operation took effect; then the house opens again."""

import asyncio
from pathlib import Path

import pytest

from contracts.message import scout_id
from services.chassis.answers import stamp
from services.chassis.perform import perform
from services.chassis.settings import Settings
from services.chassis.store_sqlite import SqliteStore
from services.chassis.topology import topology
from services.chassis.wire import command_message
from services.cli.embedded import House
from tests.examples import NOON
from tests.house.crashing import CrashingBus, CrashingStore, Points
from tests.house.runs import RUNS
from tests.house.toy import toy_services

RUN = scout_id("crash")


def inline(house: House, service: str):
    """Heavy handlers run whole in this process."""
    tools = house.tools(service)

    async def heavy(handler, cause, limit):
        del limit
        return (await perform(handler, cause, tools)).kind

    return heavy


def open_house(home: Path, points: Points) -> House:
    store = CrashingStore(home / "store.sqlite")
    store.points = points
    bus = CrashingBus(points, topology(wait_ms=20))
    services, _ = toy_services()
    return House(Settings(home=home), bus=bus, store=store, heavy=inline, services=services, grace=0, pause=0.01)


async def accept(house: House, command: str, arguments: dict) -> None:
    """What the gateway does: the request is inserted, then published."""
    request = {"_id": RUN, "kind": command, "arguments": arguments, "accepted_at": stamp(NOON.now(NOON.tzinfo))}
    await SqliteStore.insert(house.store, "requests", request)
    await house.bus.publish(command_message(command, arguments, RUN, "gateway"))


async def crash_at(stop: int, home: Path, command: str, arguments: dict) -> Points:
    """Run the command in a house that stops at its `stop`-th point; then open it again and let it finish."""
    points = Points(stop)
    house = open_house(home, points)
    async with asyncio.timeout(20):
        await house.__aenter__()
        work = asyncio.create_task(accept(house, command, arguments))
        ended = asyncio.create_task(finished(house))
        stopped = asyncio.create_task(points.stopped.wait())
        await asyncio.wait([ended, stopped], return_when=asyncio.FIRST_COMPLETED)
        for task in (work, ended, stopped):
            task.cancel()
        await asyncio.gather(work, ended, stopped, return_exceptions=True)
        await house.stop()
    async with asyncio.timeout(20), open_house(home, Points(None)) as again:
        await finished(again)
    return points


async def finished(house: House) -> None:
    """The run has its outcome and no queue holds anything."""
    while True:
        await house.bus.drained()
        if await SqliteStore.get(house.store, "outcomes", RUN) and await SqliteStore.get(house.store, "runs", RUN):
            return
        await asyncio.sleep(0.005)


async def each_point(tmp_path: Path, name: str):
    """Crash at point 1, 2, 3, ... until the run gets by without; check the store after each."""
    command, arguments, check = RUNS[name]
    for stop in range(1, 500):
        home = tmp_path / str(stop)
        points = await crash_at(stop, home, command, arguments)
        store = SqliteStore(home / "store.sqlite")
        await check(store, RUN)
        await store.close()
        if not points.stopped.is_set():
            return points.passed
    pytest.fail("the run never got by without a crash")


async def test_an_analysis_survives_a_crash_at_every_point(tmp_path: Path):
    """Wherever the house is killed, the run has one outcome, and the one score is of the one written analysis."""
    passed = await each_point(tmp_path, "analysis")

    for point in (
        "before publish analysis.completed",
        "after insert events",
        "before ack analysis scout.tasks.analyze_niche",
        "after publish opportunity.scored",
        "before ack scoring analysis.completed",
        "after insert outcomes",
        "before publish run.finished",
        "after ack journal opportunity.scored",
    ):
        assert point in passed


async def test_a_handler_with_many_answers_survives_a_crash_at_every_point(tmp_path: Path):
    """An update of several trends has each of its answers once, and one outcome."""
    await each_point(tmp_path, "update")


async def test_a_domain_error_survives_a_crash_at_every_point(tmp_path: Path):
    """A run that fails has one outcome with its reason, wherever the house is killed."""
    await each_point(tmp_path, "domain error")


async def test_a_broken_handler_ends_in_one_dead_letter_at_every_point(tmp_path: Path):
    """Three attempts, a dead letter with its reason, one failed outcome; a crash between may repeat an attempt."""
    await each_point(tmp_path, "broken")
