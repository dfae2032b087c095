"""What holds of every page, wherever it is served: checks that take a browser and an address.

`tests/browser/test_pages.py` asks them of a small embedded house, `tests/compose` of the house in containers.
"""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, Page, Request, expect

LANGS = ("en", "ru")
SCHEMES = ("light", "dark")
DESK, PHONE = 1280, 320
"""Widths of a window; 320 is the narrowest that a page has to be readable in (WCAG 2.2, 1.4.10)."""
TITLES = {
    ("leaderboard", "en"): "Niches worth entering",
    ("leaderboard", "ru"): "Ниши для входа",
    ("run", "en"): "Analyse a niche",
    ("run", "ru"): "Анализ ниши",
}
_FOCUSED = "[document.activeElement.href, performance.timeOrigin]"
_DONE = ".stamp .chip.done"
_PATIENCE = 60
"""Seconds after which what a page should show is said not to come."""
_LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")
_HEIGHT = 800
_COLOURS = """async (png) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    return new Set(new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer)).size;
}"""


@contextmanager
def opened(
    browser: Browser, address: str, lang: str = "en", scheme: str = "light", width: int = DESK, *, scripts: bool = True
) -> Iterator[Page]:
    """A page as one reader has it; while it was open, nothing failed, complained or came from another host."""
    with browser.new_context(
        locale={"en": "en-US", "ru": "ru-RU"}[lang],
        color_scheme=scheme,
        viewport={"width": width, "height": _HEIGHT},
        java_script_enabled=scripts,
    ) as context:
        page, wrong = context.new_page(), []
        page.set_default_timeout(1000 * _PATIENCE)

        def asked(request: Request) -> None:
            if urlsplit(request.url).netloc != urlsplit(address).netloc:
                wrong.append(f"from another host: {request.url}")

        def failed(request: Request) -> None:
            left = request.resource_type == "eventsource" and request.failure == "net::ERR_ABORTED"
            if not left:  # the script itself closes the stream of a run that has ended
                wrong.append(f"failed: {request.url} {request.failure}")

        page.on("request", asked)
        page.on("requestfailed", failed)
        page.on("response", lambda answer: answer.ok or wrong.append(f"{answer.status}: {answer.url}"))
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("console", lambda said: said.type in {"error", "warning"} and wrong.append(f"console: {said.text}"))
        page.goto(address)
        yield page
        page.evaluate("1")  # what came before this answer was told before it
        assert wrong == []


def addresses(url: str) -> dict[str, str]:
    """Where the leaderboard of a house's first scored market is, and the run that led to its best score."""
    with httpx.Client(base_url=url, timeout=_PATIENCE, trust_env=False) as api:
        for market in api.get("/v1/markets").raise_for_status().json()["items"]:
            rows = api.get("/v1/scores", params={"market": market["id"], "limit": 1}).raise_for_status().json()["items"]
            if rows:
                run = rows[0]["score"]["run_id"]
                return {"leaderboard": f"{url}/markets/{market['id']}", "run": f"{url}/runs/{run}"}
    raise AssertionError(f"no market of {url} is scored")


def reads(page: Page, name: str, lang: str, scheme: str) -> None:
    """Its title, language and facts are there, in the reader's colours, and every text stands out from its ground."""
    assert page.locator("html").get_attribute("lang") == lang
    expect(page.locator("h1")).to_contain_text(TITLES[name, lang])
    bright, faint = page.evaluate(f"(look => [look.brightness(), look.faint()])({_LOOK})")
    assert (bright > 0.8, bright < 0.05) == (scheme == "light", scheme == "dark")
    assert faint == []


def lists(page: Page, url: str) -> None:
    """A leaderboard shows the rows that the API lists, in their order, each with its rank and score."""
    market = urlsplit(page.url).path.rpartition("/")[2]
    answer = httpx.get(f"{url}/v1/scores", params={"market": market, "limit": 50}, timeout=_PATIENCE, trust_env=False)
    known = [(row.get("rank"), row["name"].casefold(), row.get("opportunity")) for row in answer.json()["items"]]
    seen = page.locator("table.board tbody tr")
    assert len(known) == seen.count() > 0
    for row, (rank, name, score) in zip(seen.all(), known, strict=True):
        assert row.locator("th a").inner_text().casefold() == name
        assert (row.locator(".rank").inner_text() == str(rank)) == (rank is not None)
        assert score is None or row.locator(".opportunity b").inner_text() == f"{score:.0f}"


def fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    assert page.evaluate(f"({_LOOK}).beyond()") == [0, []]


def draws(page: Page) -> None:
    """Its picture is as wide as the window and has the many colours of text and bars."""
    picture = page.screenshot(full_page=True, type="png")
    assert int.from_bytes(picture[16:20]) == page.viewport_size["width"]
    with page.context.browser.new_page() as blank:
        assert blank.evaluate(_COLOURS, base64.b64encode(picture).decode()) > 50


def walks(page: Page) -> None:
    """The Tab key reaches every link and control in the order of the page and back, each time where it can be seen."""
    stops = page.evaluate(f"({_LOOK}).stops()")
    assert stops
    kinds: set[str] = set()
    for key, places in (("Tab", range(len(stops))), ("Shift+Tab", range(len(stops) - 2, -1, -1))):
        for place in places:
            page.keyboard.press(key)
            focus = page.evaluate(f"({_LOOK}).focus()")
            assert (focus["place"], focus["seen"]) == (place, True), (key, stops[place], focus)
            if focus["kind"] not in kinds:
                kinds.add(focus["kind"])
                _differs(page, focus, stops[place])


def _differs(page: Page, focus: dict, name: str) -> None:
    """What has the focus looks otherwise than without it; the next key goes on from there all the same."""
    clip = focus["clip"]
    with_it = page.screenshot(clip=clip)
    page.evaluate("document.activeElement.blur()")
    differs = page.screenshot(clip=clip) != with_it
    assert differs, f"the focus cannot be seen on {name}"


def follows(browser: Browser, address: str, go_on: Callable[[], None]) -> None:
    """The page of a run that works changes by itself when the run ends, and leaves the focus where it was."""
    with opened(browser, address) as page:
        expect(page.locator(_DONE)).to_have_count(0)
        page.locator("#live a").last.focus()
        before = page.evaluate(_FOCUSED)
        go_on()
        expect(page.locator(_DONE)).to_be_visible(timeout=1000 * _PATIENCE)
        expect(page.locator("table.scores")).to_be_visible()
        assert page.evaluate(_FOCUSED) == before, "a page that was loaded again, or that took the focus away"


def reloads(browser: Browser, address: str, go_on: Callable[[], None]) -> None:
    """Without scripts the same page loads itself again until the run ends."""
    with opened(browser, address, scripts=False) as page:
        expect(page.locator(_DONE)).to_have_count(0)
        go_on()
        expect(page.locator(_DONE)).to_be_visible(timeout=1000 * _PATIENCE)
        expect(page.locator("table.scores")).to_be_visible()


def everything(browser: Browser, url: str) -> None:
    """All of this, of both pages of a house."""
    for name, address in addresses(url).items():
        for lang in LANGS:
            for scheme in SCHEMES:
                for scripts in (True, False):
                    with opened(browser, address, lang, scheme, scripts=scripts) as page:
                        reads(page, name, lang, scheme)
                        if name == "leaderboard":
                            lists(page, url)
                        draws(page)
            with opened(browser, address, lang, width=PHONE) as page:
                fits(page)
        with opened(browser, address) as page:
            walks(page)
