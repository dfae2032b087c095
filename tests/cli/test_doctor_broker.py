"""`scout doctor` of a house on the wire: the broker is as planned, or what differs and the fix."""

import json
from collections.abc import Iterator

import pytest

from services.chassis.management import Management
from services.chassis.topology import WAIT_MS
from services.cli.errors import ExitCode
from tests.cli.front import Scout
from tests.engine import Broker

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
def management(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Management]:
    """The administrator of the broker that the house is told of."""
    with broker.vhost(wait_ms=WAIT_MS) as vhost, Management(broker.management_url, vhost.name) as made:
        monkeypatch.setenv(
            "SCOUT_MANAGEMENT_URL", f"http://gateway:test@{broker.host}:{broker.management_port}/{vhost.name}"
        )
        yield made


def lines(run_scout: Scout, *words: str) -> tuple[list[dict[str, str]], int]:
    """What the doctor says of the broker, and the exit code."""
    result = run_scout("doctor", "-o", "json", *words)
    return [one for one in json.loads(result.stdout)["items"] if one["check"] == "broker"], result.exit_code


def test_a_house_without_a_broker_has_no_such_line(run_scout: Scout) -> None:
    """The embedded house is not asked for what it does not need."""
    assert lines(run_scout) == ([], ExitCode.OK)


@pytest.mark.usefixtures("management")
def test_a_broker_as_planned_is_one_line(run_scout: Scout) -> None:
    """Well is well."""
    assert lines(run_scout) == (
        [{"check": "broker", "state": "ok", "found": "as planned", "fix": ""}],
        ExitCode.OK,
    )


def test_what_differs_is_a_line_for_each_kind_with_its_fix(run_scout: Scout, management: Management) -> None:
    """What is missing is bad; what is too much is a warning; three things of a kind are named, the rest counted."""
    for key in ("a", "b", "c", "d", "e"):
        management._api.post("bindings", management.vhost, "e", "scout.events", "q", "trend", routing_key=key)
    warned, code = lines(run_scout)
    management._api.delete("queues", management.vhost, "trend.dead")
    found, failed = lines(run_scout)

    assert (code, failed) == (ExitCode.OK, ExitCode.RUN_FAILED)
    assert [(one["state"], one["fix"]) for one in warned] == [
        ("warning", "docker compose run --rm topology --prune"),
    ]
    assert "scout.events -> trend (a), " in warned[0]["found"]
    assert warned[0]["found"].endswith("and 2 more")
    assert [one["state"] for one in found] == ["bad", "bad", "warning"]
    assert "trend.dead" in found[0]["found"]
    assert found[0]["fix"] == "docker compose run --rm topology"


def test_it_says_so_in_russian_too(run_scout: Scout, management: Management) -> None:
    """Whoever reads Russian reads as much."""
    management._api.put("queues", management.vhost, "live.gateway.left", durable=True, arguments={})

    found, _ = lines(run_scout, "--lang", "ru")

    assert "остаются и после них" in found[0]["found"]


def test_a_broker_that_does_not_answer_is_a_finding(run_scout: Scout, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other lines are told all the same."""
    monkeypatch.setenv("SCOUT_MANAGEMENT_URL", "http://gateway:test@127.0.0.1:1/scout")

    found, code = lines(run_scout)

    assert code == ExitCode.RUN_FAILED
    assert "does not answer" in found[0]["found"]
    assert "docker compose ps rabbitmq" in found[0]["fix"]
