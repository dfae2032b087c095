"""A worker's attempts on a real broker: retried, given up, lost, killed, over the limit; and Celery's hooks fire."""

import signal
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.panel import PanelBuilt
from services.chassis.wire import Message, command_message
from tests.engine import Broker, Vhost
from tests.examples import analysis_completed, event_from
from tests.wiretap import Tap, tap
from tests.workers import Worker, worker

APP = "tests.chassis.wire_toy"
PANEL = Path("tests/contracts/golden/panel.built.json")


@pytest.fixture
def vhost(broker: Broker) -> Iterator[Vhost]:
    with broker.vhost(wait_ms=300) as vhost:
        yield vhost


@pytest.fixture
def wire(vhost: Vhost) -> Iterator[Tap]:
    with tap(vhost) as wire:
        yield wire


@pytest.fixture
def analysis(vhost: Vhost, tmp_path: Path) -> Iterator[Worker]:
    with worker(vhost, "analysis", tmp_path, APP) as running:
        yield running


@pytest.fixture
def scoring(vhost: Vhost, tmp_path: Path) -> Iterator[Worker]:
    with worker(vhost, "scoring", tmp_path, APP) as running:
        yield running


def ask(vhost: Vhost, niche: str) -> Message:
    """Ask for the analysis of a niche as any caller does."""
    message = command_message("scout.tasks.analyze_niche", {"niche_id": niche}, str(uuid.uuid4()), "caller")
    with tap(vhost, "caller") as caller:
        caller.send(message)
    return message


def tell(vhost: Vhost, *niches: str) -> None:
    """Tell that niches were analysed."""
    with tap(vhost, "analysis") as teller:
        for niche in niches:
            teller.send(event_from("analysis", analysis_completed(niche_id=niche), event_id=str(uuid.uuid4())))


def runs(home: Path) -> Counter[str]:
    """How often each handler began."""
    return Counter(line.split()[0] for line in (home / "notes").read_text().splitlines())


def test_an_answer_is_written_told_and_answered(vhost: Vhost, wire: Tap, analysis: Worker):
    """A heavy command leaves an attempt and its answer, under the run that it opened."""
    asked = ask(vhost, "tea")

    noted, told = wire.take("journal", 2)

    assert ["attempt.noted", "analysis.completed"] == [noted.message.key, told.message.key]
    assert asked.id == told.message.headers["cloudEvents_correlationid"]
    assert analysis.alive()


def test_a_domain_error_is_an_answer_and_no_retry(vhost: Vhost, wire: Tap, analysis: Worker, tmp_path: Path):
    """What fails by the rules of the domain is told once."""
    ask(vhost, "unknown")

    assert ["attempt.noted", "analysis.failed"] == wire.keys("journal", 2)
    assert {"unknown": 1} == runs(tmp_path)
    assert analysis.alive()


@pytest.mark.parametrize(("niche", "reason"), [("broken", "ValueError: boom"), ("cancelled", "CancelledError")])
def test_an_error_is_tried_three_times(
    vhost: Vhost, wire: Tap, analysis: Worker, tmp_path: Path, niche: str, reason: str
):
    """Each failed attempt waits, the third is the last, the reason is kept, and Celery's hooks hear all three."""
    asked = ask(vhost, niche)

    (letter,) = wire.take("analysis.dead")

    headers = letter.message.headers
    assert (3, 0, asked.id) == (headers["scout-errors"], headers["scout-losses"], headers["scout-id"])
    assert reason in headers["scout-reason"]
    assert asked.body == letter.message.body
    assert {niche: 3} == runs(tmp_path)
    assert 0 == analysis.stop()  # the last signal comes after the dead letter
    assert ["scout.tasks.analyze_niche"] * 3 == (tmp_path / "signals").read_text().split()


@pytest.mark.parametrize("niche", ["exits", "dies"])
def test_a_child_that_dies_is_a_loss_and_five_are_the_end(
    vhost: Vhost, wire: Tap, analysis: Worker, tmp_path: Path, niche: str
):
    """The dead letter says that the attempts were lost, and the worker lives on for others."""
    ask(vhost, niche)

    (letter,) = wire.take("analysis.dead", seconds=60)
    ask(vhost, "tea")

    assert letter.message.headers["scout-reason"].startswith("lost: 5 attempts ended without an answer")
    assert {niche: 5} == {name: n for name, n in runs(tmp_path).items() if name == niche}
    assert "analysis.completed" in wire.keys("journal", 7, seconds=10)
    assert analysis.alive()


def test_a_handler_over_its_limit_is_ended(vhost: Vhost, wire: Tap, tmp_path: Path):
    """What hangs is killed at its limit and counts as lost."""
    with worker(vhost, "trend", tmp_path, APP), tap(vhost, "beat") as beat:
        beat.send(command_message("scout.tasks.update_trend_data", {}, str(uuid.uuid4()), "beat"))
        (letter,) = wire.take("trend.dead", seconds=60)

    assert "over the limit of 1 s" in letter.message.headers["scout-reason"]
    assert {"hangs": 5} == runs(tmp_path)


