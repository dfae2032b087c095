"""Real processes: how an attempt in one of them can end, and that the pool goes on."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contracts.analysis import AnalysisCompleted
from services.chassis import pool as pool_module
from services.chassis.errors import PublishFailed
from services.chassis.pool import Pool
from services.chassis.settings import Settings
from services.chassis.wire import Message
from tests.chassis import pool_service
from tests.examples import cause_of, command

LONG = 60.0


class House:
    """The house as the pool sees it: a place to publish to. What `refused` names is not taken."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.said: list[tuple[str, bool]] = []
        self.messages: list[Message] = []
        self.refused: str | None = None
        self.noted = asyncio.Event()

    async def publish(self, message: Message, confirm: bool) -> None:  # noqa: FBT001 - the pool's signature
        if message.key == self.refused:
            raise PublishFailed("the broker is away")
        if message.key == "attempt.noted":
            self.noted.set()
        self.said.append((message.key, confirm))
        self.messages.append(message)

    async def attempt(self, niche: str, limit: float = LONG, task: str = "task") -> str:
        """One attempt at a niche, whole."""
        cause = cause_of(command("analyze_niche", task, niche_id=niche), "analysis")
        async with asyncio.timeout(LONG):
            return await self.pool.run("analysis", cause, limit, self.publish)

    def last(self, key: str) -> Message:
        """The newest message of a key."""
        return next(message for message in reversed(self.messages) if message.key == key)

    @property
    def worker(self) -> int:
        """The process that answered last."""
        return int(AnalysisCompleted.from_json(self.last("analysis.completed").body).niche_name)


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """A pool of one process, in which the test's own service is the analysis."""
    monkeypatch.setattr(pool_module, "child_main", pool_service.child_main)
    pool = Pool(Settings(home=tmp_path, workers=1))
    pool.start()
    yield House(pool)
    pool.close()


async def test_an_attempt_runs_whole_in_a_child_and_tells_over_the_house(house: House):
    """What the child says arrives in order; answers are confirmed, statuses are not."""
    assert "done" == await house.attempt("tea")

    facts = [said for said in house.said if said[0] != "status.reported"]
    assert [("attempt.noted", True), ("analysis.completed", True)] == facts
    assert {False} == {confirm for key, confirm in house.said if key == "status.reported"}


async def test_a_child_stays_warm_for_the_next_job(house: House):
    """The second attempt runs in the same process."""
    await house.attempt("tea", task="1")
    first = house.worker
    await house.attempt("nuts", task="2")

    assert first == house.worker


async def test_an_attempt_that_fails_is_told_and_its_child_lives(house: House):
    """An error of a handler is no end of a process: the retry is published, and the next job runs there."""
    await house.attempt("tea", task="1")
    first = house.worker

    assert "retried" == await house.attempt("broken", task="2")
    assert "ValueError: boom" == house.last("wait").headers["scout-reason"]
    await house.attempt("nuts", task="3")
    assert first == house.worker


async def test_a_killed_job_is_lost_and_the_pool_goes_on(house: House):
    """A process that dies takes its attempt with it and nothing else; a new one takes its place."""
    await house.attempt("tea", task="1")
    first = house.worker

    assert "lost" == await house.attempt("killed", task="2")
    assert "done" == await house.attempt("nuts", task="3")
    assert first != house.worker


async def test_a_job_over_its_limit_is_ended(house: House):
    """A handler that hangs is killed, counts as lost, and holds up nobody."""
    await house.attempt("tea", task="1")  # the process is up: the limit is not spent on its start

    assert "lost" == await house.attempt("hanging", limit=0.5, task="2")
    assert "done" == await house.attempt("nuts", task="3")


async def test_an_answer_that_the_house_could_not_publish_is_an_error_of_the_attempt(house: House):
    """The child learns that nobody took its answer, so it is told again later."""
    house.refused = "analysis.completed"

    assert "retried" == await house.attempt("tea", task="1")
    assert "PublishFailed: the broker is away" == house.last("wait").headers["scout-reason"]

    house.refused = None
    assert "done" == await house.attempt("tea", task="1")
    assert 1 == sum(key == "attempt.noted" for key, _ in house.said)  # it was written: told, not computed again


async def test_a_cancelled_job_ends_with_its_process(house: House):
    """A house that stops does not wait for what hangs, and its place is free again."""
    hanging = asyncio.create_task(house.attempt("hanging", task="1"))
    async with asyncio.timeout(LONG):
        await house.noted.wait()
    (child,) = house.pool._children

    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)

    assert not child.process.is_alive()
    assert [] == house.pool._children
    assert "done" == await house.attempt("tea", task="2")


async def test_a_closed_pool_leaves_no_process(house: House):
    """Idle ones end too."""
    await house.attempt("tea")
    (child,) = house.pool._children

    house.pool.close()

    assert not child.process.is_alive()
    assert [] == house.pool._children
