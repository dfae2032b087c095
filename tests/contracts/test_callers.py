"""A caller who has Celery and one plain file of ours, and nothing else."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from contracts import routes
from contracts.commands import COMMANDS
from services.chassis.lanes import Run, decide
from services.chassis.perform import arguments
from services.chassis.topology import WORKERS
from services.chassis.wire import Delivery
from tests.engine import Broker, Vhost
from tests.examples import analysis_completed
from tests.wiretap import tap

CALLER = """
import json, sys
sys.modules["contracts"] = sys.modules["services"] = None  # whoever imports one of ours fails
sys.path.insert(0, sys.argv[1])
from celery import Celery
from routes import ROUTES
app = Celery(broker=sys.argv[2])
app.conf.task_routes = ROUTES
app.conf.broker_transport_options = {"confirm_publish": True}
for name, args, kwargs in json.loads(sys.argv[3]):
    print(app.send_task(name, args, kwargs).id)
"""
CALLS: list[tuple[str, list[Any], dict[str, Any]]] = [
    ("scout.tasks.update_trend_data", [], {}),
    ("scout.tasks.analyze_niche", ["tea", {"as_of": "2017-11-05"}], {}),
    ("scout.tasks.calculate_opportunity_score", [], {"analysis": json.loads(analysis_completed().to_json())}),
    ("scout.tasks.export_report", [], {"report": {"kind": "leaderboard", "market": "shop", "format": "csv"}}),
    ("scout.tasks.cleanup_old_analyses", [], {}),
    ("scout.tasks.office_heartbeat", [], {}),
    ("scout.tasks.import_observations", [], {"upload": {"market": "shop", "builtin": "complete-journey"}}),
    ("scout.tasks.backtest", [{"market": "shop"}], {}),
]


@pytest.fixture
def vhost(broker: Broker) -> Iterator[Vhost]:
    with broker.vhost() as vhost:
        yield vhost


def call(vhost: Vhost, home: Path, *calls: Any) -> subprocess.CompletedProcess[str]:
    """Run the caller in a process that sees nothing of ours but the copied file."""
    shutil.copy(routes.__file__, home / "routes.py")
    command = [sys.executable, "-I", "-c", CALLER, str(home), vhost.url("caller"), json.dumps(calls)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_caller_with_celery_alone_calls_every_command(vhost: Vhost, tmp_path: Path):
    """Each command arrives in its service's queue under the caller's task id, and its worker would run it."""
    done = call(vhost, tmp_path, *CALLS)
    assert "" == done.stderr
    ids = dict(zip((name for name, *_ in CALLS), done.stdout.split(), strict=True))
    with tap(vhost) as wire:
        came: list[Delivery] = [delivery for queue in WORKERS for delivery in wire.take(queue, 8, seconds=2)]

    assert COMMANDS.keys() == ids.keys()
    assert ids == {delivery.message.key: delivery.message.headers["id"] for delivery in came}
    for delivery in came:
        decision = decide(delivery, import_module(f"services.{delivery.queue}.tasks").service, ())
        assert isinstance(decision, Run)
        assert arguments(decision.handler, decision.cause) is not None


def test_a_mistyped_name_is_told_and_not_lost(vhost: Vhost, tmp_path: Path):
    """With confirms and `mandatory` the broker's refusal reaches the caller."""
    done = call(vhost, tmp_path, ("scout.tasks.analyse_niche", ["tea"], {}))

    assert 0 != done.returncode
    assert done.stderr


@pytest.mark.parametrize("option", ["eta", "link"])
def test_what_scout_does_not_take_is_refused_by_name(vhost: Vhost, tmp_path: Path, option: str):
    """An eta or a callback is a dead letter that names it, for whoever looks after the caller."""
    options = {"eta": 'countdown=60, routing_key="scout.tasks.backtest"', "link": 'link=app.signature("a.b")'}[option]
    script = CALLER.replace("kwargs).id", f"kwargs, {options}).id")
    shutil.copy(routes.__file__, tmp_path / "routes.py")
    call_ = json.dumps([["scout.tasks.backtest", [{"market": "shop"}], {}]])
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, str(tmp_path), vhost.url("caller"), call_],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    with tap(vhost) as wire:
        (delivery,) = wire.take("analysis")

    decision = decide(delivery, import_module("services.analysis.tasks").service, ())
    assert 0 == done.returncode, done.stderr
    assert {"eta": "header eta", "link": "option callbacks"}[option] in decision.message.headers["scout-reason"]
