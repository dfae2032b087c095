"""Folders for real houses: empty ones, and ones into which a small market was imported."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded import shop
from tests.embedded.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A house that was never opened."""
    house = Home(tmp_path / "home")
    yield house
    house.close()


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the market was imported once, some bad rows among the good, to be copied."""
    folder = tmp_path_factory.mktemp("imported")
    table = shop.write(folder / "sales.csv")
    table.write_text("\n".join([table.read_text(), *shop.BAD, *shop.BAD]))
    house = Home(folder / "home")
    report = house.json("import", table, "--market", shop.MARKET, "--name", "My shop", "--currency", "RUB", "-q")
    assert (report["kept"], report["niche_count"]) == (shop.ROWS, shop.NICHES)
    return house.folder


@pytest.fixture
def market(home: Home, imported: Path) -> Home:
    """A house of the test's own that holds the market."""
    shutil.copytree(imported, home.folder)
    return home
