"""The relay benchmark: the job is the same for all, the table says what was measured, and the whole runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.relay import report
from bench.relay.crash import Losses
from bench.relay.job import HEARD, SIZE, TOLD, cause, follow_up, judge
from bench.relay.measure import Figures
from bench.relay.plan import CONTENDERS, OURS, plan
from contracts.analysis import AnalysisCompleted
from contracts.score import OpportunityScored
from services.chassis.cause import parse
from services.chassis.perform import perform_light
from services.chassis.service import Service
from services.chassis.topology import topology
from services.chassis.wire import Delivery

ROOT = Path(__file__).parents[2]
service = Service(OURS)


@service.on(AnalysisCompleted, lane="light")
def score(event: AnalysisCompleted) -> OpportunityScored:
    """The job as our handler."""
    return judge(event)


@pytest.mark.parametrize("number", [0, 7, 19_999])
def test_every_event_is_one_kibibyte_that_the_house_takes(number: int) -> None:
    """What is loaded is a real `analysis.completed` of 1 KiB, whichever its number."""
    message = cause(number, "lot")

    assert len(message.body) == SIZE
    assert parse(Delivery(message, OURS, 1), OURS).key == HEARD
    assert message.id != cause(number + 1, "lot").id != cause(number + 1, "other lot").id


def test_a_peer_tells_what_ours_tells() -> None:
    """The same follow-up leaves every contender: its body to the byte, and the same headers."""
    message = cause(1, "lot")

    [ours], _ = perform_light(service.handlers[0], parse(Delivery(message, OURS, 1), OURS), None)
    body, told_id, headers = follow_up(message.body)

    assert ours.key == TOLD
    assert body == ours.body
    assert headers.keys() == ours.headers.keys()
    assert headers["cloudEvents_id"] == told_id


def test_every_contender_hears_the_event_on_a_queue_like_ours() -> None:
    """A peer's queue has our queue's arguments, but for where its dead letters go."""
    found, ours = plan(), topology().queues[OURS]
    letters = {"x-dead-letter-exchange", "x-dead-letter-routing-key"}

    for one in CONTENDERS:
        assert (HEARD, one.queue) in {(row.key, row.queue) for row in found.bindings}
        assert {k: v for k, v in found.queues[one.queue].items() if k not in letters} == {
            k: v for k, v in ours.items() if k not in letters
        }


def test_a_ratio_is_of_one_round() -> None:
    """A slow moment of the machine counts for both: rates are divided within their round, then the median is taken."""
    rounds = {
        "scout": [Figures(3000, 100, 0, 0), Figures(100, 110, 0, 1), Figures(4000, 90, 0, 0)],
        "peer": [Figures(1000, 300, 0, 0), Figures(50, 500, 2, 0), Figures(1000, 400, 0, 0)],
    }

    head, scout, peer = report.table(rounds, "scout").splitlines()

    assert head.split()[0] == "events/s"
    assert scout.split() == ["scout", "3,000", "100-4,000", "100", "90-110", "0", "1"]
    assert peer.split() == ["peer", "1,000", "50-1,000", "400", "300-500", "3.00x", "3.00", "2.00", "4.00", "2", "0"]


def test_the_loss_test_says_what_became_of_the_events() -> None:
    """One line: how many kills, and what was lost, given up and told twice."""
    assert report.losses(Losses(6000, 4, 0, 1, 32)) == (
        "4 x kill -9 among 6,000 events: 0 lost, 1 dead letters, 32 told twice (same id)"
    )


@pytest.mark.usefixtures("engine")
def test_our_worker_runs_in_it_and_loses_nothing() -> None:
    """Without the peers it needs nothing but Scout: our rate is printed, and four kills lose no event."""
    options = ("--rounds", "1", "--events", "1000", "--crash-events", "1500", "--only", "none")

    done = subprocess.run(
        [sys.executable, "-m", "bench.relay", *options], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert re.search(r"^scout +[\d,]+ ", done.stdout, re.MULTILINE)
    assert "4 x kill -9 among 1,500 events: 0 lost, 0 dead letters" in done.stdout
