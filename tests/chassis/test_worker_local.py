"""The two lanes, the budget of losses, and the waiting of a busy child."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.analysis import AnalysisCompleted
from contracts.panel import Leakage, PanelBuilt
from contracts.score import OpportunityScored
from services.chassis.bus_local import LocalBus
from services.chassis.files import LocalFiles
from services.chassis.office import OfficeReporter
from services.chassis.perform import Tools
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.store_sqlite import SqliteStore
from services.chassis.topology import topology
from services.chassis.wire import command_message
from services.chassis.worker_local import LocalWorker
from tests.examples import FILE, analysis_completed, event_from
from tests.house.toy import toy_score

EVENT = event_from("analysis", analysis_completed())


@asynccontextmanager
async def working(tmp_path: Path, service: Service, heavy: Any, wait_ms: int = 30_000) -> AsyncIterator[LocalBus]:
    """A bus on which a worker of `service` runs."""
    bus, store = LocalBus(topology(wait_ms)), SqliteStore(tmp_path / "store.sqlite")
    reporter = OfficeReporter(lambda _: None, service.name, Settings())
    tools = Tools(bus, store, LocalFiles(tmp_path), reporter, Settings())
    task = asyncio.create_task(LocalWorker(service, bus, tools, heavy, 1).run())
    async with asyncio.timeout(10):
        yield bus
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store.close()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, giving way to the worker."""
    while not condition():  # noqa: ASYNC110 - what it waits for sets no event
        await asyncio.sleep(0.002)


def scoring(function: Callable[[AnalysisCompleted], OpportunityScored] | None = None) -> Service:
    service = Service("scoring")

    @service.on(AnalysisCompleted, task="scout.tasks.calculate_opportunity_score")
    def calculate_opportunity_score(event: AnalysisCompleted) -> OpportunityScored:
        return function(event) if function else OpportunityScored(score=toy_score(event), currency="USD")

    @service.on(PanelBuilt)
    async def judge(event: PanelBuilt) -> None:
        """Heavy; run by the test's own `heavy`."""

    return service


async def never(_handler, _cause, _limit) -> str:
    raise AssertionError("a light handler's first attempt needs no child")


async def test_a_light_answer_is_told_and_its_cause_acknowledged(tmp_path: Path):
    """The worker's main process answers an event without a child."""
    async with working(tmp_path, scoring(), never) as bus:
        await bus.publish(EVENT)
        await until(lambda: not bus.depth("scoring"))

    assert 2 == bus.depth("journal")  # the analysis and its score


async def test_a_light_handlers_second_attempt_goes_to_a_child(tmp_path: Path):
    """After a failed attempt the message waits, comes back, and runs in a child with its own limit."""
    seen: list[tuple[str, int, float]] = []

    async def heavy(handler, cause, limit) -> str:
        seen.append((handler.name, cause.errors, limit))
        return "done"

    def broken(_event: AnalysisCompleted) -> OpportunityScored:
        raise ValueError("boom")

    async with working(tmp_path, scoring(broken), heavy, wait_ms=10) as bus:
        await bus.publish(EVENT)
        await until(lambda: bool(seen))
        await bus.drained("scoring", "scoring.wait")

    assert [("scout.tasks.calculate_opportunity_score", 1, 30)] == seen


