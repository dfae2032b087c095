"""The sidecar and its relay in front of a real HTTP server: what the office hears of a house."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import structlog
from structlog.testing import capture_logs

from contracts.status import SCOUT_AGENT, AgentStatus, Metrics
from services.chassis.bus_local import LocalBus
from services.chassis.files import LocalFiles
from services.chassis.office import OfficeReporter, error_text, working_text
from services.chassis.settings import Settings
from services.chassis.store_sqlite import SqliteStore
from services.cli.embedded import House
from services.gateway.app import create_app
from services.gateway.deps import Deps
from services.gateway.live import Live
from services.heartbeat.relay import Relay
from services.heartbeat.sidecar import Sidecar
from tests.examples import NOON
from tests.heartbeat.office import StubOffice, free_port, running, serving
from tests.house.toy import toy_services

TOKEN = "s3cret-t0ken"  # noqa: S105 - of an office that a test plays
REGISTRY = {
    "agent_id": "scout_niche",
    "department": "scout",
    "name": "Анализ ниш",
    "salary_equivalent": 70000,
    "fte_coefficient": 1.0,
}


async def test_the_office_hears_the_agent_as_the_registry_has_it() -> None:
    """Work, its end with the day's counters, and an error with its text, under the registry's own identity."""
    office, settings = StubOffice(), Settings(timezone="UTC")
    bus = LocalBus()
    async with serving(office) as url:
        relay = Relay(f"{url}/api/", TOKEN)
        async with running(relay.run(), Sidecar(bus, [relay], settings).run()):
            reporter = await reporter_on(bus, settings)
            reporter.report_working(working_text("scout.tasks.analyze_niche", "n1"), task_id="t1")
            working = await office.seen(lambda one: one["state"] == "working")
            counted = {"niches_analyzed_today": 3, "opportunities_found": 2, "trends_updated": 5}
            reporter.report_idle(metrics={**counted, "last_update": "2026-11-24T06:00:00+00:00"})
            idle = await office.seen(lambda one: one["state"] == "idle" and len(one["metrics"]) > 2)
            reporter.report_error(error_text("scout.tasks.analyze_niche", RuntimeError("нет данных")))
            error = await office.seen(lambda one: one["state"] == "error")

    for told in (working, idle, error):
        assert REGISTRY.items() <= told.items()
    assert (working["text"], working["task_id"]) == ("Анализ ниши n1", "t1")
    assert counted.items() <= idle["metrics"].items()
    assert idle["metrics"]["last_update"] == "2026-11-24T06:00:00+00:00"
    assert error["text"] == "Анализ ниши: нет данных"
    assert {(one["method"], one["path"]) for one in office.asked} == {("PUT", "/api/agents/scout_niche")}
    assert {one["headers"]["authorization"] for one in office.asked} == {f"Bearer {TOKEN}"}
    assert office.most_at_once == 1


async def reporter_on(bus: LocalBus, settings: Settings) -> OfficeReporter:
    """A reporter of the analysis service whose statuses the sidecar hears."""
    while not bus._listeners:  # noqa: ASYNC110 - a bus sets no event
        await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    sent = set()

    def send(message: Any) -> None:
        sent.add(loop.create_task(bus.publish(message, confirm=False)))

    return OfficeReporter(send, "analysis", settings)


async def test_our_own_gateway_is_such_an_office(tmp_path: Path) -> None:
    """A house may show another house's agents: the relay's request is the gateway's PUT."""
    store = SqliteStore(tmp_path / "store.sqlite")
    deps = Deps(LocalBus(), store, LocalFiles(tmp_path), Settings(home=tmp_path), Live())
    async with serving(create_app(deps)) as url:
        relay = Relay(f"{url}/v1", TOKEN)
        async with running(relay.run()):
            counted = Metrics(day="2026-11-24", opportunities_found=1)
            state = {"state": "working", "text": "Экспорт отчёта", "sent_at": NOON, "metrics": counted}
            await relay.put(AgentStatus(**SCOUT_AGENT.model_dump(), **state))
            await relay.finish()
    written = await store.get("agents", "scout_niche")
    await store.close()

    assert written is not None
    assert REGISTRY.items() <= written.items()
    assert (written["text"], written["metrics"]["opportunities_found"]) == ("Экспорт отчёта", 1)


async def test_a_house_with_an_office_relays_and_keeps_its_own_agents(tmp_path: Path) -> None:
    """Its own page shows what the office shows; the last state goes out before the house closes."""
    office = StubOffice()
    async with serving(office) as url:
        settings = Settings(home=tmp_path, office_url=url, office_token=TOKEN)
        services, _ = toy_services()
        async with asyncio.timeout(30), House(settings, services=services, heavy=lambda *_: _never) as house:
            house.tools("analysis").reporter.report_error("нет данных")
            transport = httpx.ASGITransport(house.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://scout") as http:
                await office.seen(lambda one: one["state"] == "error")
                own = (await http.get("/v1/agents/scout_niche")).json()
            house.tools("analysis").reporter.report_idle()
            while (await house.store.get("agents", "scout_niche") or {})["state"] != "idle":  # noqa: ASYNC110 - nor a store
                await asyncio.sleep(0)

    assert (own["state"], own["text"]) == ("error", "нет данных")
    assert office.agents[-1]["state"] == "idle"


async def test_a_house_whose_office_is_away_closes_as_fast_as_any(tmp_path: Path) -> None:
    """A dead office harms nobody: the house works, shows its agents, and is not held up at its end."""
    settings = Settings(home=tmp_path, office_url=f"http://127.0.0.1:{free_port()}")
    services, _ = toy_services()
    structlog.reset_defaults()
    with capture_logs() as logs:
        async with asyncio.timeout(30), House(settings, services=services, heavy=lambda *_: _never) as house:
            house.tools("analysis").reporter.report_idle()
            await house.settle()
            await house.sidecar.flush()
            agents = await house.store.count("agents")

    assert agents == 1
    assert "ConnectError" in [entry.get("error") for entry in logs]


async def _never(*_: Any) -> str:
    raise AssertionError("nothing heavy is asked for here")
