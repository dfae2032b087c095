"""The relay: the newest state of every agent to an Office Dashboard over HTTP, one request at a time."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self
from urllib.parse import quote

import httpx
import structlog

from contracts.status import AgentStatus
from services.chassis.settings import Settings

log = structlog.get_logger(__name__)
TIMEOUT = 2.0
"""Seconds that the office has for an answer, the connection included."""
LONGEST = 60.0
"""Most seconds between two tries while the office is away."""
_FIRST = 1.0
_JITTER = random.SystemRandom()


class Relay:
    """An office far away. `put` only notes what is newest; `run` sends it, and tries again until the office has it.

    `sleep` waits between two tries.
    """

    def __init__(self, url: str, token: str = "", *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._url, self._sleep = url.rstrip("/"), sleep
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self._waiting: dict[str, AgentStatus] = {}
        self._told: dict[str, AgentStatus] = {}
        self._failures = 0
        self._news, self._rest = asyncio.Event(), asyncio.Event()
        self._rest.set()

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The relay that the settings ask for, if they name an office."""
        if not settings.office_url:
            return None
        token = settings.office_token
        return cls(settings.office_url, token.get_secret_value() if token else "")

    async def put(self, agent: AgentStatus) -> None:
        """Note the newest state of an agent; one that waits already is forgotten. It never waits for the office."""
        if self._told.get(agent.agent_id) == agent:
            return
        self._waiting[agent.agent_id] = agent
        self._news.set()
        if not self._failures:
            self._rest.clear()

    async def run(self) -> None:
        """Send until cancelled."""
        async with httpx.AsyncClient(headers=self._headers, timeout=TIMEOUT) as http:
            while True:
                await self._news.wait()
                agent = self._waiting.pop(next(iter(self._waiting)))
                failed = await self._try(http, agent)
                if failed is None:
                    self._succeeded(agent)
                else:
                    self._waiting.setdefault(agent.agent_id, agent)  # unless a newer one came meanwhile
                    await self._wait(failed)
                if not self._waiting:
                    self._news.clear()
                    self._rest.set()

    async def finish(self) -> None:
        """Give what waits a last chance before the house closes; an office that is away is not waited for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(2 * TIMEOUT):
                await self._rest.wait()

    async def _try(self, http: httpx.AsyncClient, agent: AgentStatus) -> str | None:
        """Send one state; why it did not arrive, if it did not. Neither address nor headers are in the text."""
        address = f"{self._url}/agents/{quote(agent.agent_id, safe='')}"
        try:
            async with asyncio.timeout(TIMEOUT):  # the client's own limit begins again with every byte
                answer = await http.put(address, content=agent.to_json())
        except (TimeoutError, httpx.TimeoutException):
            return f"no answer within {TIMEOUT:g} s"
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            return type(exc).__name__
        return None if answer.is_success else f"status {answer.status_code}"

    def _succeeded(self, agent: AgentStatus) -> None:
        self._told[agent.agent_id] = agent
        if self._failures:
            log.warning("office reached again", failures=self._failures)
        self._failures = 0

    async def _wait(self, why: str) -> None:
        """Wait, each time about twice as long, and never in step with others."""
        self._failures += 1
        self._rest.set()
        pause = min(LONGEST, _FIRST * 2 ** min(self._failures - 1, 10)) * _JITTER.uniform(0.5, 1)
        say = log.warning if self._failures == 1 else log.debug
        say("office not reached, the newest state waits", error=why, failures=self._failures, pause=round(pause, 1))
        await self._sleep(pause)
