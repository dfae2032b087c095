"""The command line as a person runs it, over the real gateway and store in a folder of the test's own."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from services.chassis.store_sqlite import SqliteStore
from services.cli import client
from services.cli.root import scout
from services.cli.texts import speak
from tests.cli.front import NICHES, SHOP, Front, Scout, Seed


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


@pytest.fixture
def shop(seed: Seed) -> Seed:
    """A house with one market of two niches."""
    seed("markets", SHOP)
    seed("niches", *NICHES)
    return seed
