"""What the fold forgets of processes that are gone, and what it does not."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contracts.status import SCOUT_AGENT, Source, StatusReported
from services.heartbeat.fold import Fold

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def status(pid: int, at: datetime, **fields: Any) -> StatusReported:
    """What the process `pid` says at a moment."""
    source = Source(service="analysis", host="h", pid=pid, boot=str(pid), seq=1)
    return StatusReported(agent=SCOUT_AGENT, source=source, sent_at=at, **fields)


def test_an_error_stands_until_something_else_finishes():
    """The last work failed; that its process is silent since does not make it good."""
    fold = Fold(ZoneInfo("UTC"))
    fold.hear(status(1, NOON, state="error", text="boom", since=NOON))
    later = NOON + timedelta(hours=5)
    fold.hear(status(2, later, state="idle"))

    fold.forget(later)
    agent = fold.agent(later)
    assert agent is not None
    assert ("error", "boom") == (agent.state, agent.text)

    fold.hear(status(3, later, state="idle", since=later))
    fold.forget(later)
    agent = fold.agent(later)
    assert agent is not None
    assert "idle" == agent.state
    assert 2 == len(fold._sources)
