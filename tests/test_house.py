"""Names that must agree, and events that must be told and heard: a failure says which edit was forgotten.

A new event takes four edits: (1) its class in the file of its noun in contracts/, (2) its row in contracts/catalog.py,
(3) the teller's tasks.py returns it, (4) the hearer's tasks.py handles it. Then: just contracts, and a golden example.
"""

import importlib
import pkgutil
import re
import tomllib
from pathlib import Path

import pytest

import contracts
from contracts.catalog import EVENTS
from contracts.commands import COMMANDS
from contracts.message import Event, Failed
from contracts.routes import ROUTES
from contracts.schedule import SCHEDULE
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.topology import WORKERS, topology

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS: dict[str, list[str | dict[str, str]]] = PROJECT["dependency-groups"]
REQUIREMENTS = ROOT / "deploy" / "requirements"
FOLDERS = {path.parent.name for path in (ROOT / "services").glob("*/__init__.py")}

WITHOUT_QUEUE = {
    "chassis": "what services stand on, no service",
    "cli": "a client of the gateway",
    "gateway": "serves HTTP; listens on queues of its own that live as long as it does",
    "beat": "sends commands by the clock, and hears nothing",
    "topology": "prepares the broker and ends",
    "heartbeat": "listens on a queue of its own that lives as long as it does",
}
WITHOUT_TASKS = {**WITHOUT_QUEUE, "journal": "hears everything, and handles it in batches"}
WITHOUT_FOLDER = {
    "worker": "what every worker service stands on",
    "demo": "the demo market's tables",
    "bench": "whom our speeds are compared to",
    "dev": "all that tests and tools need",
}

# Events that no handler answers, and the folder whose code tells them.
TOLD_BY_CODE = {
    "niche.watched": "gateway",
    "model.activated": "gateway",
    "market.configured": "gateway",
    "run.finished": "journal",
    "run.failed": "journal",
    "journal.tick": "journal",
    "attempt.noted": "chassis",
    "status.reported": "chassis",
}
# Events that no handler hears, and the folder whose code hears them.
HEARD_BY_CODE = {("status.reported", "heartbeat"), ("status.reported", "gateway")}


def table(name: str) -> Service:
    """The handlers of a worker service."""
    service: Service = importlib.import_module(f"services.{name}.tasks").service
    return service


def pinned(group: str) -> dict[str, str]:
    """What a requirements file installs: name to version."""
    text = (REQUIREMENTS / f"{group}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))


def asked(group: str) -> set[str]:
    """What a dependency group asks for, groups that it includes followed."""
    names: set[str] = set()
    for entry in GROUPS[group]:
        names |= {entry.lower()} if isinstance(entry, str) else asked(entry["include-group"])
    return names


def mentions(folder: str, word: str) -> bool:
    """Whether the code of a service names something."""
    return any(re.search(rf"\b{word}\b", path.read_text()) for path in (ROOT / "services" / folder).rglob("*.py"))


def test_a_folder_of_services_is_a_dependency_group() -> None:
    """A container installs the group that bears its folder's name."""
    assert GROUPS.keys() - WITHOUT_FOLDER.keys() == FOLDERS


def test_a_dependency_group_is_a_requirements_file() -> None:
    """What a group asks for is locked under its name: `just lock`."""
    assert {path.stem for path in REQUIREMENTS.glob("*.txt")} == GROUPS.keys()


def test_a_folder_of_services_is_a_queue() -> None:
    """Who hears or does anything has a queue of the folder's name, whose commands are in contracts."""
    queues = {name for name in topology().queues if "." not in name}

    assert queues == FOLDERS - WITHOUT_QUEUE.keys()
    assert {row.queue for row in COMMANDS.values()} == set(WORKERS)


def test_a_worker_is_a_folder_with_tasks() -> None:
    """Its wiring is in `tasks.py`, and its service bears the folder's name."""
    assert {path.parent.name for path in (ROOT / "services").glob("*/tasks.py")} == FOLDERS - WITHOUT_TASKS.keys()
    assert [table(name).name for name in WORKERS] == list(WORKERS)


@pytest.mark.parametrize("group", GROUPS)
def test_requirements_are_hashed_name_no_index_and_are_up_to_date(group: str) -> None:
    """A file of pins holds all that its group asks for, a hash for each, no address, and the house's one version."""
    text = (REQUIREMENTS / f"{group}.txt").read_text()
    entries = re.split(r"\n(?=\S)", re.sub(r"^ +#.*\n?", "", text, flags=re.MULTILINE).strip())

    assert asked(group) <= pinned(group).keys(), "run `just lock`"
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
    same = pinned(group).keys() & pinned("dev").keys() if group == "bench" else pinned(group).keys()
    assert group == "demo" or {(name, pinned(group)[name]) for name in same} <= pinned("dev").items(), "run `just lock`"


def test_every_setting_is_shown_with_its_default() -> None:
    """What a person can set is in .env.example, each by its name and with the value that holds without it."""
    shown = dict(re.findall(r"^#?SCOUT_(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert shown == {
        name.upper(): "" if field.default is None else str(field.default)
        for name, field in Settings.model_fields.items()
    }


def test_every_command_is_routed_and_every_scheduled_one_is_a_command() -> None:
    """The plain table for outside callers and the clock name the commands that exist."""
    assert ROUTES.keys() == COMMANDS.keys()
    assert {entry.command for entry in SCHEDULE.values()} <= COMMANDS.keys()


def test_every_command_has_one_handler() -> None:
    """A command whose queue's service does not do it would wait for ever."""
    done = [handler.command for name in WORKERS for handler in table(name).handlers if handler.command]

    assert sorted(done) == sorted(COMMANDS), "a command needs one function under @service.command in its tasks.py"


def test_every_event_class_has_a_row() -> None:
    """A class that the catalog does not know cannot be told: edit 2 is missing."""
    modules = [
        importlib.import_module(f"contracts.{module.name}") for module in pkgutil.iter_modules(contracts.__path__)
    ]
    classes = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Event) and value not in {Event, Failed}
    }

    missing = sorted(model.__name__ for model in classes - {row.model for row in EVENTS.values()})
    assert not missing, f"edit 2 is missing: {missing} have no row in contracts/catalog.py"


