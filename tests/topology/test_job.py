"""The one-shot job on a real broker: what it prints, and how it ends."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest

from services.chassis.management import Management
from services.chassis.topology import topology
from services.topology.__main__ import main
from tests.engine import Broker

PLAN = topology()


@pytest.fixture
def management(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Management]:
    """The administrator of a virtual host that is not there yet; the job's variables name it."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    monkeypatch.setenv("SCOUT_MANAGEMENT_URL", f"{broker.management_url}/{name}")
    for user in PLAN.users:
        monkeypatch.setenv(f"SCOUT_PASSWORD_{user.upper()}", "test")
    with Management(broker.management_url, name) as made:
        yield made
        made.delete()


def bind(management: Management, key: str) -> None:
    """Bind a queue of the plan to a key that the plan does not give it."""
    management._api.post("bindings", management.vhost, "e", "scout.events", "q", "trend", routing_key=key)


def test_the_job_makes_all_says_so_and_then_finds_nothing_to_do(management: Management):
    """As compose runs it, a program of its own; a second start ends the same."""
    runs = [
        subprocess.run(
            [sys.executable, "-m", "services.topology"], env=os.environ, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]

    assert "created queue journal" in runs[0].stdout
    assert runs[1].stdout == f"0 changes, 0 differences left (virtual host {management.vhost})\n"
    assert management.drift(PLAN) == []


def test_check_changes_nothing_and_ends_with_1_while_anything_differs(
    management: Management, capsys: pytest.CaptureFixture[str]
):
    """Each difference is a line with what to do; a broker as planned is told as such."""
    assert main([]) == 0
    capsys.readouterr()
    assert main(["--check"]) == 0
    fine = capsys.readouterr().out
    bind(management, "old.key")
    management._api.delete("queues", management.vhost, "trend.dead")
    before = management.state()

    assert main(["--check"]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert "as planned" in fine
    assert lines[0] == "Queue trend.dead is missing. Run `docker compose run --rm topology`."
    assert any(line.startswith("Binding scout.events -> trend (old.key)") and "--prune" in line for line in lines)
    assert management.state() == before


def test_stale_bindings_stay_until_they_are_pruned(management: Management, capsys: pytest.CaptureFixture[str]):
    """An older worker may still run, so a deploy leaves them and says how to remove them."""
    main([])
    bind(management, "old.key")

    assert main([]) == 0
    left = capsys.readouterr().out
    assert main(["--prune"]) == 0
    pruned = capsys.readouterr().out

    assert "(old.key) is not planned (any more)" in left
    assert pruned.splitlines()[0] == "removed binding scout.events -> trend (old.key)"
    assert management.drift(PLAN) == []


def test_missing_passwords_are_all_named(
    management: Management, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """An empty one is a missing one, and `just env` writes them; nothing is made."""
    monkeypatch.setenv("SCOUT_PASSWORD_BEAT", "")
    monkeypatch.delenv("SCOUT_PASSWORD_OUTSIDE")

    assert main([]) == 2

    said = capsys.readouterr().err
    assert "SCOUT_PASSWORD_BEAT, SCOUT_PASSWORD_OUTSIDE" in said
    assert "just env" in said
    assert management.vhost not in {row["name"] for row in management._api.get("vhosts")}


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("SCOUT_MANAGEMENT_URL", "", "SCOUT_MANAGEMENT_URL is not set"),
        ("SCOUT_MANAGEMENT_URL", "rabbitmq", "no address"),
        ("SCOUT_TIMEZONE", "Mars", "SCOUT_TIMEZONE"),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, value: str, named: str
):
    """What cannot be done is said on stderr, with an exit code of its own."""
    monkeypatch.setenv(variable, value)

    assert main(["--check"]) == 2
    assert named in capsys.readouterr().err
