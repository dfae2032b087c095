"""What is to be done with a delivery: one decision, for the worker on Celery and for the one of the embedded house."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from contracts.commands import LIGHT_SECOND_LIMIT, Lane
from contracts.schedule import SCHEDULE
from services.chassis.cause import Cause, carry, parse, refused
from services.chassis.errors import Refused
from services.chassis.perform import lost
from services.chassis.service import Handler, Service
from services.chassis.wire import Delivery, Message

_PERIODS = {entry.command: entry.period for entry in SCHEDULE.values()}


@dataclass(frozen=True, slots=True)
class Drop:
    """Answer it, and do nothing else: a tick of the clock that its next one has overtaken."""


@dataclass(frozen=True, slots=True)
class HandOn:
    """Publish this in its place, then answer it: a dead letter, or a return to the waiting room."""

    message: Message


@dataclass(frozen=True, slots=True)
class Run:
    """Run it: light ones where they arrived, heavy ones in a child that is ended after `limit` seconds."""

    handler: Handler
    cause: Cause
    lane: Lane
    limit: int


Decision = Drop | HandOn | Run


def has_two_lanes(service: Service) -> bool:
    """Whether a service has light and heavy handlers: its one child is then kept for those that may wait."""
    return {handler.lane for handler in service.handlers} == {"light", "heavy"}


def decide(delivery: Delivery, service: Service, in_children: Collection[Lane]) -> Decision:
    """Decide about a delivery, given the lanes of the handlers that children run at present.

    A second attempt of a light handler runs in a child, since what it did to the first may be its own fault. In a
    service of two lanes a heavy handler never waits in memory for the child: it would hold its place in the prefetch.
    """
    try:
        cause = parse(delivery, service.name)
        handler = service.handler(cause.key)
        if handler is None:
            raise Refused(f"routing key: {service.name} does not handle {cause.key}")
    except (Refused, KeyError, ValueError) as exc:
        return HandOn(refused(delivery, service.name, str(exc)))
    if _is_late(cause):
        return Drop()
    if cause.losses >= handler.losses:
        return HandOn(lost(handler, cause))
    if handler.lane == "light" and cause.attempt == 1:
        return Run(handler, cause, "light", 0)
    if has_two_lanes(service) and (in_children if handler.lane == "heavy" else "heavy" in in_children):
        return HandOn(carry(cause, service.name, "wait", "busy: the only child works"))
    return Run(handler, cause, "heavy", LIGHT_SECOND_LIMIT if handler.lane == "light" else handler.limit)


def _is_late(cause: Cause) -> bool:
    """Whether this is a tick of the clock that its next one has overtaken."""
    period = _PERIODS.get(cause.key)
    return cause.slot is not None and period is not None and datetime.now(UTC) - cause.slot > period