async def test_a_light_handler_over_its_limit_is_a_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A handler that hangs does not hold the house; its next attempt runs where it can be killed."""
    seen: list[int] = []

    async def heavy(_handler, cause, _limit) -> str:
        seen.append(cause.losses)
        return "done"

    monkeypatch.setattr("services.chassis.worker_local.LIGHT_LIMIT", 0.01)
    hang = scoring(lambda event: time.sleep(0.1) or OpportunityScored(score=toy_score(event), currency="USD"))
    async with working(tmp_path, hang, heavy) as bus:
        await bus.publish(EVENT)
        await until(lambda: bool(seen))

    assert [1] == seen


async def test_a_lost_attempt_comes_back_until_its_budget_is_spent(tmp_path: Path):
    """Five killed attempts of a heavy handler end in the dead letters, with the limit in the reason."""
    service, seen = Service("analysis"), []

    @service.command("scout.tasks.analyze_niche")
    async def analyze_niche(niche_id: str, params: Any) -> None:
        """Heavy; run by the test's own `heavy`."""

    async def killed(_handler, cause, _limit) -> str:
        seen.append(cause.losses)
        return "lost"

    async with working(tmp_path, service, killed) as bus:
        await bus.publish(command_message("scout.tasks.analyze_niche", {"niche_id": "n"}, str(EVENT.id), "gateway"))
        await until(lambda: bus.depth("analysis.dead") == 1)
        async with bus.consume("analysis.dead", 1) as letters:
            letter = await anext(letters)

    assert [0, 1, 2, 3, 4] == seen
    assert (
        "lost: 5 attempts ended without an answer (process killed, or over the limit of 300 s)"
        == (letter.message.headers["scout-reason"])
    )


async def test_heavy_work_waits_while_the_only_child_of_a_light_service_is_busy(tmp_path: Path):
    """The second backtest goes to the waiting room, uncounted, and light events pass by."""
    busy, done = asyncio.Event(), asyncio.Event()

    async def heavy(_handler, _cause, _limit) -> str:
        busy.set()
        await done.wait()
        return "done"

    panel = event_from("analysis", _panel(), event_id="11111111-1111-4111-8111-111111111111")
    second = event_from("analysis", _panel(), event_id="21111111-1111-4111-8111-111111111111")
    async with working(tmp_path, scoring(), heavy) as bus:
        await bus.publish(panel)
        await busy.wait()
        await bus.publish(second)
        await until(lambda: bus.depth("scoring.wait") == 1)
        await bus.publish(EVENT)
        await until(lambda: bus.depth("scoring") == 1)  # only the busy one is left
        waiting = bus.queues["scoring.wait"].normal[0].message
        done.set()
        await until(lambda: bus.depth("scoring") == 0)

    assert (0, 0) == (waiting.headers["scout-errors"], waiting.headers["scout-losses"])


async def test_what_cannot_be_read_is_a_dead_letter_and_the_worker_lives(tmp_path: Path):
    """A malformed message ends with a reason that names the field; the next one is handled."""
    async with working(tmp_path, scoring(), never) as bus:
        await bus.publish(replace(EVENT, content_type="text/plain"))
        await bus.publish(replace(EVENT, body=b"{}"))
        await bus.publish(EVENT)
        await until(lambda: not bus.depth("scoring"))
        async with bus.consume("scoring.dead", 2) as letters:
            reasons = [(await anext(letters)).message.headers["scout-reason"] for _ in range(2)]

    assert reasons[0].startswith("refused: content type")
    assert reasons[1].startswith("refused: analysis_id")


async def test_a_tick_that_its_next_one_has_overtaken_is_not_run(tmp_path: Path):
    """A heartbeat of an hour ago is acknowledged unrun; the current one runs."""
    service, beats = Service("scoring"), []

    @service.command("scout.tasks.office_heartbeat")
    def office_heartbeat() -> None:
        beats.append(True)

    def beat(task: str, at: datetime):
        return command_message("scout.tasks.office_heartbeat", {}, task, "beat", timestamp=at.timestamp())

    now = datetime.now(UTC)
    async with working(tmp_path, service, never) as bus:
        await bus.publish(beat("11111111-1111-4111-8111-111111111111", now - timedelta(hours=1)))
        await bus.publish(beat("21111111-1111-4111-8111-111111111111", now))
        await until(lambda: not bus.depth("scoring"))

    assert [True] == beats


def _panel() -> PanelBuilt:
    leakage = Leakage(columns=(), cells=0, max_difference=0)
    return PanelBuilt(
        market="shop", horizon=8, panel=FILE, launches=FILE, cuts=(16,), niches=1, leakage=leakage, purged=True
    )
