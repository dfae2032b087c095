"""A gateway on a real bus, store and file store, and a client that speaks HTTP to it without a socket."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.chassis.bus_local import LocalBus
from services.chassis.files import LocalFiles
from services.chassis.settings import Settings
from services.chassis.store_sqlite import SqliteStore
from services.gateway.app import create_app
from services.gateway.deps import Deps
from services.gateway.live import Live
from services.gateway.outbox import Outbox


@pytest.fixture
async def deps(tmp_path: Path) -> AsyncIterator[Deps]:
    """What the gateway stands on; its outbox repeats without a pause."""
    store = SqliteStore(tmp_path / "store.sqlite")
    files = LocalFiles(tmp_path / "files")
    made = Deps(LocalBus(), store, files, Settings(home=tmp_path), Live(), Outbox(pause=0))
    yield made
    made.outbox.close()
    await store.close()


@pytest.fixture
async def http(deps: Deps) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the gateway."""
    transport = httpx.ASGITransport(create_app(deps), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://scout") as client:
        yield client
