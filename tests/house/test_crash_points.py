"""The world stops at every point of a run, before and after the operation took effect; then the house opens again."""

import asyncio
from collections.abc import Awaitable, Callable
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


async def each_point(tmp_path: Path, command: str, arguments: dict, check: Callable[[SqliteStore], Awaitable[None]]):
    """Crash at point 1, 2, 3, ... until the run gets by without; check the store after each."""
    for stop in range(1, 500):
        home = tmp_path / str(stop)
        points = await crash_at(stop, home, command, arguments)
        store = SqliteStore(home / "store.sqlite")
        await check(store)
        await store.close()
        if not points.stopped.is_set():
            return points.passed
    pytest.fail("the run never got by without a crash")


async def test_an_analysis_survives_a_crash_at_every_point(tmp_path: Path):
    """Wherever the house is killed, the run has one outcome, and the one score is of the one written analysis."""

    async def check(store: SqliteStore) -> None:
        outcome = await store.get("outcomes", RUN)
        analyses = await store.find("events", {"type": "analysis.completed"})
        scores = await store.find("events", {"type": "opportunity.scored"})
        rows = await store.find("leaderboard")
        run = await store.get("runs", RUN)

        assert ("done", "done") == (outcome["state"], run["state"])
        assert (1, 1, 1) == (len(analyses), len(scores), len(rows))
        assert outcome["event_id"] == scores[0]["_id"] == rows[0]["event_id"]
        nonce = analyses[0]["body"].split('"niche_name":"')[1].split('"')[0]
        assert nonce in scores[0]["body"]
        assert 0 == await store.count("dead_letters")

    passed = await each_point(tmp_path, "scout.tasks.analyze_niche", {"niche_id": "n", "params": {}}, check)

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

    async def check(store: SqliteStore) -> None:
        updated = await store.find("events", {"type": "trend.updated"})
        closed = await store.find("events", {"type": "trends.refreshed"})
        outcome = await store.get("outcomes", RUN)

        assert (2, 1) == (len(updated), len(closed))
        assert ("done", closed[0]["_id"]) == (outcome["state"], outcome["event_id"])

    await each_point(tmp_path, "scout.tasks.update_trend_data", {}, check)


async def test_a_domain_error_survives_a_crash_at_every_point(tmp_path: Path):
    """A run that fails has one outcome with its reason, wherever the house is killed."""

    async def check(store: SqliteStore) -> None:
        outcome = await store.get("outcomes", RUN)

        assert ("failed", "no such niche") == (outcome["state"], outcome["reason"])
        assert 0 == await store.count("leaderboard")

    await each_point(tmp_path, "scout.tasks.analyze_niche", {"niche_id": "unknown", "params": {}}, check)


async def test_a_broken_handler_ends_in_one_dead_letter_at_every_point(tmp_path: Path):
    """Three attempts, a dead letter with its reason, one failed outcome; a crash between may repeat an attempt."""

    async def check(store: SqliteStore) -> None:
        outcome = await store.get("outcomes", RUN)
        letters = await store.find("dead_letters")

        assert ("failed", "ValueError: boom") == (outcome["state"], outcome["reason"])
        assert {"ValueError: boom"} == {letter["reason"] for letter in letters}
        assert {3} == {letter["errors"] for letter in letters}

    await each_point(tmp_path, "scout.tasks.analyze_niche", {"niche_id": "broken", "params": {}}, check)