def test_every_event_is_told_by_those_whom_its_row_names() -> None:
    """A row names as tellers exactly the services that have a handler which returns the event."""
    by_handlers = {
        (key, name)
        for name in WORKERS
        for handler in table(name).handlers
        for key, row in EVENTS.items()
        if row.model in handler.answers
    }
    by_rows = {(key, name) for key, row in EVENTS.items() for name in row.told_by if key not in TOLD_BY_CODE}

    silent, unnamed = sorted(by_rows - by_handlers), sorted(by_handlers - by_rows)
    assert not silent, f"edit 3 is missing: no handler in these services' tasks.py returns the event: {silent}"
    assert not unnamed, f"edit 2 is incomplete: `told` of the event's row in catalog.py lacks the service: {unnamed}"


@pytest.mark.parametrize(("key", "folder"), TOLD_BY_CODE.items())
def test_an_event_that_no_handler_returns_is_told_by_code(key: str, folder: str) -> None:
    """What is told outside of handlers is told somewhere: edit 3 is missing if not."""
    assert mentions(folder, EVENTS[key].model.__name__), f"edit 3 is missing: nothing in services/{folder} tells {key}"


def test_every_event_is_heard_by_those_whom_its_row_names() -> None:
    """A row names as hearers exactly the services that have a handler of the event."""
    by_handlers = {
        (key, name)
        for name in WORKERS
        for handler in table(name).handlers
        for key, row in EVENTS.items()
        if row.model is handler.event
    }
    by_rows = {(key, name) for key, row in EVENTS.items() for name in row.heard_by} - HEARD_BY_CODE

    deaf, unnamed = sorted(by_rows - by_handlers), sorted(by_handlers - by_rows)
    assert not deaf, f"edit 4 is missing: no handler in these services' tasks.py hears the event: {deaf}"
    assert not unnamed, f"edit 2 is incomplete: `heard_by` of the event's row in catalog.py lacks: {unnamed}"


@pytest.mark.parametrize(("key", "folder"), sorted(HEARD_BY_CODE))
def test_an_event_that_no_handler_hears_is_heard_by_code(key: str, folder: str) -> None:
    """Who hears without handlers names the event: edit 4 is missing if not."""
    assert mentions(folder, EVENTS[key].model.__name__), f"edit 4 is missing: nothing in services/{folder} hears {key}"
