"""How an employee of the office says what it does: it publishes, and never waits for the office."""

import asyncio
import os
import socket
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from contracts.analysis import AnalysisCompleted
from contracts.message import Event
from contracts.run import Progress
from contracts.status import SCOUT_AGENT, WORKING_TEXT, Agent, Metrics, Source, State, StatusReported
from contracts.trend import TrendsRefreshed
from services.chassis.settings import Settings
from services.chassis.wire import Message, envelope_for, event_message

log = structlog.get_logger(__name__)
HOST = socket.gethostname()
_APART = timedelta(seconds=0.2)  # five reports a second of one source; the last one always goes out


def working_text(name: str, niche_id: str) -> str:
    """What an employee says while it works on `name`."""
    return WORKING_TEXT[name].format(niche_id=niche_id).strip()


def error_text(name: str, error: BaseException) -> str:
    """What it says when an attempt failed."""
    return f"Анализ ниши: {error}" if name == "scout.tasks.analyze_niche" else str(error)


def metrics_of(answer: Event | None) -> dict[str, Any]:
    """The office's metrics that an answer carries."""
    if isinstance(answer, AnalysisCompleted):
        return {"opportunities_found": answer.opportunities_count}
    if isinstance(answer, TrendsRefreshed):
        return {"trends_updated": answer.updated, "last_update": answer.last_update.isoformat()}
    return {}


class OfficeReporter:
    """Reports one source of an agent over `send`, which must not wait. Errors are logged and go no further.

    `later` calls something after so many seconds; without it the running event loop does, and where there is none (a
    child between two jobs) what is said goes out at once.
    Light handlers report from threads, several at once: each report has a number of its own, and none is overwritten.
    """

    def __init__(
        self,
        send: Callable[[Message], None],
        service: str,
        settings: Settings,
        agent: Agent = SCOUT_AGENT,
        *,
        later: Callable[[float, Callable[[], None]], Any] | None = None,
    ) -> None:
        self.agent = agent
        self._send = send
        self._service = service
        self._zone, self._tz = settings.zone, settings.timezone
        self._boot, self._seq = str(uuid.uuid4()), 0
        self._last: dict[str, Any] = {"state": "idle", "text": ""}
        self._sent_at = datetime.min.replace(tzinfo=UTC)
        self._waits = False
        self._speaking = threading.RLock()
        self._later = later or _later_on_loop()

    def report_working(
        self, text: str, *, task_id: str | None = None, run_id: str | None = None, until: datetime | None = None
    ) -> None:
        """Say that work began; `until` ends it if nothing else does."""
        self._report("working", text, task_id=task_id, run_id=run_id, until=until)

    def report_progress(self, progress: Progress) -> None:
        """Say how far the present work is."""
        with self._speaking:
            self._last["progress"] = progress
            self._coalesce(urgent=False)

    def report_idle(self, metrics: dict[str, Any] | None = None, *, at: datetime | None = None) -> None:
        """Say that the work is done, and what came of it; `at` is when, if it was not now."""
        self._report("idle", "", metrics=self._of_day(metrics, at))

    def report_metrics(self, metrics: dict[str, Any]) -> None:
        """Say what was counted, by someone who has neither begun nor ended anything."""
        with self._speaking:
            self._last["metrics"] = self._of_day(metrics)
            self._coalesce()

    def report_error(self, text: str) -> None:
        """Say that an attempt failed."""
        self._report("error", text)

    def heartbeat(self) -> None:
        """Say the same again, so that silence means something."""
        self._now()

    def _of_day(self, metrics: dict[str, Any] | None, at: datetime | None = None) -> Metrics | None:
        day = (at or datetime.now(UTC)).astimezone(self._zone).date().isoformat()
        return Metrics(day=day, tz=self._tz, **metrics) if metrics else None

    def _report(self, state: State, text: str, *, metrics: Metrics | None = None, **more: Any) -> None:
        with self._speaking:
            self._last = {"state": state, "since": datetime.now(UTC), "text": text, "metrics": metrics, **more}
            self._coalesce()

    def _coalesce(self, *, urgent: bool = True) -> None:
        wait = (self._sent_at + _APART - datetime.now(UTC)).total_seconds()
        if wait <= 0 or self._last.get("metrics") or (urgent and self._later is None):
            self._now()
        elif self._later is not None and not self._waits:
            self._waits = True
            self._later(wait, self._now)

    def _now(self) -> None:
        with self._speaking:
            self._say()

    def _say(self) -> None:
        self._waits = False
        self._sent_at, self._seq = datetime.now(UTC), self._seq + 1
        source = Source(service=self._service, host=HOST, pid=os.getpid(), boot=self._boot, seq=self._seq)
        try:
            status = StatusReported(agent=self.agent, source=source, sent_at=self._sent_at, **self._last)
            event_id = str(uuid.uuid4())
            run_id = self._last.get("run_id") or event_id
            envelope = envelope_for(status, event_id, self._service, self._sent_at, run_id, None, "")
            self._send(event_message(status, envelope, HOST))
            self._last["metrics"] = None  # told once; a heartbeat that repeated them would outlive newer ones
        except Exception as exc:  # noqa: BLE001 - a dead office harms nobody
            log.warning("status not reported", error=str(exc))


def _later_on_loop() -> Callable[[float, Callable[[], None]], Any] | None:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return None
    return lambda seconds, what: loop.call_soon_threadsafe(loop.call_later, seconds, what)
