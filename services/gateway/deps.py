"""What every route of the gateway stands on."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from services.chassis.bus import Bus, Publisher
from services.chassis.files import Files
from services.chassis.settings import Settings
from services.chassis.store import Store
from services.chassis.wire import Message
from services.gateway.live import Live
from services.gateway.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Deps:
    """The bus, the store, the files, the settings, what is live, and the outbox of what was accepted.

    `outside` publishes what others tell, as the user `outside`; absent, the bus itself may.
    """

    bus: Bus
    store: Store
    files: Files
    settings: Settings
    live: Live
    outbox: Outbox = field(default_factory=Outbox)
    outside: Publisher | None = None

    def publisher(self, message: Message) -> Publisher:
        """Who may publish a message of its user."""
        return self.outside if self.outside and message.user == "outside" else self.bus


async def _deps(request: Request) -> Deps:
    deps = request.app.state.deps
    assert isinstance(deps, Deps)
    return deps


Here = Annotated[Deps, Depends(_deps)]
"""A route's parameter that is given the `Deps` of its app."""
