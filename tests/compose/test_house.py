"""The house that `docker compose up` starts: healthy, shut in, and doing its work for a person at the command line."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.compose.conftest import NICHES
from tests.compose.house import ComposeHouse
from tests.compose.project import ROOT, Project
from tests.embedded import shop
from tests.embedded.home import eventually

OURS = {"topology", "trend", "analysis", "scoring", "export", "beat", "journal", "heartbeat", "gateway"}
ONE_SHOT = {"topology"}


def test_every_service_is_healthy_and_the_one_shot_is_done(house: ComposeHouse):
    """`up --wait` ends when each container that says how it is says that it is well; none was restarted meanwhile."""
    states = {
        service: {(c["State"]["Status"], c["State"].get("Health", {}).get("Status"), c["RestartCount"]) for c in all_}
        for service, all_ in house.containers().items()
    }

    assert {service: states.pop(service) for service in ONE_SHOT} == {"topology": {("exited", None, 0)}}
    assert set().union(*states.values()) == {("running", "healthy", 0)}
    assert states.keys() == (OURS | {"rabbitmq", "store"}) - ONE_SHOT


def test_no_container_has_more_rights_than_it_needs(house: ComposeHouse):
    """None is root, writes to its root, has a capability or can get one; memory and processes are limited."""
    for service, (container, *_) in house.containers().items():
        host = container["HostConfig"]
        assert container["Config"]["User"] in {"10001:10001", "999:999"}, service
        assert host["ReadonlyRootfs"], service
        assert (host["CapDrop"], host["CapAdd"], host["Privileged"]) == (["ALL"], None, False), service
        assert host["SecurityOpt"] == ["no-new-privileges:true"], service
        assert host["Memory"] > 0, service
        assert 0 < host["PidsLimit"] <= 512, service
        assert host["Init"], service


def test_what_is_asked_for_holds_inside(house: ComposeHouse):
    """In a worker the kernel agrees: no root, no capability, no other service's code, and only files can be written."""
    said = house.inside("analysis", "id -u; grep CapEff /proc/self/status; ls services; touch x 2>&1 || touch /data/x")

    assert "10001" in said.splitlines()
    assert "CapEff:\t0000000000000000" in said
    assert "Read-only file system" in said
    assert {"analysis", "chassis"} <= set(said.split())
    assert not {"trend", "gateway", "cli"} & set(said.split())


def test_only_the_gateway_is_published_and_two_networks_lead_nowhere(house: ComposeHouse):
    """A deployment opens one port, on this machine alone; RabbitMQ and the store are reached from inside."""
    plan = json.loads(house.project.plan())

    published = {name: service["ports"] for name, service in plan["services"].items() if service.get("ports")}
    assert [(port["host_ip"], port["target"]) for port in published.pop("gateway")] == [("127.0.0.1", 8000)]
    assert published == {}
    assert {name for name, network in plan["networks"].items() if network.get("internal")} == {"bus", "store"}
    assert {name for name, service in plan["services"].items() if "edge" in service["networks"]} == {
        "gateway", "heartbeat", "trend",
    }  # fmt: skip


@pytest.mark.usefixtures("engine")
def test_without_passwords_compose_says_what_to_do(tmp_path: Path):
    """Who forgot `just env` reads that, instead of getting a house with a known password."""
    (tmp_path / ".env").touch()
    command = ["docker", "compose", "-f", ROOT / "docker-compose.yml", "--env-file", tmp_path / ".env", "config"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SCOUT_")}

    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "run just env" in done.stderr


def test_a_market_is_scored_from_the_command_line(answers: dict[str, Any]):
    """Imported, analysed and ranked over the wire, with nothing left undone and nothing wrong."""
    names = {row["score"]["niche_name"] for row in answers["top"]}
    checks = {check["check"]: check["state"] for check in answers["doctor"]}

    assert names == {shop.name(shop.NICHES - n) for n in range(1, NICHES + 1)}
    assert {row["score"]["as_of"] for row in answers["top"]} == {f"{shop.LAST_FULL_DAY}"}
    assert answers["letters"] == []
    assert checks["broker"] == checks["store"] == checks["house"] == "ok"


def test_the_agent_is_told_by_the_sidecar(house: ComposeHouse, answers: dict[str, Any]):
    """Statuses go over the bus to the sidecar, and from it over HTTP with its token to the gateway."""
    del answers  # the work behind them is what the agent reports
    address = f"{house.url}/v1/agents/scout_niche"

    def counted() -> dict | None:
        agent = httpx.get(address, trust_env=False).json()
        return agent if agent.get("metrics", {}).get("niches_analyzed_today") == NICHES else None

    agent = eventually(counted)
    assert agent["name"] == "Анализ ниш"
    assert httpx.put(address, json=agent, trust_env=False).status_code == 401


def test_who_is_told_to_stop_stops_cleanly(house: ComposeHouse):
    """SIGTERM ends every service with exit code 0 within its grace, and they come back."""
    services = " ".join(sorted(OURS - ONE_SHOT))

    house.project.compose(f"stop {services}")

    ended = house.containers()
    assert {service: ended[service][0]["State"]["ExitCode"] for service in OURS} == dict.fromkeys(OURS, 0)
    house.project.up(options="--no-build")
    assert httpx.get(f"{house.url}/readyz", trust_env=False).is_success


def test_a_project_leaves_nothing(engine: Callable[[str], Project]):
    """What tests started is gone afterwards, its volumes included."""
    project = engine("gone")
    project.up("store")
    project.down()

    for kind in ("container", "volume", "network"):
        command = ["docker", kind, "ls", "--quiet", "--filter", f"label=com.docker.compose.project={project.name}"]
        assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == ""
