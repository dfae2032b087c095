"""The sidecar's loop: hear statuses, fold them, and hand the newest state on, one at a time."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

import structlog
from pydantic import ValidationError

from contracts.status import AgentStatus, StatusReported
from services.chassis.bus import Bus
from services.chassis.settings import Settings
from services.heartbeat.fold import Fold

log = structlog.get_logger(__name__)
_PAUSE = 0.2


class Office(Protocol):
    """Whoever shows agents."""

    async def put(self, agent: AgentStatus) -> None:
        """Take the newest state of an agent; raises whatever it must, the sidecar tries again with the next."""


class Sidecar:
    """Hands every agent of the house to each of `offices`. One that fails harms nobody, the other offices included."""

    def __init__(self, bus: Bus, offices: Sequence[Office], settings: Settings, beat: float = 5.0) -> None:
        self._bus, self._offices, self._zone, self._beat = bus, offices, settings.zone, beat
        self._folds: dict[str, Fold] = {}
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled."""
        async with self._bus.listen("heartbeat", "status.reported") as messages, asyncio.TaskGroup() as group:
            group.create_task(self._relay())
            async for message in messages:
                try:
                    status = StatusReported.from_json(message.body)
                except ValidationError as exc:
                    log.warning("status not understood", error=str(exc))
                    continue
                fold = self._folds.setdefault(status.agent.agent_id, Fold(self._zone))
                if fold.hear(status):
                    self._news.set()

    def recall(self, agent: AgentStatus) -> None:
        """Go on from the state of an agent that an office still shows."""
        self._folds.setdefault(agent.agent_id, Fold(self._zone)).recall(agent)

    async def flush(self) -> None:
        """Hand on the newest state of every agent now."""
        now = datetime.now(UTC)
        for fold in list(self._folds.values()):
            fold.forget(now)
            agent = fold.agent(now)
            if agent is not None:
                for office in self._offices:
                    await _put(office, agent)

    async def _relay(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._beat):
                    await self._news.wait()
            except TimeoutError:
                pass  # nothing new: `offline` and the end of a "working" follow from the clock
            self._news.clear()
            await self.flush()
            await asyncio.sleep(_PAUSE)


async def _put(office: Office, agent: AgentStatus) -> None:
    try:
        await office.put(agent)
    except Exception as exc:  # noqa: BLE001 - a dead office harms nobody
        log.warning("office not reached", error=str(exc))
