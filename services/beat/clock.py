"""The clock: Celery's beat whose ticks are slots, so that two clocks are one and a stop is caught up with."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from celery.beat import ScheduleEntry, Scheduler, SchedulingError
from celery.schedules import BaseSchedule, crontab, schedule

from contracts.message import scout_id
from contracts.schedule import SCHEDULE, Entry
from services.chassis.pulse import Pulse

log = structlog.get_logger(__name__)
_PAUSE = 2


def schedule_of(entries: Mapping[str, Entry]) -> dict[str, dict[str, Any]]:
    """The schedule as Celery has it, by the names of its entries."""
    return {name: {"task": entry.command, "schedule": _times(entry)} for name, entry in entries.items()}


class Clock(Scheduler):  # type: ignore[misc] # Celery has no types
    """Keeps no file: at start it sends the newest past slot of every entry, since a slot that ran is a repeat.

    The slot travels as the message's timestamp; a worker drops one that its next has overtaken.
    """

    def setup_schedule(self) -> None:
        """Take the entries as not run in their newest slot."""
        self.merge_inplace(self.app.conf.beat_schedule)
        for name, entry in self.schedule.items():
            entry.last_run_at = self._slot(name) - SCHEDULE[name].period
        self._pulse, self._closed = Pulse(self.app.settings), False

    def close(self) -> None:
        """Stop: Celery's handler of a signal calls this, and then raises what a library on the way may swallow."""
        self._closed = True
        super().close()

    def tick(self, **kwargs: Any) -> float:
        """Send what is due; the pulse says that the clock goes. Raises `SystemExit` once it was closed."""
        if self._closed:
            raise SystemExit
        self._pulse.beat()
        wait: float = super().tick(**kwargs)
        return wait

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send an entry; a broker that is away is waited for, since a daily slot comes once."""
        while not self._closed:
            try:
                self.apply_async(entry, producer=producer, advance=False)
                return
            except SchedulingError as exc:
                log.warning("tick not sent, tried again", entry=entry.name, error=str(exc))
                time.sleep(_PAUSE)

    def apply_async(self, entry: ScheduleEntry, producer: Any = None, *, advance: bool = True, **kwargs: Any) -> Any:
        """Send an entry's command with the id of its slot."""
        del kwargs
        slot = self._slot(entry.name)
        options = {"task_id": scout_id(entry.name, slot.isoformat()), "timestamp": int(slot.timestamp())}
        sent = self.reserve(entry) if advance else entry
        try:
            return self.app.send_task(sent.task, (), {}, producer=producer, user_id="beat", **options)
        except Exception as exc:
            raise SchedulingError(f"{entry.name}: {exc}") from exc

    def _slot(self, name: str) -> datetime:
        return SCHEDULE[name].slot(datetime.now(self.app.settings.zone))


def _times(entry: Entry) -> BaseSchedule:
    if entry.daily:
        return crontab(hour=entry.daily.hour, minute=entry.daily.minute)
    return schedule(entry.every)
