"""The relay against a real HTTP server that plays an office: healthy, failing, silent, and away."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from contracts.status import SCOUT_AGENT, AgentStatus
from services.chassis.settings import Settings
from services.heartbeat.relay import LONGEST, TIMEOUT, Relay
from tests.heartbeat.office import StubOffice, free_port, running, serving

TOKEN = "s3cret-t0ken"  # noqa: S105 - of an office that a test plays
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


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
