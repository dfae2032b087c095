"""Which event ends which run: read from the catalog and the commands, never written down a second time."""

from collections.abc import Iterable, Mapping

from contracts.catalog import EVENTS, is_failure, key_of
from contracts.commands import COMMANDS
from services.chassis.store import Document


def closing_keys(kind: str) -> frozenset[str]:
    """The keys that end a run of this kind (a command's name or the key of the event that opened it)."""
    if kind in COMMANDS:
        return frozenset(key_of(model) for model in COMMANDS[kind].closes)
    row = EVENTS.get(kind)
    if row is None:
        return frozenset()
    return frozenset(key_of(model) for model in row.closed_by) or frozenset({kind})


def path_keys(kind: str) -> frozenset[str]:
    """The keys whose handlers stand between a run's request and its end: a dead letter of theirs ends it too."""
    through = COMMANDS[kind].through if kind in COMMANDS else ()
    return frozenset({kind, *(key_of(model) for model in through)})


def kind_of(run_id: str, events: Iterable[Document], request: Document | None) -> str | None:
    """What opened a run: its request says it, or its first event, or the first attempt at its command."""
    if request is not None:
        return str(request["kind"])
    for event in events:
        if event["_id"] == run_id:
            return str(event["type"])
        if event.get("causation_id") != run_id:
            continue
        if event["type"] == "attempt.noted":
            return _task_of(event)
        direct = _direct_command(event["type"])
        if direct is not None:
            return direct
    return None


def outcome_of(run_id: str, kind: str | None, events: Iterable[Document]) -> Document | None:
    """How a run ended by what is written: the first event that closes a run of its kind."""
    if kind is None:
        return None
    closing = closing_keys(kind)
    for event in events:
        if event["type"] in closing:
            failed = is_failure(event["type"])
            reason = {"reason": _reason(event)} if failed else {}
            state = "failed" if failed else "done"
            return {"_id": run_id, "state": state, "at": event["time"], "event_id": event["_id"], **reason}
    return None


def _task_of(event: Document) -> str:
    return str(_data(event)["task"])


def _reason(event: Document) -> str:
    return str(_data(event)["reason"])


def _data(event: Document) -> Mapping[str, object]:
    model = EVENTS[event["type"]].model
    return model.from_json(event["body"]).model_dump()


def _direct_command(key: str) -> str | None:
    """The light command that this event answers at first hand; heavy ones are known by their attempts."""
    for name, command in COMMANDS.items():
        if command.lane == "light" and key in closing_keys(name):
            return name
    return None
