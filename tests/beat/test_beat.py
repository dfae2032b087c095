"""Celery's own beat on a real broker: two of them are one clock, and one that was stopped catches up."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contracts.schedule import SCHEDULE
from services.analysis.tasks import service as analysis
from services.chassis.lanes import Run, decide
from tests.engine import Broker, Vhost
from tests.wiretap import tap

ROOT = Path(__file__).parents[2]


@pytest.fixture
def vhost(broker: Broker) -> Iterator[Vhost]:
    with broker.vhost() as vhost:
        yield vhost


@contextmanager
def beat(vhost: Vhost, home: Path, name: str) -> Iterator[Path]:
    """A running beat; where its words go."""
    log, pulse = home / f"{name}.log", home / f"{name}.pulse"
    env = {"BROKER_URL": vhost.url("beat"), "PULSE_FILE": str(pulse), "LOG_LEVEL": "WARNING"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "services.beat.app", "beat", "--pidfile=", f"-s{home / name}"],
            cwd=ROOT,
            env=os.environ | {f"SCOUT_{key}": value for key, value in env.items()},
            stdout=out,
            stderr=out,
        )
    try:
        until = time.monotonic() + 30
        while not pulse.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        assert pulse.exists(), log.read_text()[-3000:]
        yield log
    finally:
        process.terminate()
        try:
            assert process.wait(30) == 0, log.read_text()[-3000:]
        finally:
            process.kill()
            process.wait()


def test_two_beats_are_one_clock(vhost: Vhost, tmp_path: Path):
    """Each sends the newest slot of every entry at its start, under the same id, with the rights of beat alone."""
    with beat(vhost, tmp_path, "a"), beat(vhost, tmp_path, "b"), tap(vhost) as wire:
        came = {queue: wire.take(queue, 2) for queue in ("trend", "analysis", "scoring")}

    for entry, queue in zip(SCHEDULE.values(), ("trend", "analysis", "scoring"), strict=True):
        ids = {delivery.message.headers["id"] for delivery in came[queue]}
        assert [entry.command] * 2 == [delivery.message.key for delivery in came[queue]]
        assert len(ids) == 1 or queue == "scoring"  # a minute may have gone by between the two
    assert isinstance(decide(came["analysis"][0], analysis, ()), Run)
    assert ("beat", 9) == (came["scoring"][0].message.user, came["scoring"][0].message.priority)


def test_a_beat_that_was_stopped_catches_up(vhost: Vhost, tmp_path: Path):
    """It keeps no file: started again it sends the newest slots once more, which is free where they ran."""
    ids = []
    for name in ("first", "second"):
        with beat(vhost, tmp_path, name), tap(vhost) as wire:
            (delivery,) = wire.take("analysis")
            ids.append(delivery.message.headers["id"])

    assert 1 == len(set(ids))
