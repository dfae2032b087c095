"""Puts the topology on a RabbitMQ, and reads what is there; a second run changes nothing."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from services.chassis.drift import (
    BrokerState,
    Drift,
    Queue,
    Rights,
    compare,
    is_stale,
    policies_of,
    rights_of,
    topic_right,
)
from services.chassis.drift import arrow as binding_text
from services.chassis.management_api import PATIENCE, ManagementApi, ManagementRefused
from services.chassis.topology import Binding, Topology
from services.chassis.wire import EVENTS_EXCHANGE

VHOST = "scout"
_TAGS = {"gateway": "monitoring"}  # it shows queues and drift to people; the tag lets it read them
_SALT = 4  # bytes before the digest in RabbitMQ's password hash


def vhost_of(url: str) -> str:
    """The virtual host that a management address names by its path; `scout` when it names none."""
    return unquote(urlsplit(url).path.strip("/")) or VHOST


class Management:
    """One virtual host of a RabbitMQ; methods raise `DependencyDown` or `ManagementRefused`, which say what to do."""

    def __init__(
        self, url: str, vhost: str, *, patience: float = PATIENCE, say: Callable[[str], None] | None = None
    ) -> None:
        self.vhost = vhost
        self._api = ManagementApi(url, patience, say)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._api.close()

    def create(self) -> None:
        """Make the virtual host, and let this user at all of it."""
        self._api.put("vhosts", self.vhost)
        self._api.put("permissions", self.vhost, self._api.user, configure=".*", read=".*", write=".*")

    def delete(self) -> None:
        """Delete the virtual host and all that is in it; users stay, since other virtual hosts may know them."""
        self._api.delete("vhosts", self.vhost)

    def state(self) -> BrokerState:
        """What the virtual host holds, counts of messages among it."""
        v = self.vhost
        queues = {
            row["name"]: Queue(_set(row["arguments"]), row.get("messages") or 0, bool(row.get("exclusive")))
            for row in self._api.get("queues", v, disable_stats="true", enable_queue_totals="true")
        }
        policies = self._api.may("policies", v)
        return BrokerState(
            {row["name"]: row["type"] for row in self._api.get("exchanges", v, disable_stats="true")},
            queues,
            frozenset(binding for binding, _ in self._bindings()),
            None if policies is None else {row.pop("name"): _policy(row) for row in policies},
            self._rights(),
        )

    def drift(self, plan: Topology) -> list[Drift]:
        """Every difference between the plan and the broker."""
        return compare(plan, self.state())

    def apply(self, plan: Topology, passwords: Mapping[str, str]) -> list[str]:
        """Make what the plan has and the broker has not, and say each; what is there beyond the plan stays."""
        unknown = sorted(plan.users.keys() - passwords.keys())
        if unknown:
            raise ManagementRefused(f"No password for the users {', '.join(unknown)}. `just env` writes all of them.")
        state = self.state()
        _refuse_changed(plan, state)
        return [
            *self._things(plan, state),
            *self._users(plan, passwords),
            *self._rules(plan, state),
            *self._no_guest(),
        ]

    def prune(self, plan: Topology) -> list[str]:
        """Remove the bindings that give a planned queue what the plan does not, and say which."""
        stale = [(binding, key) for binding, key in self._bindings() if is_stale(plan, binding)]
        for binding, key in stale:
            self._api.delete("bindings", self.vhost, "e", binding.exchange, "q", binding.queue, key)
        return [f"removed binding {binding_text(binding)}" for binding, _ in stale]

    def _bindings(self) -> Iterator[tuple[Binding, str]]:
        """Each binding of an exchange to a queue, and what the API calls it."""
        for row in self._api.get("bindings", self.vhost):
            if row["source"] and row["destination_type"] == "queue":
                yield Binding(row["source"], row["destination"], row["routing_key"]), row["properties_key"]

    def _rights(self) -> dict[str, Rights] | None:
        rows, topics = (self._api.may("vhosts", self.vhost, kind) for kind in ("permissions", "topic-permissions"))
        if rows is None or topics is None:
            return None
        keys = {row["user"]: (row["read"], row["write"]) for row in topics if row["exchange"] == EVENTS_EXCHANGE}
        return {
            row["user"]: Rights(row["configure"], row["read"], row["write"], *keys.get(row["user"], ("", "")))
            for row in rows
        }

    def _things(self, plan: Topology, state: BrokerState) -> Iterator[str]:
        v = self.vhost
        for name, kind in plan.exchanges.items():
            if name not in state.exchanges:
                self._api.put("exchanges", v, name, type=kind, durable=True)
                yield f"created exchange {name}"
        for name, arguments in plan.queues.items():
            if name not in state.queues:
                self._api.put("queues", v, name, durable=True, arguments=arguments)
                yield f"created queue {name}"
        for binding in plan.bindings:
            if binding not in state.bindings:
                self._api.post("bindings", v, "e", binding.exchange, "q", binding.queue, routing_key=binding.key)
                yield f"created binding {binding_text(binding)}"

    def _users(self, plan: Topology, passwords: Mapping[str, str]) -> Iterator[str]:
        """Only what differs is written: a password that is written again has a new hash each time."""
        there = {row["name"]: row for row in self._api.get("users")}
        for name in plan.users:
            row, tags = there.get(name), _TAGS.get(name, "")
            if row is None or row["tags"] != [tag for tag in [tags] if tag] or not _is_password(row, passwords[name]):
                self._api.put("users", name, password=passwords[name], tags=tags)
                yield f"{'changed' if row else 'created'} user {name}"

    def _rules(self, plan: Topology, state: BrokerState) -> Iterator[str]:
        v = self.vhost
        for name, user in plan.users.items():
            rights = rights_of(user)
            if (state.rights or {}).get(name) != rights:
                r = {"configure": rights.configure, "read": rights.read, "write": rights.write}
                self._api.put("permissions", v, name, **r)
                self._api.put("topic-permissions", v, name, **topic_right(rights))
                yield f"set rights of user {name}"
        for name, policy in policies_of(plan).items():
            if (state.policies or {}).get(name) != policy:
                self._api.put("policies", v, name, **policy)
                yield f"set policy {name}"

    def _no_guest(self) -> Iterator[str]:
        """A user whose password is known to all has no place; only the one that asks may not remove itself."""
        if self._api.user != "guest" and any(row["name"] == "guest" for row in self._api.get("users")):
            self._api.delete("users", "guest")
            yield "deleted user guest"


def _refuse_changed(plan: Topology, state: BrokerState) -> None:
    other = [row for row in compare(plan, state) if row.kind in ("other_exchange", "other_queue")]
    if other:
        raise ManagementRefused(
            f"RabbitMQ holds {' and '.join(f'{row.name} ({row.detail})' for row in other)}, and cannot change that in "
            "place. Stop what writes to it, let it run empty, delete it (rabbitmqctl delete_queue, or the management "
            "page), then run this again; or set a new virtual host in SCOUT_MANAGEMENT_URL."
        )


def _set(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments without the type that RabbitMQ writes to a queue that named none."""
    return {key: value for key, value in arguments.items() if (key, value) != ("x-queue-type", "classic")}


def _policy(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("pattern", "definition", "apply-to", "priority")}


def _is_password(row: dict[str, Any], password: str) -> bool:
    """Whether a user's salted hash is of this password."""
    known = base64.b64decode(row["password_hash"])
    return known[_SALT:] == hashlib.sha256(known[:_SALT] + password.encode()).digest()
