"""A run: everything that one command caused, from its request to its one outcome."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from contracts.message import Event, Input, Shape

RunState = Literal["accepted", "running", "done", "failed"]


class Origin(Shape):
    """Who outside the house told an event, and as which: CloudEvents `source`, `id`, `time` and `subject`.

    `time` absent: when it was accepted.
    """

    source: str
    id: str
    time: datetime | None = None
    subject: str = ""


class Request(Shape):
    """What the gateway accepted: its id is the run's. `kind` is a command's name or an event's key.

    `outside` is who told the event, where it was not the house itself.
    """

    id: str
    kind: str
    arguments: dict[str, Any]
    accepted_at: datetime
    niche_id: str | None = None
    market: str | None = None
    batch: str | None = None
    idempotency_key: str | None = None
    body_sha256: str | None = None
    retry_of: str | None = None
    outside: Origin | None = None


class Stage(Shape):
    """One thing that happened in a run; `attempt` counts from 1, `reason` says why the attempt before it ended."""

    name: str
    at: datetime
    attempt: int | None = None
    reason: str | None = None
    event_id: str | None = None


class Progress(Shape):
    """How far a long work is: `done` of `total`, counted in `unit`; `stage` is a code of what it is doing now."""

    done: int
    total: int
    unit: str
    stage: str | None = None


class Run(Shape):
    """A run as the journal derives it from what is written. `result` is the key of the event that closed it."""

    id: str
    kind: str
    state: RunState
    started_at: datetime | None = None
    niche_id: str | None = None
    market: str | None = None
    batch: str | None = None
    retry_of: str | None = None
    stages: tuple[Stage, ...] = ()
    finished_at: datetime | None = None
    reason: str | None = None
    event_id: str | None = None
    progress: Progress | None = None


class Outcome(Shape):
    """How a run ended: one per run, never changed. `event_id` closed it; a run that was lost has none."""

    run_id: str
    state: Literal["done", "failed"]
    at: datetime
    reason: str | None = None
    event_id: str | None = None


class RunFinished(Event):
    """The run is done and everything that it wrote can be read."""

    outcome: Outcome


class RunFailed(Event):
    """The run ended without what was asked for; the outcome says why."""

    outcome: Outcome


class AttemptNoted(Event):
    """A heavy handler starts an attempt; `reason` tells why the one before it ended."""

    task: str
    service: str
    attempt: int
    errors: int
    losses: int
    reason: str | None = None


class JournalTick(Event):
    """The journal's sign to itself: who receives it is the active one."""

    boot: str


class Purge(Shape):
    """Why somebody deleted a dead letter's body, and when."""

    note: str
    at: datetime


class DeadLetter(Shape):
    """A message that nobody could handle, whole: its body, its key, how often it was tried, and why it ended here.

    One that was purged has no body any more.
    """

    id: str
    service: str
    key: str
    message_id: str
    publisher: str
    body: str | None = None
    reason: str
    errors: int
    losses: int
    at: datetime
    run_id: str | None = None
    purged: Purge | None = None
    headers: dict[str, str] = Field(default_factory=dict)


class Redrive(Input):
    """Send a dead letter again, as it was or with another `body`; the new run names the old one."""

    body: str | None = None


class NoArguments(Input):
    """A command that takes nothing."""
