"""The command line as a person runs it, over the real gateway and store in a folder of the test's own."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from click.testing import CliRunner, Result

from services.chassis.bus_local import LocalBus
from services.chassis.files import LocalFiles
from services.chassis.settings import Settings
from services.chassis.store import Document
from services.chassis.store_sqlite import SqliteStore
from services.cli import client
from services.cli.root import scout
from services.cli.texts import speak
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


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    speak("en")
    yield
    speak("en")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The house's folder, behind which only the front is built."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("SCOUT_HOME", str(folder))
    monkeypatch.setattr(client, "new_house", Front)
    return folder


@pytest.fixture
def run_scout(home: Path) -> Scout:
    """Run a command line and answer what it printed and its exit code."""
    assert home.exists()
    return lambda *words: CliRunner().invoke(scout, [str(word) for word in words])


@pytest.fixture
def seed(home: Path) -> Seed:
    """Write documents into the house's store, as its services would have."""

    def write(collection: str, *documents: dict[str, Any]) -> None:
        async def go() -> None:
            store = SqliteStore(home / "store.sqlite")
            await store.replace(collection, *documents)
            await store.close()

        asyncio.run(go())

    return write