def test_a_dependency_that_is_away_raises_no_counter(vhost: Vhost, wire: Tap, analysis: Worker, tmp_path: Path):
    """It waits for its dependency as often as need be, and is done when that is back."""
    ask(vhost, "down")
    until = time.monotonic() + 20
    while time.monotonic() < until and not ((tmp_path / "notes").exists() and runs(tmp_path)["down"] >= 4):
        time.sleep(0.1)
    (tmp_path / "up").touch()

    keys = wire.keys("journal", 20, seconds=3)

    assert "analysis.completed" == keys[-1]
    assert [] == wire.take("analysis.dead", seconds=0.2)
    assert analysis.alive()


def test_a_killed_worker_loses_nothing(vhost: Vhost, wire: Tap, tmp_path: Path):
    """What a worker had in hand when it was killed is done by the next one, under the same id."""
    with worker(vhost, "analysis", tmp_path, APP) as first:
        asked = ask(vhost, "slow")
        assert ["attempt.noted"] == wire.keys("journal", 1)
        first.kill()
    with worker(vhost, "analysis", tmp_path, APP):
        told = wire.take("journal", 2)

    assert ["attempt.noted", "analysis.completed"] == [delivery.message.key for delivery in told]
    assert asked.id == told[-1].message.headers["cloudEvents_correlationid"]


def test_a_stop_waits_for_the_work_in_hand(vhost: Vhost, wire: Tap, analysis: Worker, tmp_path: Path):
    """A warm stop ends after the handler, which runs once."""
    ask(vhost, "slow")
    assert ["attempt.noted"] == wire.keys("journal", 1)

    assert 0 == analysis.stop()
    assert ["analysis.completed"] == wire.keys("journal", 1)
    assert {"slow": 1} == runs(tmp_path)


def test_a_light_handler_is_tried_again_in_a_child(vhost: Vhost, wire: Tap, scoring: Worker, tmp_path: Path):
    """Its first attempt runs in the main process, its second and third in the child."""
    tell(vhost, "broken")

    (letter,) = wire.take("scoring.dead")

    pids = [int(line.split()[1]) for line in (tmp_path / "notes").read_text().splitlines()]
    assert (3, "ValueError: boom") == (letter.message.headers["scout-errors"], letter.message.headers["scout-reason"])
    assert [scoring.process.pid] == pids[:1]
    assert scoring.process.pid not in pids[1:]
    assert scoring.alive()


@pytest.mark.parametrize(("niche", "ended"), [("dies", signal.SIGABRT), ("hangs", signal.SIGALRM)])
def test_a_light_handler_that_kills_its_worker_takes_no_other_with_it(
    vhost: Vhost, wire: Tap, tmp_path: Path, niche: str, ended: signal.Signals
):
    """The worker is started once more, the guilty event ends in the child, and every neighbour is scored."""
    tell(vhost, *["tea"] * 20, niche, *["tea"] * 20)
    with worker(vhost, "scoring", tmp_path, APP) as first:
        assert -ended == first.process.wait(20)
    with worker(vhost, "scoring", tmp_path, APP) as second:
        scored = {d.message.id for d in wire.take("journal", 82 + 40, seconds=15) if d.message.key[:3] == "opp"}
        assert second.alive()

    assert 41 == len(scored)
    assert [] == wire.take("scoring.dead", seconds=0.2)


def test_heavy_work_in_a_light_service_waits_outside_the_prefetch(
    vhost: Vhost, wire: Tap, scoring: Worker, tmp_path: Path
):
    """While one panel is judged the others wait in the waiting room, uncounted, and events are scored all the same."""
    panel = PanelBuilt.from_json(PANEL.read_bytes())
    with tap(vhost, "analysis") as teller:
        for _ in range(3):
            teller.send(event_from("analysis", panel, event_id=str(uuid.uuid4())))
    tell(vhost, *["tea"] * 50)

    first = wire.keys("journal", 3 + 50 + 50 + 1, seconds=10)
    last = wire.keys("journal", 5, seconds=20)

    assert first.count("opportunity.scored") == 50
    assert (first + last).count("backtest.failed") == 3
    assert {"tea": 50, "judge": 3} == runs(tmp_path)
    assert scoring.alive()


def test_a_tick_that_the_next_one_has_overtaken_is_dropped(vhost: Vhost, wire: Tap, scoring: Worker, tmp_path: Path):
    """Of two heartbeats of the clock only the one that is younger than its period is run; neither is a dead letter."""
    now = float(int(time.time()))
    with tap(vhost, "beat") as beat:
        for slot in (now - 3600, now):
            beat.send(command_message("scout.tasks.office_heartbeat", {}, str(uuid.uuid4()), "beat", timestamp=slot))
    tell(vhost, "tea")

    assert ["analysis.completed", "opportunity.scored"] == wire.keys("journal", 2)
    assert {str(now): 1, "tea": 1} == runs(tmp_path)
    assert [] == wire.take("scoring.dead", seconds=0.2)
    assert scoring.alive()


def test_a_worker_has_a_process_for_work_and_no_thread(vhost: Vhost, scoring: Worker):
    """The main process stays one thread, which is what makes its fork safe; its child is there from the start."""
    threads = list(Path(f"/proc/{scoring.process.pid}/task").iterdir())

    assert (1, 1) == (len(threads), len(scoring.children()))
    assert vhost.name
