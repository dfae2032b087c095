"""A house that cannot be opened, and one that fails while it is stopped: both leave nothing behind."""

import asyncio
from pathlib import Path

import pytest

from services.chassis.errors import DependencyDown
from services.chassis.settings import Settings
from services.cli.embedded import House
from services.journal.sweep import Sweep
from tests.house.test_crash_points import inline
from tests.house.toy import toy_services


def house(home: Path) -> House:
    """A house of toys."""
    return House(Settings(home=home), heavy=inline, services=toy_services()[0])


async def test_a_house_that_cannot_be_opened_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its folder is free again, and nothing of it runs on."""

    async def fails(sweep: Sweep) -> int:
        del sweep
        raise DependencyDown("the store is away")

    with monkeypatch.context() as broken:
        broken.setattr(Sweep, "resend_all", fails)
        with pytest.raises(DependencyDown):
            await house(tmp_path).__aenter__()

    assert {asyncio.current_task()} == asyncio.all_tasks()
    async with asyncio.timeout(10), house(tmp_path):
        pass


async def test_a_part_that_fails_while_it_is_stopped_stays_stopped(tmp_path: Path):
    """An error in place of the cancellation is logged, and nobody waits for that part any more."""
    begun = asyncio.Event()

    async def part() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            raise ValueError("it broke on the way out")

    opened = house(tmp_path)
    async with asyncio.timeout(10), opened:
        opened._keep("part", part)
        await begun.wait()
