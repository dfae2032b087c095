"""The loss test: our worker is killed in the middle of its work, and every event must still be answered."""

import os
import random
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.relay.broker import Vhost
from bench.relay.measure import start
from bench.relay.plan import OURS, SINK, Contender
from bench.relay.queues import Queues

KILLS = ("main", "main", "main", "child")
_WINDOW = 200  # answers that must come between two kills, so that none hits a worker that has only just started
_SILENCE = 60.0  # what a killed worker held may wait for a child that starts on a busy machine
_QUIET = 3.0


@dataclass(frozen=True, slots=True)
class Losses:
    """What the kills did: events that nothing answered, dead letters among them, follow-ups told again."""

    events: int
    kills: int
    lost: int
    dead: int
    repeated: int


def crash(contender: Contender, vhost: Vhost, queues: Queues, events: int, say: Callable[[str], None]) -> Losses:
    """Kill -9 the main process three times and a child once, at random moments, each time with a restart."""
    moments = sorted(random.sample(range(events // 20, events * 9 // 10), len(KILLS)))
    tally = queues.tally(SINK)
    kills = 0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        worker = start(contender, vhost, Path(folder))
        try:
            for moment, what in zip(moments, random.sample(KILLS, len(KILLS)), strict=True):
                if not tally.until(min(max(moment, len(tally.ids) + _WINDOW), events), _SILENCE):
                    break
                say(f"crash: {len(tally.ids)} of {events} answered; kill -9 of the {what} process")
                kills += 1
                if what == "child":
                    os.kill(random.choice(worker.children()), signal.SIGKILL)  # noqa: S311 - any of them
                else:
                    worker.kill()
                    worker.clear()
                    worker = start(contender, vhost, Path(folder))
            tally.until(events, _SILENCE)
            tally.until(events + 1, _QUIET)  # repeats that are still on their way
        finally:
            worker.stop()
    tally.close()
    return Losses(events, kills, events - len(tally.ids), queues.depth(f"{OURS}.dead"), tally.repeated)
