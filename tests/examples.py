"""Events and messages that tests stand on."""

from datetime import UTC, date, datetime
from typing import Any

from contracts.analysis import AnalysisCompleted, Term
from contracts.message import FileRef, scout_id
from services.chassis.cause import Cause, parse
from services.chassis.wire import Delivery, Message, command_message, envelope_for, event_message

FILE = FileRef(key="references/" + "0" * 64 + ".json", sha256="0" * 64, size=2)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def analysis_completed(**changes: Any) -> AnalysisCompleted:
    """An analysis of a niche named tea."""
    fields: dict[str, Any] = {
        "analysis_id": scout_id("analysis"),
        "run_id": scout_id("run"),
        "niche_id": scout_id("niche"),
        "niche_name": "Tea",
        "market": "shop",
        "currency": "USD",
        "as_of": date(2017, 11, 5),
        "terms": (Term(name="level", raw=7.5, unit="log money"),),
        "reference": FILE,
        "series": FILE,
    }
    return AnalysisCompleted(**(fields | changes))


def event_from(service: str, event: Any, *, event_id: str | None = None, run_id: str | None = None) -> Message:
    """The message of an event as `service` tells it."""
    event_id = event_id or scout_id("event")
    envelope = envelope_for(event, event_id, service, NOON, run_id or scout_id("run"), None, "")
    return event_message(event, envelope, "test")


def command(name: str, task: str = "task", **kwargs: Any) -> Message:
    """The message of a command as the gateway sends it."""
    return command_message(f"scout.tasks.{name}", kwargs, scout_id(task), "gateway")


def cause_of(message: Message, service: str) -> Cause:
    """The message as its first delivery makes it a cause."""
    return parse(Delivery(message, service, 1), service)
