"""A service: a table of handlers. Its decorators return the function unchanged, so a test calls it as it is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from inspect import signature
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from contracts.catalog import fact_of, key_of
from contracts.commands import COMMANDS, EVENT_LIMIT, Command, Lane
from contracts.message import Event

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Answer:
    """One of several answers to one cause: `subject` tells them apart. An answer without one closes."""

    event: Event
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Handler:
    """One row of a service's table: what it hears, what it runs, and within which limits (seconds).

    `event` and `command` say what starts it (one or both), `answers` what it may tell, `errors` how many failed
    attempts end it.
    """

    service: str
    function: Callable[..., Any]
    lane: Lane
    limit: int
    event: type[Event] | None = None
    command: str | None = None
    answers: tuple[type[Event], ...] = ()
    errors: int = 3

    @property
    def keys(self) -> tuple[str, ...]:
        """The routing keys that reach this handler."""
        event = (key_of(self.event),) if self.event else ()
        return event + ((self.command,) if self.command else ())

    @property
    def name(self) -> str:
        """Its name in logs and statuses: the command's, or the event's key."""
        return self.command or self.keys[0]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of what its function takes, in order."""
        return _parameters(self.function)

    @property
    def facts(self) -> tuple[str, ...]:
        """What its answers stand for; an answer's id is made of its cause, one of these, and its subject."""
        return tuple(dict.fromkeys(fact_of(model, self.service) for model in self.answers))

    @property
    def losses(self) -> int:
        """How many attempts may be lost (killed, over the limit) before it is given up."""
        return 15 if self.lane == "light" else 5


class Service:
    """The handlers of one service, by routing key. It knows no broker."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.handlers: list[Handler] = []
        self._by_key: dict[str, Handler] = {}

    def on(
        self, event: type[Event], *, task: str | None = None, lane: Lane = "heavy"
    ) -> Callable[[Function], Function]:
        """Run the function for every `event`; with `task` also when that command asks for it, in its lane."""
        command = self._command(task) if task else None
        return self._add(event=event, task=task, lane=command.lane if command else lane, command=command)

    def command(self, name: str) -> Callable[[Function], Function]:
        """Run the function when the command `name` asks for it."""
        command = self._command(name)
        return self._add(event=None, task=name, lane=command.lane, command=command)

    def handler(self, key: str) -> Handler | None:
        """The handler of a routing key, or `None`."""
        return self._by_key.get(key)

    def _command(self, name: str) -> Command:
        command = COMMANDS.get(name)
        if command is None or command.queue != self.name:
            raise LookupError(f"{name} is no command of {self.name}: see contracts/commands.py")
        return command

    def _add(
        self, *, event: type[Event] | None, task: str | None, lane: Lane, command: Command | None
    ) -> Callable[[Function], Function]:
        def add(function: Function) -> Function:
            handler = Handler(
                self.name,
                function,
                lane,
                command.limit if command else EVENT_LIMIT,
                event,
                task,
                _answers(function),
                command.retries + 1 if command else 3,
            )
            for key in handler.keys:
                if key in self._by_key:
                    raise LookupError(f"{self.name} has two handlers of {key}: one service hears an event once")
                self._by_key[key] = handler
            self.handlers.append(handler)
            return function

        return add


@cache  # asked for every message, and slow to find out
def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(signature(function).parameters)


def _answers(function: Callable[..., Any]) -> tuple[type[Event], ...]:
    """The event classes named in a function's return annotation, however deep."""
    found: list[type[Event]] = []

    def look(hint: Any) -> None:
        if isinstance(hint, type) and issubclass(hint, Event):
            found.append(hint)
        for inner in get_args(hint):
            if inner is not NoneType:
                look(inner)

    look(get_type_hints(function).get("return"))
    return tuple(found)
