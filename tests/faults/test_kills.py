"""Every part of the house is killed in the middle of its work, one after the other: the end is the same."""

import os
import signal

from tests.compose.house import ComposeHouse
from tests.faults.market import NICHES, Desk, furthest

VICTIMS = ("analysis", "scoring", "journal", "gateway", "rabbitmq", "store")


def kill(house: ComposeHouse, service: str) -> None:
    """Kill a container's own process, as a machine short of memory does; docker starts it again."""
    os.kill(house.containers()[service][0]["State"]["Pid"], signal.SIGKILL)


def test_each_part_is_killed_and_every_run_ends_done_once(desk: Desk, wide: ComposeHouse):
    """Analysis, scoring, journal, gateway, RabbitMQ, store: the same scores, an outcome a run, no dead letter."""
    first = desk.analyze_all()
    desk.wait(first)
    before, restarts = desk.scores(), {s: all_[0]["RestartCount"] for s, all_ in wide.containers().items()}

    batch = desk.analyze_all()
    for number, victim in enumerate(VICTIMS, 1):
        desk.wait(batch, number * NICHES // (len(VICTIMS) + 2))
        kill(wide, victim)
    desk.wait(batch)

    killed = {s for s, all_ in wide.containers().items() if all_[0]["RestartCount"] > restarts[s]}
    assert set(VICTIMS) <= killed
    after = desk.scores()
    assert before.keys() == after.keys()
    assert max(furthest(before[niche], after[niche]) for niche in before) <= 1e-9
    assert {"done": NICHES, "failed": 0} == {
        k: v for k, v in desk.call("GET", f"/v1/batches/{batch}").items() if k in {"done", "failed"}
    }
    assert [] == desk.letters()
