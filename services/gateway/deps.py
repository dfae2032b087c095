"""What every route of the gateway stands on."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from services.chassis.bus import Bus
from services.chassis.files import Files
from services.chassis.settings import Settings
from services.chassis.store import Store
from services.gateway.live import Live
from services.gateway.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Deps:
    """The bus, the store, the files, the settings, what is live, and the outbox of what was accepted."""

    bus: Bus
    store: Store
    files: Files
    settings: Settings
    live: Live
    outbox: Outbox = field(default_factory=Outbox)


async def _deps(request: Request) -> Deps:
    deps = request.app.state.deps
    assert isinstance(deps, Deps)
    return deps


Here = Annotated[Deps, Depends(_deps)]
"""A route's parameter that is given the `Deps` of its app."""
