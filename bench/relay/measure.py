"""One measurement: a worker starts, drains a loaded queue, and is stopped."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.relay.broker import Vhost
from bench.relay.plan import OURS, SINK, Contender
from bench.relay.process import Worker
from bench.relay.queues import Queues
from services.chassis.errors import ScoutError

_LOOK = 0.05
_SILENCE = 30.0
_WARM = 10  # the first tenth is not counted: imports, connections and cold caches


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: events a second, processor time per event (us), follow-ups lost and repeated."""

    rate: float
    cpu: float
    lost: int
    repeated: int


def start(contender: Contender, vhost: Vhost, folder: Path) -> Worker:
    """Start a contender's worker; ours gets what a house's worker gets, a peer an administrator's rights."""
    if contender.queue == OURS:
        told = {"SCOUT_BROKER_URL": vhost.url(OURS), "SCOUT_HOME": str(folder / "home")}
    else:
        told = {"BENCH_URL": vhost.url(vhost.broker.administrator[0]), "BENCH_QUEUE": contender.queue}
    return Worker(contender.command, told, folder / "worker.log")


def drain(contender: Contender, vhost: Vhost, queues: Queues, events: int) -> Figures:
    """Measure how fast a contender drains its queue of so many events."""
    queues.purge(SINK)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        worker = start(contender, vhost, Path(folder))
        try:
            warm = _until(events // _WARM, worker, queues)
            began, before = time.perf_counter(), worker.cpu()
            _until(events, worker, queues)
            seconds, used = time.perf_counter() - began, worker.cpu() - before
        finally:
            worker.stop()
    left = queues.depth(contender.queue)
    tally = queues.taken(SINK)
    counted = events - warm
    return Figures(counted / seconds, used / counted * 1e6, events - left - len(tally.ids), tally.repeated)


def _until(wanted: int, worker: Worker, queues: Queues) -> int:
    """Wait until the sink holds so many follow-ups, and say how many; raises `ScoutError` when none come."""
    told, silent = -1, time.monotonic()
    while (depth := queues.depth(SINK)) < wanted:
        if depth != told:
            told, silent = depth, time.monotonic()
        if not worker.alive or time.monotonic() - silent > _SILENCE:
            words = worker.log.read_text(errors="replace")[-2000:]
            raise ScoutError(f"The worker stopped at {depth} of {wanted} events. Its last words:\n{words}")
        time.sleep(_LOOK)
    return depth
