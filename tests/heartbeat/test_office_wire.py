"""The office of the deployed house: workers on RabbitMQ, the sidecar as a process, an Office Dashboard over HTTP."""

import asyncio
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.chassis.wire import command_message
from tests.embedded.home import eventually
from tests.engine import Broker, Vhost
from tests.heartbeat.office import StubOffice, free_port, serving
from tests.wiretap import tap
from tests.workers import ROOT, worker

APP = "tests.chassis.wire_toy"
EMPLOYEE = {
    "agent_id": "scout_niche",
    "department": "scout",
    "name": "Анализ ниш",
    "salary_equivalent": 70000,
    "fte_coefficient": 1.0,
}
PATIENCE = 60


@pytest.fixture
def vhost(broker: Broker) -> Iterator[Vhost]:
    with broker.vhost(wait_ms=300) as vhost:
        yield vhost


async def gateway(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
    """The house's own gateway, which shows no agent yet and takes every state."""
    del scope
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": b'{"items": []}'})


@contextmanager
def heartbeat(vhost: Vhost, home: Path, url: str, office: str) -> Iterator[Path]:
    """The sidecar as compose starts it; its pulse file is there once it listens."""
    pulse = home / "heartbeat.pulse"
    settings = {"BROKER_URL": vhost.url("heartbeat"), "URL": url, "OFFICE_URL": office, "OFFICE_TOKEN": "secret"}
    settings["PULSE_FILE"] = str(pulse)
    with (home / "heartbeat.log").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.heartbeat"],
            cwd=ROOT,
            env=os.environ | {"NO_PROXY": "127.0.0.1"} | {f"SCOUT_{name}": value for name, value in settings.items()},
            stdout=out,
            stderr=out,
        )
    try:
        yield pulse
    finally:
        process.terminate()
        try:
            process.wait(20)
        finally:
            process.kill()
            process.wait()


@pytest.fixture
async def port(vhost: Vhost, tmp_path: Path) -> AsyncIterator[int]:
    """The port of an office that the running house's sidecar tells; nobody listens there yet."""
    port = free_port()
    async with serving(gateway) as url:
        with heartbeat(vhost, tmp_path, url, f"http://127.0.0.1:{port}") as pulse:
            await asyncio.to_thread(eventually, pulse.exists)  # what is said before, nobody hears
            yield port


def ask(vhost: Vhost, niche: str) -> None:
    with tap(vhost, "caller") as caller:
        command = command_message("scout.tasks.analyze_niche", {"niche_id": niche}, str(uuid.uuid4()), "caller")
        caller.send(command)


async def test_the_office_sees_the_employee_as_the_registry_has_it(vhost: Vhost, tmp_path: Path, port: int):
    """Working with the text, idle with what came of it, error with the text: the same employee each time."""
    office = StubOffice()
    with worker(vhost, "analysis", tmp_path, APP):
        async with asyncio.timeout(PATIENCE), serving(office, port):
            ask(vhost, "slow")
            working = await office.seen(lambda one: one["state"] == "working" and one["text"] == "Анализ ниши slow")
            idle = await office.seen(lambda one: one["state"] == "idle" and "opportunities_found" in one["metrics"])
            ask(vhost, "broken")
            failed = await office.seen(lambda one: one["state"] == "error" and one["text"] == "Анализ ниши: boom")

    for seen in (working, idle, failed):
        assert EMPLOYEE.items() <= seen.items()
    assert {("PUT", "/agents/scout_niche")} == {(one["method"], one["path"]) for one in office.asked}
    assert {"Bearer secret"} == {one["headers"]["authorization"] for one in office.asked}
    assert 1 == office.most_at_once


async def test_an_office_that_was_away_gets_the_newest_state(vhost: Vhost, tmp_path: Path, port: int):
    """Nothing waits for it: the work goes on while it is away, and what it reads first is how things are now."""
    office = StubOffice()
    async with AsyncExitStack() as stack:
        stack.enter_context(worker(vhost, "analysis", tmp_path, APP))
        with tap(vhost) as wire:
            ask(vhost, "slow")
            done = await asyncio.to_thread(wire.keys, "journal", 2)
        async with asyncio.timeout(PATIENCE), serving(office, port):
            first = await office.seen(bool)

    assert ["attempt.noted", "analysis.completed"] == done
    assert "idle" == first["state"]


async def test_the_working_of_a_killed_worker_ends_by_itself(vhost: Vhost, tmp_path: Path, port: int):
    """Its limit and half a minute later nobody works any more, though nobody said so."""
    office = StubOffice()
    async with asyncio.timeout(2 * PATIENCE), serving(office, port):
        with worker(vhost, "trend", tmp_path, APP) as killed, tap(vhost, "beat") as beat:
            beat.send(command_message("scout.tasks.update_trend_data", {}, str(uuid.uuid4()), "beat"))
            await office.seen(lambda one: one["text"] == "Обновление данных трендов")
            killed.kill()
        told = len(office.agents)
        await office.seen(lambda one: one["state"] == "idle" and one in office.agents[told:])
