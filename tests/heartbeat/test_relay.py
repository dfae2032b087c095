"""The relay against a real HTTP server that plays an office: healthy, failing, silent, and away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
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
from services.heartbeat.relay import LONGEST, TIMEOUT, Relay
from services.heartbeat.sidecar import Sidecar
from tests.heartbeat.office import StubOffice, free_port, serving
from tests.house.toy import toy_services

TOKEN = "s3cret-t0ken"  # noqa: S105 - of an office that a test plays
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
REGISTRY = {
    "agent_id": "scout_niche",
    "department": "scout",
    "name": "Анализ ниш",
    "salary_equivalent": 70000,
    "fte_coefficient": 1.0,
}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def agent(text: str, at: int = 0, **more: Any) -> AgentStatus:
    """The agent at work on something."""
    sent_at = NOON + timedelta(seconds=at)
    return AgentStatus(**SCOUT_AGENT.model_dump(), state="working", text=text, sent_at=sent_at, **more)


class Pauses:
    """Stands in for the clock between two tries: notes how long each is, and ends it when the test says."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._came, self._go = asyncio.Event(), asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        self._came.set()
        await self._go.wait()
        self._go.clear()

    async def next(self) -> None:
        """Wait until the relay waits."""
        await self._came.wait()
        self._came.clear()

    def over(self) -> None:
        """End the pause."""
        self._go.set()


@asynccontextmanager
async def running(*work: Any) -> AsyncIterator[None]:
    """Run these while the test does something."""
    tasks = [asyncio.create_task(one) for one in work]
    async with asyncio.timeout(30):
        yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


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
    while not bus._listeners:
        await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    sent = set()

    def send(message: Any) -> None:
        sent.add(loop.create_task(bus.publish(message, confirm=False)))

    return OfficeReporter(send, "analysis", settings)


async def test_of_what_waits_only_the_newest_state_is_sent() -> None:
    """While the office fails, states come and go; it gets the last of them, and pauses grow with a jitter."""
    office, pauses = StubOffice(500, 503, 502), Pauses()
    async with serving(office) as url:
        relay = Relay(url, TOKEN, sleep=pauses)
        async with running(relay.run()):
            for number in range(3):
                await relay.put(agent(f"task {number}", number))
                await pauses.next()
                if number < 2:
                    pauses.over()
                    await office.was_asked(number + 2)
            await relay.put(agent("newest", 9))
            pauses.over()
            await office.seen(lambda one: one["text"] == "newest")

    assert [one["text"] for one in office.agents] == ["newest"]
    assert all(
        low <= pause <= high for pause, (low, high) in zip(pauses.asked, [(0.5, 1), (1, 2), (2, 4)], strict=True)
    )


async def test_an_office_that_does_not_answer_is_given_up_after_two_seconds() -> None:
    """The request is ended, and the state goes out again."""
    office, pauses = StubOffice(0), Pauses()
    async with serving(office) as url:
        relay = Relay(url, TOKEN, sleep=pauses)
        async with running(relay.run()):
            with capture_logs() as logs:
                await relay.put(agent("patient"))
                await pauses.next()
            pauses.over()
            await office.seen(lambda one: one["text"] == "patient")

    assert TIMEOUT == 2
    assert [entry["error"] for entry in logs] == ["no answer within 2 s"]
    assert office.most_at_once == 1


async def test_an_office_that_is_away_gets_the_newest_state_when_it_is_back() -> None:
    """Nobody listens for a while; nothing is raised, and the pauses stop growing at a minute."""
    office, pauses, port = StubOffice(), Pauses(), free_port()
    relay = Relay(f"http://127.0.0.1:{port}", TOKEN, sleep=pauses)
    async with running(relay.run()):
        for number in range(12):
            await relay.put(agent(f"task {number}", number))
            await pauses.next()
            if number < 11:
                pauses.over()
        await relay.put(agent("newest", 99))
        async with serving(office, port):
            pauses.over()
            await office.seen(lambda one: one["text"] == "newest")

    assert [one["text"] for one in office.agents] == ["newest"]
    assert max(pauses.asked) <= LONGEST
    assert min(pauses.asked[-4:]) >= LONGEST / 2


@pytest.mark.parametrize("status", [302, 401, 404, 422])
async def test_an_office_that_refuses_is_an_office_that_is_away(status: int) -> None:
    """A wrong token or address is told once by its status, and tried again."""
    office, pauses = StubOffice(status), Pauses()
    async with serving(office) as url:
        relay = Relay(url, TOKEN, sleep=pauses)
        async with running(relay.run()):
            with capture_logs() as logs:
                await relay.put(agent("refused"))
                await pauses.next()
            pauses.over()
            await office.seen(lambda one: one["text"] == "refused")

    assert [entry["error"] for entry in logs] == [f"status {status}"]


async def test_a_state_that_the_office_knows_is_not_sent_again() -> None:
    """The sidecar repeats itself with every beat of its clock; the office is asked only for news."""
    office = StubOffice()
    async with serving(office) as url:
        relay = Relay(url)
        async with running(relay.run()):
            for text in ("one", "one", "two"):
                await relay.put(agent(text))
                await relay.finish()

    assert [one["text"] for one in office.agents] == ["one", "two"]
    assert "authorization" not in office.asked[0]["headers"]


async def test_one_agent_that_is_refused_does_not_hold_up_another() -> None:
    """What failed goes behind what waits."""
    office, pauses = StubOffice(422), Pauses()
    async with serving(office) as url:
        relay = Relay(url, sleep=pauses)
        other = agent("other").model_copy(update={"agent_id": "other/one"})
        await relay.put(agent("refused"))
        await relay.put(other)
        async with running(relay.run()):
            await pauses.next()
            pauses.over()
            await office.seen(lambda one: one["text"] == "refused")

    assert [one["text"] for one in office.agents] == ["other", "refused"]


async def test_our_own_gateway_is_such_an_office(tmp_path: Path) -> None:
    """A house may show another house's agents: the relay's request is the gateway's PUT."""
    store = SqliteStore(tmp_path / "store.sqlite")
    deps = Deps(LocalBus(), store, LocalFiles(tmp_path), Settings(home=tmp_path), Live())
    async with serving(create_app(deps)) as url:
        relay = Relay(f"{url}/v1", TOKEN)
        async with running(relay.run()):
            await relay.put(agent("Экспорт отчёта", metrics=Metrics(day="2026-11-24", opportunities_found=1)))
            await relay.finish()
    written = await store.get("agents", "scout_niche")
    await store.close()

    assert written is not None
    assert REGISTRY.items() <= written.items()
    assert (written["text"], written["metrics"]["opportunities_found"]) == ("Экспорт отчёта", 1)


@pytest.mark.parametrize("broken", [lambda url: f"{url}/", lambda _: "http://127.0.0.1:1", lambda _: "http://[::1"])
async def test_the_token_and_the_address_are_in_no_log(broken: Callable[[str], str]) -> None:
    """Whatever goes wrong, a log may be read by people who must not have them."""
    office, pauses = StubOffice(401), Pauses()
    async with serving(office) as url:
        address = broken(url).replace("http://", "http://user:password@")
        relay = Relay(address, TOKEN, sleep=pauses)
        async with running(relay.run()):
            with capture_logs() as logs:
                await relay.put(agent("x"))
                await pauses.next()

    assert len(logs) == 1
    assert not [word for word in (TOKEN, "password", "127.0.0.1") if word in str(logs)]
    assert TOKEN not in repr(Settings(office_url="http://office", office_token=TOKEN))


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
            while (await house.store.get("agents", "scout_niche") or {})["state"] != "idle":
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
