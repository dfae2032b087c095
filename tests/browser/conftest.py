"""A browser, and a real house whose pages it opens; every test here bears the marker `browser`."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium, market
from tests.embedded import shop
from tests.embedded.home import Home, Served

pytest.register_assert_rewrite("tests.browser.checks")


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker that every test of this folder gets."""
    config.addinivalue_line("markers", "browser: opens pages in Chromium")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give it, before `-m` chooses."""
    item.add_marker("browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """This machine's Chromium."""
    with chromium.started() as found:
        yield found


@pytest.fixture(scope="module")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A house that serves, with a market whose every niche was analysed; nothing is built where no browser is."""
    assert browser.is_connected()
    folder = tmp_path_factory.mktemp("browser")
    home = Home(folder / "home")
    table = market.write(folder / "sales.csv")
    home.json("import", table, "--market", shop.MARKET, "--name", "My shop", "--currency", "RUB", "-q")
    with home.served() as served:
        state = home.json("niche", "analyze", "--all", "-q")
        assert (state["done"], state["failed"]) == (market.NICHES, 0)
        yield served
    home.close()
