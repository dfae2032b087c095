"""Every part of the house is killed in the middle of its work, one after the other: the end is the same."""

import os
import signal

from tests.compose.house import ComposeHouse
from tests.faults.conftest import Scored
from tests.faults.market import SOME, Desk, furthest

VICTIMS = ("analysis", "scoring", "journal", "gateway", "rabbitmq", "store")


def kill(house: ComposeHouse, service: str) -> None:
    """Kill a container's own process, as a machine short of memory does; docker starts it again."""
    os.kill(house.containers()[service][0]["State"]["Pid"], signal.SIGKILL)


def test_each_part_is_killed_and_every_run_ends_done_once(desk: Desk, scored: Scored, wide: ComposeHouse):
    """Analysis, scoring, journal, gateway, RabbitMQ, store: the same scores, an outcome a run, no dead letter."""
    restarts = {service: all_[0]["RestartCount"] for service, all_ in wide.containers().items()}

    batch = desk.analyze(sorted(scored.scores)[:SOME])
    for number, victim in enumerate(VICTIMS, 1):
        desk.wait(batch, number * SOME // (len(VICTIMS) + 2))
        kill(wide, victim)
    desk.wait(batch, SOME)

    killed = {s for s, all_ in wide.containers().items() if all_[0]["RestartCount"] > restarts[s]}
    assert set(VICTIMS) <= killed
    after = desk.scores()
    assert scored.scores.keys() == after.keys()
    assert max(furthest(scored.scores[niche], after[niche]) for niche in after) <= 1e-9
    assert SOME == desk.done(batch)
    assert [] == desk.letters()
