"""The leaderboard and the run page in a real browser, served by a real house."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import checks, market
from tests.browser.checks import DESK, LANGS, PHONE, SCHEMES, opened
from tests.embedded.home import Served, eventually

PAGES = ("leaderboard", "run")


@pytest.fixture(scope="module")
def where(house: Served) -> dict[str, str]:
    """The address of each page."""
    return checks.addresses(url(house))


@pytest.fixture
def working(house: Served) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a run that does not end before it is let go on: the process that works for it is stopped."""
    (child,) = eventually(house.children)
    niche = house.get("/v1/scores?limit=1")["items"][0]["niche_id"]
    os.kill(child, signal.SIGSTOP)
    try:
        run = house.api.post(f"/v1/niches/{niche}/analyses", json={}).raise_for_status().json()["id"]
        yield f"{url(house)}/runs/{run}", lambda: os.kill(child, signal.SIGCONT)
    finally:
        os.kill(child, signal.SIGCONT)


def url(house: Served) -> str:
    return f"{house.api.base_url}".rstrip("/")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_in_every_language_and_light(
    browser: Browser, house: Served, where: dict[str, str], name: str, lang: str, scheme: str, *, scripts: bool
):
    """With scripts and without, it says the same in the reader's words and colours, and a picture of it is no blank."""
    with opened(browser, where[name], lang, scheme, scripts=scripts) as page:
        checks.reads(page, name, lang, scheme)
        if name == "leaderboard":
            checks.lists(page, url(house))
        checks.draws(page)


@pytest.mark.parametrize("width", [PHONE, 760, 1000, DESK])
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window(browser: Browser, where: dict[str, str], name: str, lang: str, width: int):
    """Names of any length and the longer words of Russian make no window scroll sideways, a phone's least of all."""
    with opened(browser, where[name], lang, width=width) as page:
        checks.fits(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_no_mouse(browser: Browser, where: dict[str, str], name: str, width: int):
    """The keyboard reaches every link in order and back, and who uses it sees where he is."""
    with opened(browser, where[name], width=width) as page:
        checks.walks(page)


def test_a_hostile_name_is_shown_as_it_is(browser: Browser, where: dict[str, str]):
    """A niche whose name is markup is a text among others."""
    with opened(browser, where["leaderboard"]) as page:
        assert market.MARKUP in page.locator("table.board tbody th a").all_inner_texts()


def test_the_page_of_a_run_follows_it(browser: Browser, working: tuple[str, Callable[[], None]]):
    """When the run ends its page says so without being loaded again, by the events that the house sends."""
    checks.follows(browser, *working)


def test_without_scripts_the_page_of_a_run_loads_itself_again(
    browser: Browser, working: tuple[str, Callable[[], None]]
):
    """The reader does nothing and sees the end all the same."""
    checks.reloads(browser, *working)
