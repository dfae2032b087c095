"""Waiting for a run, and leaving it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from services.chassis.settings import Settings
from services.cli.client import connect
from services.cli.render import Printer
from services.cli.session import Session
from services.cli.waiting import wait_run
from tests.cli.front import Seed

RUN: dict[str, Any] = {
    "_id": "r1",
    "kind": "scout.tasks.backtest",
    "state": "running",
    "started_at": "2026-11-24T10:00:00.000000+00:00",
    "stages": [],
}


def test_who_interrupts_is_told_how_to_watch_on(home: Path, seed: Seed, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C leaves the run alone, and its id is not lost."""
    seed("runs", RUN)

    async def go() -> None:
        async with connect(Settings(home=home)) as api:
            await api.get("/v1/runs/r1")
            waiting = asyncio.create_task(wait_run(Session(api, Printer("table"), quiet=True), "r1", "Replaying"))
            await asyncio.sleep(0)
            waiting.cancel()
            await waiting

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(go())

    assert "scout run watch r1" in capsys.readouterr().err


def test_the_wait_ends_with_the_run(home: Path, seed: Seed) -> None:
    """What is polled is answered as soon as it has an outcome."""
    seed("runs", RUN)

    async def go() -> dict[str, Any]:
        async with connect(Settings(home=home)) as api:
            waiting = asyncio.create_task(wait_run(Session(api, Printer("table"), quiet=True), "r1", "Replaying"))
            await asyncio.sleep(0)
            await asyncio.to_thread(seed, "runs", {**RUN, "state": "done"})
            return await waiting

    assert asyncio.run(go())["state"] == "done"
