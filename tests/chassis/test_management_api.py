"""What a person is told when the management API cannot be used."""

import pytest

from services.chassis.errors import DependencyDown
from services.chassis.management import Management, vhost_of
from services.chassis.management_api import ManagementRefused
from services.chassis.topology import topology
from tests.engine import Broker


def test_a_user_without_a_password_stops_all(broker: Broker):
    """No password is invented, and nothing was asked of the broker yet."""
    plan = topology()
    some = {name: "test" for name in plan.users if name not in ("beat", "journal")}

    with Management(broker.management_url, "any") as management, pytest.raises(ManagementRefused) as error:
        management.apply(plan, some)

    assert "users beat, journal" in str(error.value)
    assert "just env" in str(error.value)


def test_a_wrong_password_is_told_as_such(broker: Broker):
    """With the user's name, and where the right one comes from; the password itself is not printed."""
    url = broker.management_url.replace(f":{broker.password}@", ":wrong-one@")
    with Management(url, "any") as management, pytest.raises(ManagementRefused, match=f"user {broker.user} ") as error:
        management.create()

    assert "SCOUT_MANAGEMENT_URL" in str(error.value)
    assert "wrong-one" not in str(error.value)


def test_a_missing_virtual_host_is_told_as_such(broker: Broker):
    """Its name, and the job that makes it."""
    with Management(broker.management_url, "test-h1-none") as management, pytest.raises(ManagementRefused) as error:
        management.state()

    assert "test-h1-none" in str(error.value)
    assert "docker compose run --rm topology" in str(error.value)


def test_a_broker_that_starts_is_waited_for_and_then_given_up():
    """One line says so; at the end the error names the address and what to look at."""
    said: list[str] = []
    with (
        Management("http://a:b@127.0.0.1:1", "any", patience=1.2, say=said.append) as management,
        pytest.raises(DependencyDown, match="docker compose ps rabbitmq"),
    ):
        management.create()

    assert len(said) == 1
    assert "http://127.0.0.1:1" in said[0]


@pytest.mark.parametrize("url", ["", "rabbitmq:15672", "http://rabbitmq:15672", "amqp://a:b@rabbitmq/scout"])
def test_an_address_without_user_or_host_is_refused(url: str):
    """The error shows what one looks like."""
    with pytest.raises(ManagementRefused, match="http://USER:PASSWORD@rabbitmq:15672/scout"):
        Management(url, "any")


def test_the_path_of_the_address_is_the_virtual_host():
    """Without one it is `scout`."""
    paths = {"": "scout", "/": "scout", "/other": "other", "/a%2Fb": "a/b"}

    assert {path: vhost_of(f"http://a:b@host:15672{path}") for path in paths} == paths
