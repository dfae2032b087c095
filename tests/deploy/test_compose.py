"""What docker-compose.yml says, read as text: names that must agree with the rest of the house."""

import re
from pathlib import Path

from services.chassis.settings import Settings
from services.chassis.topology import WORKERS, topology

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
FOLDERS = {path.parent.name for path in (ROOT / "services").glob("*/__init__.py")}
BOUGHT_IN = {"rabbitmq", "store"}
NO_SERVICE = {"chassis": "what services stand on", "cli": "runs where the person is"}


def services() -> dict[str, str]:
    """The text of each service, by its name."""
    block = COMPOSE.partition("\nservices:\n")[2].partition("\nnetworks:\n")[0]
    parts = re.split(r"^  (\w+):\n", block, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def passwords(text: str) -> set[str]:
    """The users whose passwords a text asks for; it asks for none without saying what to do."""
    asked, demanded = (set(re.findall(rf"\$\{{SCOUT_PASSWORD_(\w+){end}", text)) for end in ("", r":\?run just env\}"))
    assert asked == demanded
    return {name.lower() for name in asked}


def test_a_folder_of_services_is_a_compose_service() -> None:
    """Each folder is a container that is built from it by its name, beside RabbitMQ and the store."""
    assert services().keys() - BOUGHT_IN == FOLDERS - NO_SERVICE.keys()
    for name in services().keys() - BOUGHT_IN:
        assert re.search(rf"SERVICE: {name}\b", services()[name])
        assert f"image: scout/{name}:" in services()[name]


def test_every_user_of_the_broker_has_a_password_of_its_own() -> None:
    """The topology job is given all of them; a service is given its own, and the gateway the outsiders' as well."""
    users = set(topology().users)

    assert passwords(services()["topology"]) == users | {"admin"}
    assert {name: passwords(text) for name, text in services().items() if name in users} == {
        name: {name, "outside"} if name == "gateway" else {name} for name in users & services().keys()
    }
    assert passwords(services()["rabbitmq"]) == {"admin"}


def test_a_service_is_told_only_what_is_a_setting() -> None:
    """A variable with a typo in its name would be silent."""
    told = set(re.findall(r"^ +SCOUT_(\w+):", COMPOSE, re.MULTILINE))
    settings = {name.upper() for name in Settings.model_fields}

    assert {name for name in told - settings if not name.startswith("PASSWORD_")} == {"SERVICE"}


def test_nothing_keeps_a_service_from_being_scaled() -> None:
    """No container has a name of its own, and only the gateway is published."""
    assert "container_name" not in COMPOSE
    assert [name for name, text in services().items() if "ports:" in text] == ["gateway"]


def test_a_worker_stops_as_its_work_allows() -> None:
    """All have 40 s to stop; those with long jobs give them back after 20 s of waiting."""
    assert {name for name, text in services().items() if "REMAP_SIGTERM: SIGQUIT" in text} == {*WORKERS} - {"scoring"}
    assert {name for name, text in services().items() if "<<: *worker" in text} == {*WORKERS}
    assert "stop_grace_period: 40s" in COMPOSE.partition("x-worker:")[2].partition("\nservices:")[0]
