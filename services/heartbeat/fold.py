"""The fold: an agent has many sources; which state is the agent's, and what its metrics are."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.status import AgentStatus, Metrics, Source, StatusReported

SILENCE = timedelta(seconds=180)
"""Three beats of the schedule's heartbeat: who said nothing for so long is offline."""


class Fold:
    """The newest status of every source of one agent. Statuses may come late, twice or out of order."""

    def __init__(self, timezone: ZoneInfo) -> None:
        self._zone = timezone
        self._sources: dict[tuple[str, str, int, str], StatusReported] = {}
        self._metrics: dict[str, tuple[datetime, dict[str, str | int]]] = {}

    def hear(self, status: StatusReported) -> bool:
        """Take a status in; whether it was news. Of an older one of the same source only the metrics count."""
        key = _key(status.source)
        known = self._sources.get(key)
        if status.metrics is not None:
            self._merge(status.metrics, status.sent_at)
        if known is not None and known.source.seq >= status.source.seq:
            return False
        self._sources[key] = status
        return True

    def recall(self, agent: AgentStatus) -> None:
        """Take over the metrics that were shown before this fold began, so that a restart forgets no counter."""
        self._merge(agent.metrics, agent.sent_at)

    def agent(self, now: datetime) -> AgentStatus | None:
        """The agent as of `now` (aware): working if any source works, else how the last one finished."""
        if not self._sources:
            return None
        newest = max(self._sources.values(), key=lambda status: status.sent_at)
        working = [s for s in self._sources.values() if s.state == "working" and not _over(s, now)]
        shown = max(working, key=_since, default=None) or self._finished_last() or newest
        silent = now - newest.sent_at > SILENCE
        state = "offline" if silent else shown.state if working or shown.state == "error" else "idle"
        identity = shown.agent.model_dump()
        return AgentStatus(
            **identity,
            state=state,
            text=shown.text if state in {"working", "error"} else "",
            task_id=shown.task_id if state == "working" else None,
            sent_at=newest.sent_at,
            metrics=self._today(now),
        )

    def forget(self, now: datetime) -> None:
        """Drop sources that have been silent for an hour, since their process is gone, but not who finished last."""
        last = self._finished_last()
        for key, status in list(self._sources.items()):
            if now - status.sent_at > timedelta(hours=1) and status is not last:
                del self._sources[key]

    def _finished_last(self) -> StatusReported | None:
        finished = [s for s in self._sources.values() if s.state != "working" and s.since is not None]
        return max(finished, key=_since, default=None)

    def _merge(self, metrics: Metrics, sent_at: datetime) -> None:
        """Keep each metric of the newest day by its newest report."""
        day = metrics.day or ""
        for name, value in metrics.model_dump(exclude={"day", "tz"}, exclude_none=True).items():
            at, known = self._metrics.get(name, (sent_at, {"day": ""}))
            if (day, sent_at) >= (str(known["day"]), at):
                self._metrics[name] = sent_at, {"day": day, "value": value}

    def _today(self, now: datetime) -> Metrics:
        """The metrics of the day that `now` is in; a counter of an earlier day starts again at zero."""
        day = now.astimezone(self._zone).date().isoformat()
        values: dict[str, str | int] = {}
        for name, (_, kept) in self._metrics.items():
            if kept["day"] == day or name == "last_update":
                values[name] = kept["value"]
            else:
                values[name] = 0
        return Metrics.model_validate({"day": day, "tz": str(self._zone), **values})


def folded(statuses: Iterable[StatusReported], now: datetime, timezone: ZoneInfo) -> AgentStatus | None:
    """The agent that these statuses make, in whatever order they came."""
    fold = Fold(timezone)
    for status in statuses:
        fold.hear(status)
    return fold.agent(now)


def _key(source: Source) -> tuple[str, str, int, str]:
    return source.service, source.host, source.pid, source.boot


def _since(status: StatusReported) -> datetime:
    return status.since or status.sent_at


def _over(status: StatusReported, now: datetime) -> bool:
    """Whether a "working" ended without a word: its process was killed."""
    return status.until is not None and now > status.until
