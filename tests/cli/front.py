"""The front of a house: all of the gateway over a real store, with nobody behind it who works."""

from collections.abc import Callable
from typing import Self

from click.testing import Result

from contracts.niche import niche_id
from services.chassis.bus_local import LocalBus
from services.chassis.files import LocalFiles
from services.chassis.settings import Settings
from services.chassis.store import Document
from services.chassis.store_sqlite import SqliteStore
from services.gateway.app import create_app
from services.gateway.deps import Deps
from services.gateway.live import Live

SHOP: Document = {
    "_id": "shop",
    "name": "My shop",
    "currency": "USD",
    "timezone": "UTC",
    "grain": "day",
    "first_day": "2017-01-01",
    "last_day": "2017-12-31",
    "imports": 1,
    "niches": 2,
}

TEA, COFFEE = (niche_id("shop", "category", name) for name in ("Tea", "Coffee"))
NICHES = [
    {"_id": key, "market": "shop", "kind": "category", "path": name, "name": name, "watched": False}
    for key, name in ((TEA, "Tea"), (COFFEE, "Coffee, green"))
]

Scout = Callable[..., Result]
Seed = Callable[..., None]


class Front:
    """A house of which only the front is built: the gateway, its bus, store and files. What it accepts, nobody does."""

    def __init__(self, settings: Settings) -> None:
        self.bus = LocalBus()
        self.store = SqliteStore(settings.home / "store.sqlite")
        live = Live()
        live.listening = True
        self.deps = Deps(self.bus, self.store, LocalFiles(settings.home / "files"), settings, live)
        self.app = create_app(self.deps)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.deps.outbox.close()
        self.bus.close()
        await self.store.close()
