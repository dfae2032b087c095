"""What runs by the clock, as data. Daily times are those of the house's time zone (`SCOUT_TIMEZONE`)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Entry:
    """A command that the clock starts: every day at `daily`, or every `every` seconds."""

    command: str
    daily: time | None = None
    every: int | None = None

    @property
    def period(self) -> timedelta:
        """How long a slot is current: a tick older than this is not run any more."""
        return timedelta(days=1) if self.daily else timedelta(seconds=self.every or 0)

    def slot(self, now: datetime) -> datetime:
        """The newest moment not after `now` (aware, in the house's zone) at which this entry was due."""
        if self.daily:
            today = now.replace(hour=self.daily.hour, minute=self.daily.minute, second=0, microsecond=0)
            return today if today <= now else today - timedelta(days=1)
        every = self.every or 60
        return datetime.fromtimestamp(now.timestamp() // every * every, now.tzinfo)


SCHEDULE: dict[str, Entry] = {
    "scout-update-trends": Entry("scout.tasks.update_trend_data", daily=time(6, 0)),
    "scout-cleanup": Entry("scout.tasks.cleanup_old_analyses", daily=time(3, 0)),
    "scout-office-heartbeat": Entry("scout.tasks.office_heartbeat", every=60),
}
