"""What the broker holds, as pure data: exchanges, queues, bindings, and what each user may do."""

import re
from dataclasses import dataclass, field
from typing import Any

from contracts.catalog import EVENTS
from contracts.commands import COMMANDS
from services.chassis.wire import EVENTS_EXCHANGE, TASKS_EXCHANGE

WORKERS = ("trend", "analysis", "scoring", "export")
WAIT_MS = 30_000
_QUORUM: dict[str, Any] = {"x-queue-type": "quorum"}
_SAFE: dict[str, Any] = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}


@dataclass(frozen=True, slots=True)
class Binding:
    """Messages of `exchange` with routing key `key` go to `queue`."""

    exchange: str
    queue: str
    key: str


@dataclass(frozen=True, slots=True)
class User:
    """What one user may do: regular expressions over names, and over the keys it may write to `scout.events`."""

    configure: str
    read: str
    write: str
    keys: str

    def may_publish(self, exchange: str, key: str) -> bool:
        """Whether the broker takes this user's message."""
        if not re.search(self.write, exchange):
            return False
        return exchange != EVENTS_EXCHANGE or re.search(self.keys, key) is not None


@dataclass(frozen=True, slots=True)
class Topology:
    """The whole: exchange -> kind, queue -> arguments, bindings, user -> rights."""

    exchanges: dict[str, str]
    queues: dict[str, dict[str, Any]]
    bindings: tuple[Binding, ...]
    users: dict[str, User] = field(default_factory=dict)


def topology(wait_ms: int = WAIT_MS) -> Topology:
    """The topology that the catalog and the commands ask for; `wait_ms` is how long a retry waits."""
    exchanges = {EVENTS_EXCHANGE: "topic", TASKS_EXCHANGE: "direct"}
    queues: dict[str, dict[str, Any]] = {
        "journal": {
            **_QUORUM,
            "x-single-active-consumer": True,
            "x-delivery-limit": -1,
            "x-overflow": "reject-publish",
        }
    }
    bindings = [Binding(EVENTS_EXCHANGE, "journal", key) for key, row in EVENTS.items() if row.journaled]
    for service in WORKERS:
        own = f"{service}.own"
        exchanges[own] = "direct"
        queues |= _queues_of(service, own, wait_ms)
        bindings += [
            Binding(own, service, "back"),
            Binding(own, f"{service}.wait", "wait"),
            Binding(own, f"{service}.dead", "dead"),
        ]
        bindings += [Binding(EVENTS_EXCHANGE, service, key) for key, row in EVENTS.items() if service in row.heard_by]
        bindings += [Binding(TASKS_EXCHANGE, service, name) for name, row in COMMANDS.items() if row.queue == service]
    return Topology(exchanges, queues, tuple(bindings), _users())


def _queues_of(service: str, own: str, wait_ms: int) -> dict[str, dict[str, Any]]:
    return {
        service: {
            **_QUORUM,
            **_SAFE,
            "x-delivery-limit": 20,
            "x-dead-letter-exchange": own,
            "x-dead-letter-routing-key": "dead",
        },
        f"{service}.wait": {
            **_QUORUM,
            **_SAFE,
            "x-delivery-limit": -1,
            "x-message-ttl": wait_ms,
            "x-dead-letter-exchange": own,
            "x-dead-letter-routing-key": "back",
        },
        f"{service}.dead": {**_QUORUM, "x-delivery-limit": -1, "x-overflow": "reject-publish"},
    }


def _users() -> dict[str, User]:
    """One user per service; every one has a right on keys, since having none would mean all."""
    events = r"scout\.events"
    users = {name: User("^$", f"^{name}$", rf"^({events}|{name}\.own)$", _keys(name)) for name in WORKERS}
    users["journal"] = User(
        "^$", r"^(journal|[a-z]+\.dead)$", rf"^({events}|scout\.tasks|[a-z]+\.own)$", _keys("journal")
    )
    live = r"live\..*"
    users["gateway"] = User(r"^live\.", rf"^({live}|{events})$", rf"^({live}|{events}|scout\.tasks)$", _keys("gateway"))
    users["heartbeat"] = User(r"^live\.", rf"^({live}|{events})$", rf"^({live})$", "^$")
    users["beat"] = users["caller"] = User("^$", "^$", r"^scout\.tasks$", "^$")
    outside = "|".join(re.escape(key) for key, row in EVENTS.items() if row.outside)
    users["outside"] = User("^$", "^$", rf"^{events}$", f"^({outside})$")
    return users


def _keys(service: str) -> str:
    told = "|".join(re.escape(key) for key, row in EVENTS.items() if service in row.told)
    return f"^({told})$" if told else "^$"
