"""Where a broker differs from the plan: a pure comparison of what it should hold with what it holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from services.chassis.topology import Binding, Topology, User
from services.chassis.wire import EVENTS_EXCHANGE

JOURNAL_BYTES, QUEUE_BYTES = 2**30, 2**28  # 1 GiB and 256 MiB: about a day and some hours of events
OLD_QUEUES = ("default", "heavy", "celery")  # of the older registry and of Celery itself: nobody reads them
LIVE = "live."

Kind = Literal[
    "missing_exchange",
    "other_exchange",
    "missing_queue",
    "other_queue",
    "missing_binding",
    "stale_binding",
    "other_policy",
    "other_rights",
    "guest",
    "kept_live_queue",
    "old_queue",
    "unknown_queue",
]
Fix = Literal["apply", "prune", "by_hand"]
_FIX: dict[Kind, Fix] = {
    "stale_binding": "prune",
    **dict.fromkeys(("other_exchange", "other_queue", "kept_live_queue", "old_queue", "unknown_queue"), "by_hand"),
}


@dataclass(frozen=True, slots=True)
class Rights:
    """What a user may do: regular expressions over names, and over the keys of `scout.events`."""

    configure: str
    read: str
    write: str
    read_keys: str
    write_keys: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue that is there. `exclusive` ones end with their connection."""

    arguments: dict[str, Any]
    messages: int = 0
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class BrokerState:
    """What a virtual host holds; `policies` (name -> definition) and `rights` are `None` to who may not read them."""

    exchanges: dict[str, str]
    queues: dict[str, Queue]
    bindings: frozenset[Binding]
    policies: dict[str, dict[str, Any]] | None = None
    rights: dict[str, Rights] | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference: of what kind, of which thing, and the `detail`.

    That is what is there and what was planned (`x-message-ttl 500 ≠ 30000`), or how many messages a queue holds.
    """

    kind: Kind
    name: str
    detail: str = ""

    @property
    def fix(self) -> Fix:
        """What puts it right: the topology job, the job with `--prune`, or a person's decision."""
        return _FIX.get(self.kind, "apply")


def rights_of(user: User) -> Rights:
    """The rights that the plan gives; who has live queues of its own may bind any key to them, nobody else one."""
    return Rights(user.configure, user.read, user.write, ".*" if user.configure != "^$" else "^$", user.keys)


def policies_of(plan: Topology) -> dict[str, dict[str, Any]]:
    """The plan's policies, name -> definition: how long each of its queues may grow."""
    others = "|".join(sorted(name for name in plan.queues if name != "journal")).replace(".", r"\.")
    lengths = {"length-journal": ("^journal$", JOURNAL_BYTES), "length": (f"^({others})$", QUEUE_BYTES)}
    return {
        name: {"pattern": pattern, "definition": {"max-length-bytes": size}, "apply-to": "queues", "priority": 0}
        for name, (pattern, size) in lengths.items()
    }


def is_stale(plan: Topology, binding: Binding) -> bool:
    """Whether a queue of the plan gets what the plan does not give it."""
    return bool(binding.exchange) and binding.queue in plan.queues and binding not in plan.bindings


def compare(plan: Topology, state: BrokerState) -> list[Drift]:
    """Every difference, the plan's own things first; empty when the broker is as planned."""
    return [
        *_exchanges(plan, state),
        *_planned_queues(plan, state),
        *_bindings(plan, state),
        *_settings(plan, state),
    ] + [
        drift
        for name, queue in sorted(state.queues.items())
        if name not in plan.queues
        for drift in _extra(name, queue)
    ]


def _exchanges(plan: Topology, state: BrokerState) -> Iterator[Drift]:
    for name, kind in plan.exchanges.items():
        if name not in state.exchanges:
            yield Drift("missing_exchange", name)
        elif state.exchanges[name] != kind:
            yield Drift("other_exchange", name, f"type {state.exchanges[name]} ≠ {kind}")


def _planned_queues(plan: Topology, state: BrokerState) -> Iterator[Drift]:
    for name, planned in plan.queues.items():
        if name not in state.queues:
            yield Drift("missing_queue", name)
            continue
        there = state.queues[name].arguments
        other = [key for key in sorted(planned | there) if planned.get(key) != there.get(key)]
        if other:
            said = (f"{key} {there.get(key, '-')} ≠ {planned.get(key, '-')}" for key in other)
            yield Drift("other_queue", name, "; ".join(said))


def _bindings(plan: Topology, state: BrokerState) -> Iterator[Drift]:
    for binding in plan.bindings:
        if binding not in state.bindings:
            yield Drift("missing_binding", arrow(binding))
    for stale in sorted(arrow(binding) for binding in state.bindings if is_stale(plan, binding)):
        yield Drift("stale_binding", stale)


def _settings(plan: Topology, state: BrokerState) -> Iterator[Drift]:
    if state.policies is not None:
        for name, planned in policies_of(plan).items():
            if state.policies.get(name) != planned:
                yield Drift("other_policy", name)
    if state.rights is not None:
        for name, user in plan.users.items():
            if state.rights.get(name) != rights_of(user):
                yield Drift("other_rights", name)
        if "guest" in state.rights:
            yield Drift("guest", "guest")


def _extra(name: str, queue: Queue) -> Iterator[Drift]:
    if name.startswith(LIVE):
        if not queue.exclusive:
            yield Drift("kept_live_queue", name, str(queue.messages))
    elif name in OLD_QUEUES and queue.messages:
        yield Drift("old_queue", name, str(queue.messages))
    else:
        yield Drift("unknown_queue", name, str(queue.messages))


def arrow(binding: Binding) -> str:
    """A binding as a person reads it."""
    return f"{binding.exchange} -> {binding.queue} ({binding.key})"


def topic_right(rights: Rights) -> dict[str, str]:
    """The same as the management API takes them for `scout.events`."""
    return {"exchange": EVENTS_EXCHANGE, "read": rights.read_keys, "write": rights.write_keys}
