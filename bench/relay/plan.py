"""The topology of the benchmark: the house's own, and beside our queue one of the same kind for each peer."""

from dataclasses import dataclass, replace

from bench.relay.job import HEARD
from services.chassis.topology import Binding, Topology, topology
from services.chassis.wire import EVENTS_EXCHANGE

OURS, SINK = "scoring", "journal"
USERS = ("analysis", "scoring")
PEER_QUEUE = topology().queues[OURS] | {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "peers.dead"}


@dataclass(frozen=True, slots=True)
class Contender:
    """Who takes part: its queue, and the modules and options that Python starts it with."""

    name: str
    queue: str
    command: tuple[str, ...]


_DRAMATIQ = ("dramatiq", "bench.relay.with_dramatiq", "--threads", "8", "--processes")
CONTENDERS = (
    Contender("scout", OURS, ("celery", "-A", "bench.relay.ours", "worker", "-c", "1")),
    Contender("faststream", "faststream", ("bench.relay.with_faststream",)),
    Contender("dramatiq 2x8", "dramatiq2", (*_DRAMATIQ, "2")),
    Contender("dramatiq 1x8", "dramatiq1", (*_DRAMATIQ, "1")),
)


def plan() -> Topology:
    """All that the broker must hold; of the users only those who speak here."""
    house = topology(wait_ms=500)
    peers = [one.queue for one in CONTENDERS if one.queue != OURS]
    return replace(
        house,
        queues=house.queues | dict.fromkeys(peers, PEER_QUEUE) | {"peers.dead": {"x-queue-type": "quorum"}},
        bindings=house.bindings + tuple(Binding(EVENTS_EXCHANGE, peer, HEARD) for peer in peers),
        users={name: house.users[name] for name in USERS},
    )
