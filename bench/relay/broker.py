"""The RabbitMQ that is measured on: one of its own in a container, or one that is given; always a fresh vhost."""

import os
import secrets
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from bench.relay.plan import USERS, plan
from services.chassis.errors import ScoutError
from services.chassis.management import Management
from services.chassis.management_api import ManagementApi

OFFICIAL, STAND_IN = "rabbitmq:4-management", "scout/rabbitmq:4-management"


@dataclass(frozen=True)
class Broker:
    """A RabbitMQ: its management address with an administrator in it, and where it speaks AMQP (host:port)."""

    management_url: str
    amqp: str

    @property
    def administrator(self) -> tuple[str, str]:
        """Name and password."""
        parts = urlsplit(self.management_url)
        return unquote(parts.username or ""), unquote(parts.password or "")


@dataclass(frozen=True)
class Vhost:
    """A virtual host that holds the plan, and the passwords of those who speak in it."""

    broker: Broker
    name: str
    passwords: dict[str, str]

    def url(self, user: str) -> str:
        """Where this user connects."""
        return f"amqp://{quote(user, safe='')}:{quote(self.passwords[user], safe='')}@{self.broker.amqp}/{self.name}"


@contextmanager
def container() -> Iterator[Broker]:
    """A RabbitMQ of the image that docker-compose.yml names, removed afterwards.

    It is met at its own address: a published port is a proxy, through which every byte would go.
    """
    here = (image for image in (OFFICIAL, STAND_IN) if _docker("images", "--quiet", image))
    image = os.environ.get("RABBITMQ_IMAGE") or next(here, OFFICIAL)
    name, password = f"bench-{uuid.uuid4().hex[:8]}", secrets.token_hex(16)
    login = ("-e", "RABBITMQ_DEFAULT_USER", "-e", "RABBITMQ_DEFAULT_PASS")
    told = {"RABBITMQ_DEFAULT_USER": "bench", "RABBITMQ_DEFAULT_PASS": password}
    try:
        _docker("run", "--detach", "--name", name, *login, image, **told)
        host = _docker("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name)
        yield Broker(f"http://bench:{password}@{host}:15672", f"{host}:5672")
    finally:
        _docker("rm", "--force", "--volumes", name)


def given(management_url: str, amqp: str | None) -> Broker:
    """A broker that is there; raises `ScoutError` when it serves a house, whose passwords would change."""
    broker = Broker(management_url, amqp or f"{urlsplit(management_url).hostname}:5672")
    api = ManagementApi(management_url)
    rows = [row for user in USERS for row in api.may("users", user, "permissions") or ()]
    api.close()
    if rows:
        raise ScoutError(
            f"This RabbitMQ serves a house (user {rows[0]['user']} in the virtual host {rows[0]['vhost']}): the "
            "benchmark would set its passwords anew. Leave --management-url out to start a RabbitMQ for the benchmark."
        )
    return broker


@contextmanager
def vhost(broker: Broker, say: Callable[[str], None]) -> Iterator[Vhost]:
    """A fresh virtual host with the plan in it; it is deleted afterwards."""
    passwords = {user: secrets.token_hex(16) for user in USERS}
    administrator, password = broker.administrator
    with Management(broker.management_url, f"bench-{uuid.uuid4().hex[:8]}", say=say) as management:
        management.create()
        try:
            management.apply(plan(), passwords)
            yield Vhost(broker, management.vhost, passwords | {administrator: password})
        finally:
            management.delete()


def _docker(*words: str, **told: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own words only
            ("docker", *words),  # noqa: S607 - whichever docker the user has
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | told,
        )
    except FileNotFoundError:
        raise ScoutError("There is no docker to start a RabbitMQ with; name one that runs: --management-url") from None
    except subprocess.CalledProcessError as exc:
        raise ScoutError(f"docker {words[0]} failed: {exc.stderr.strip()}") from exc
    return done.stdout.strip()
