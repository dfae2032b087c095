import re
from pathlib import Path

import httpx
import pytest

from contracts.analysis import AnalysisFailed
from contracts.message import scout_id
from services.gateway.deps import Deps
from tests.gateway import world
from tests.gateway.web.html import read
from tests.gateway.web.pages import LANGS, begun, failed_run, five, seen

HOSTILE = "<script>alert(1)</script>\"&'{{ 7*7 }}"


async def test_the_start_is_the_only_market(http: httpx.AsyncClient, deps: Deps):
    """With several it is a list of them, by name; the language that was asked for stays."""
    await world.market(deps)

    one = await http.get("/", params={"lang": "ru"})
    await world.market(deps, "bazaar")
    many = await seen(http, "/")

    assert (one.status_code, one.headers["location"]) == (307, "/markets/shop?lang=ru")
    assert [link.attributes["href"] for link in many.all("main")[0].all("a")] == ["/markets/bazaar", "/markets/shop"]


@pytest.mark.parametrize("lang", LANGS)
async def test_an_empty_house_says_how_to_begin(http: httpx.AsyncClient, lang: str):
    """Nothing imported is no error: the next command stands there."""
    page = await seen(http, "/", lang=lang)

    [empty] = page.all("div", class_="empty")
    assert "scout import sales.csv" in empty.text


@pytest.mark.parametrize("lang", LANGS)
async def test_a_hostile_name_stays_a_text(http: httpx.AsyncClient, deps: Deps, lang: str):
    """Names, reasons and addresses that come from outside are shown as they are and do nothing."""
    await world.market(deps, name="shop", currency="<b>")
    key = await world.scored(deps, HOSTILE, 80.0)
    no = AnalysisFailed(niche_id=key, market="shop", reason=HOSTILE)
    await world.write(deps, world.message(no, "analysis", scout_id("bad")))
    await deps.store.replace("runs", await failed_run(HOSTILE))

    for path in ("/markets/shop", f"/runs/{scout_id('bad')}", f"/runs/{scout_id('run', key)}"):
        page = await seen(http, path, lang=lang)
        assert HOSTILE in page.text
        assert "alert" not in "".join(script.text for script in page.all("script"))
    missing = await seen(http, '/runs/"><script>x', 404)
    assert missing.all("script") == []


@pytest.mark.parametrize("lang", LANGS)
async def test_what_does_not_exist_is_answered_by_a_page(http: httpx.AsyncClient, deps: Deps, lang: str):
    """An unknown market names the known ones; each page says what, why and what to do."""
    await world.market(deps)

    market = await seen(http, "/markets/toys", 404, lang=lang)
    run = await seen(http, "/runs/nobody", 404, lang=lang)
    nothing = await seen(http, "/nothing", 404, lang=lang)
    cursor = await seen(http, "/markets/shop", 422, lang=lang, cursor="nonsense")
    sort = await seen(http, "/markets/shop", 422, lang=lang, sort="luck")

    for page in (market, run, nothing, cursor, sort):
        assert len(page.all("dt")) == len(page.all("dd")) == 2
    assert "/markets/shop" in (market.all("dd")[1].all("a")[0].attributes["href"] or "")
    assert "scout run list" in run.text


async def test_programs_get_problems_where_browsers_get_pages(http: httpx.AsyncClient):
    """The API answers as before, whatever is asked of it."""
    for path, accept in (("/nothing", "application/json"), ("/v1/nothing", "text/html"), ("/v1/runs/x", "text/html")):
        answer = await http.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path


@pytest.mark.parametrize("lang", LANGS)
async def test_a_store_that_does_not_answer_is_a_page_too(http: httpx.AsyncClient, deps: Deps, lang: str):
    """It says that nothing is lost, and to try again."""
    await world.market(deps)
    await deps.store.close()
    world.without_store(deps)

    page = await seen(http, "/markets/shop", 503, lang=lang)

    assert "scout doctor" in page.text


async def test_a_page_may_do_little(http: httpx.AsyncClient, deps: Deps):
    """Nothing but our own files, no script and no style in the page itself, nothing from another host."""
    await five(deps)
    run_id, _ = await begun(http, deps)

    for path in ("/markets/shop", f"/runs/{run_id}", "/runs/nobody"):
        answer = await http.get(path, headers={"Accept": "text/html"})
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        page = read(answer.text)
        assert page.all("style") == []
        assert not re.search(r"\s(style|on\w+)=", answer.text)
        assert [script.text for script in page.all("script")] in ([], [""])
        addresses = re.findall(r'(?:src|href)="([^"]*)"', answer.text)
        assert addresses
        assert [one for one in addresses if not one.startswith(("/", "#")) or one.startswith("//")] == []


async def test_files_are_served_under_the_name_of_their_content(http: httpx.AsyncClient, deps: Deps):
    """They may be kept for ever; another name is not found, and no other file of the house is."""
    await world.market(deps)
    page = await seen(http, "/markets/shop")

    for link in page.all("link"):
        answer = await http.get(link.attributes["href"] or "")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert "://" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    for name in ("style.css", "style.000000000000.css", "..%2Fapp.py"):
        assert (await http.get(f"/static/{name}")).status_code == 404


def test_styles_and_script_name_no_other_host():
    """Nothing is loaded from elsewhere."""
    folder = Path(__file__).parents[3] / "services" / "gateway" / "static"
    for path in (folder / "style.css", folder / "run.js"):
        assert not re.search(r"https?:|@import|url\(|import\(", path.read_text())
