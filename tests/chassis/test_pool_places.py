"""The places of the pool: none is lost, and who takes one finds a process that lives."""

import asyncio
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest

from services.chassis.pool import Pool, _Child
from services.chassis.settings import Settings
from services.chassis.wire import Message
from tests.examples import cause_of, command

CAUSE = cause_of(command("analyze_niche", niche_id="n"), "analysis")


class Process:
    """A process that is alive or not."""

    def __init__(self, *, alive: bool) -> None:
        self.alive = alive

    def is_alive(self) -> bool:
        return self.alive

    def kill(self) -> None:
        self.alive = False

    def join(self) -> None:
        """It has ended."""


class Stage(Pool):
    """A pool whose processes a test hands out."""

    def __init__(self, home: Path, *children: Any) -> None:
        super().__init__(Settings(home=home, workers=1))
        self.next = list(children)

    def _spawn(self) -> _Child:
        child = self.next.pop(0)
        if isinstance(child, Exception):
            raise child
        self._children.append(child)
        return child  # type: ignore[no-any-return] # the test's children


@pytest.fixture
def done() -> Iterator[_Child]:
    """A child that has done its job as soon as it got it."""
    ours, theirs = Pipe()
    theirs.send("done")
    yield _Child(Process(alive=True), ours)  # type: ignore[arg-type] # as much of a process as the pool asks for
    theirs.close()


async def run(pool: Pool) -> str:
    async def publish(message: Message, confirm: bool) -> None:  # noqa: FBT001 - the pool's signature
        raise AssertionError(message, confirm)

    async with asyncio.timeout(10):
        return await pool.run("analysis", CAUSE, 5, publish)


async def test_a_process_that_cannot_be_started_costs_no_place(tmp_path: Path, done: _Child):
    """A machine that is short of memory for a moment is a lost attempt, and the next one finds its place."""
    pool = Stage(tmp_path, OSError("out of memory"), done)
    pool.start()

    assert "lost" == await run(pool)
    assert "done" == await run(pool)
    pool.close()


async def test_a_process_that_died_between_two_jobs_costs_no_attempt(tmp_path: Path, done: _Child):
    """The job that would have come next gets another one, and counts no loss."""
    ours, theirs = Pipe()
    theirs.close()
    gone = _Child(Process(alive=False), ours)  # type: ignore[arg-type] # as much of a process as the pool asks for
    pool = Stage(tmp_path, done)
    pool._children.append(gone)
    pool._free.put_nowait(gone)

    assert "done" == await run(pool)
    assert [done] == pool._children
    pool.close()
