"""What tests need of a real broker and store."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services.chassis.management import Management
from services.chassis.topology import topology


@dataclass(frozen=True)
class Broker:
    """A running RabbitMQ and its administrator."""

    host: str
    port: int
    management_port: int
    user: str
    password: str

    @property
    def management_url(self) -> str:
        return f"http://{self.user}:{self.password}@{self.host}:{self.management_port}"

    @contextmanager
    def vhost(self, *, wait_ms: int = 500) -> Iterator[Vhost]:
        """A fresh virtual host that holds the whole topology; it is deleted afterwards."""
        name = f"test-{uuid.uuid4().hex[:12]}"
        plan = topology(wait_ms)
        with Management(self.management_url, name) as management:
            management.create()
            try:
                management.apply(plan, dict.fromkeys(plan.users, "test"))
                yield Vhost(self, name)
            finally:
                management.delete()


@dataclass(frozen=True)
class Vhost:
    """A virtual host of a broker; every user of the topology has the password "test"."""

    broker: Broker
    name: str

    def url(self, user: str) -> str:
        return f"amqp://{user}:test@{self.broker.host}:{self.broker.port}/{self.name}"
