"""The toy house on RabbitMQ, Celery and MongoDB's protocol: the runs of the local bus, and kills."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from services.chassis.answers import stamp
from services.chassis.store import Store
from services.chassis.store_mongo import MongoStore
from services.chassis.wire import command_message
from tests.engine import Broker, Vhost
from tests.examples import NOON
from tests.house.runs import RUNS, one_score_of_the_written_analysis
from tests.wiretap import Tap, tap
from tests.workers import ROOT, Worker, worker

NICHES = 120
KILLS = 12


@contextmanager
def journal(vhost: Vhost, home: Path, store: str) -> Iterator[Worker]:
    """The journal as compose starts it."""
    settings = {"BROKER_URL": vhost.url("journal"), "STORE_URL": store, "HOME": str(home), "LOG_LEVEL": "WARNING"}
    log = home / "journal.log"
    with log.open("ab") as out:
        environment = os.environ | {f"SCOUT_{name}": value for name, value in settings.items()}
        process = subprocess.Popen(
            [sys.executable, "-m", "services.journal"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    try:
        yield Worker(process, log)
    finally:
        process.kill()
        process.wait()


class Kept:
    """A process that is started again after it was killed."""

    def __init__(self, start: Callable[[], AbstractContextManager[Worker]]) -> None:
        self._start, self._stack = start, ExitStack()
        self.now = self._stack.enter_context(start())

    def kill(self, pid: int | None = None) -> None:
        """Kill the process, or one of its children, which it replaces by itself."""
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            return
        self.close()
        self.now = self._stack.enter_context(self._start())

    def close(self) -> None:
        self._stack.close()


class Wired:
    """The house's processes, its store, and a gateway's part: a request is written, then published."""

    def __init__(self, vhost: Vhost, home: Path, url: str) -> None:
        self.store: Store = MongoStore(url)
        self.parts = {name: Kept(partial(worker, vhost, name, home, STORE_URL=url)) for name in self.services}
        self.parts["journal"] = Kept(partial(journal, vhost, home, url))
        self._home = home

    services = ("trend", "analysis", "scoring")

    async def ask(self, gateway: Tap, command: str, arguments: dict[str, Any]) -> str:
        run_id = str(uuid.uuid4())
        accepted = stamp(NOON.now(NOON.tzinfo))
        request = {"_id": run_id, "kind": command, "arguments": arguments, "accepted_at": accepted}
        await self.store.insert("requests", request)
        gateway.send(command_message(command, arguments, run_id, "gateway"))
        return run_id

    async def ended(self, *runs: str) -> None:
        """Wait until each run has its outcome and its document says so."""
        try:
            async with asyncio.timeout(60):
                while len(await self._ended(runs)) < len(runs):  # noqa: ASYNC110 - other processes write it
                    await asyncio.sleep(0.1)
        except TimeoutError:
            missing = sorted(set(runs) - (await self._ended(runs)).keys())
            words = "\n".join(f"{log.name}: {log.read_text()[-2000:]}" for log in sorted(self._home.glob("*.log")))
            pytest.fail(f"{len(missing)} of {len(runs)} runs did not end, {missing[:3]}\n{words}")

    async def _ended(self, runs: tuple[str, ...]) -> dict[str, Any]:
        outcomes = await self.store.get_many("outcomes", runs)
        documents = await self.store.get_many("runs", runs)
        return {run: d for run, d in documents.items() if run in outcomes and d["state"] != "running"}

    async def close(self) -> None:
        for part in self.parts.values():
            part.close()
        await self.store.close()


@pytest.fixture
def vhost(broker: Broker) -> Iterator[Vhost]:
    with broker.vhost(wait_ms=300) as vhost:
        yield vhost


@pytest.fixture
async def wired(vhost: Vhost, tmp_path: Path, mongo_url: str) -> AsyncIterator[Wired]:
    house = Wired(vhost, tmp_path, mongo_url)
    yield house
    await house.close()


async def test_every_run_of_the_local_bus_ends_the_same_on_the_wire(wired: Wired, vhost: Vhost):
    """An analysis, many answers and a domain error: what holds on one bus holds on the other."""
    with tap(vhost, "gateway") as gateway:
        asked = {name: await wired.ask(gateway, command, args) for name, (command, args, _) in RUNS.items()}
    first = [run for name, run in asked.items() if name != "broken"]
    await wired.ended(*first)

    for name, run in asked.items():
        if name != "broken":
            await RUNS[name][2](wired.store, run)
    assert all(part.now.alive() for part in wired.parts.values())


async def test_a_hundred_runs_survive_a_dozen_kills(wired: Wired, vhost: Vhost):
    """Workers, their children and the journal are killed: one outcome and one right score a run, and no letter."""
    dice = random.Random(7)  # noqa: S311 - the same kills each time, as far as a machine repeats itself
    with tap(vhost, "gateway") as gateway:
        runs = [
            await wired.ask(gateway, RUNS["analysis"][0], {"niche_id": f"n{n}", "params": {}}) for n in range(NICHES)
        ]
        for _ in range(KILLS):
            part = wired.parts[dice.choice(["analysis", "analysis", "scoring", "journal"])]
            children = part.now.children() if dice.random() < 0.4 else []
            await asyncio.to_thread(part.kill, children[0] if children else None)
            await asyncio.sleep(dice.random() / 2)
    await wired.ended(*runs)

    for run in runs:
        await one_score_of_the_written_analysis(wired.store, run)
    assert NICHES == await wired.store.count("leaderboard")
