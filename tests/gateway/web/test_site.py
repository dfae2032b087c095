import re
from datetime import date
from pathlib import Path

import httpx
import pytest

from contracts.analysis import AnalysisFailed, RedFlag
from contracts.message import scout_id
from contracts.run import AttemptNoted
from contracts.score import Estimate, Evidence, Gate
from services.gateway.deps import Deps
from services.gateway.web.board import ROWS
from tests.examples import NOON
from tests.gateway import world
from tests.gateway.web.html import Element, read

LANGS = ("en", "ru")
HOSTILE = "<script>alert(1)</script>\"&'{{ 7*7 }}"


async def seen(http: httpx.AsyncClient, path: str, status: int = 200, **params: str | list[str]) -> Element:
    """A page, read."""
    answer = await http.get(path, params=params or None, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return read(answer.text)


def rows(page: Element) -> list[list[str]]:
    """The cells of a leaderboard: rank and name."""
    [body] = page.all("tbody")
    return [[row.all("td", class_="rank")[0].text, row.all("th")[0].all("a")[0].text] for row in body.all("tr")]


async def five(deps: Deps) -> None:
    """A market of five niches: flagged, gated, two equal in nothing, one without a score."""
    await world.market(deps)
    flag = RedFlag(code="spike", value=0.63, limit=0.5)
    more = RedFlag(code="small_turnover", value=11.0, limit=42.5)
    gate = Gate(name="hhi", value=0.7, limit=0.6, at_least=False, cap=40.0, passed=False, points=-30.0)
    few = Evidence(fact="weeks", value=7.0, least=16.0, enough=False)
    await world.scored(deps, "TEA", 88.0, growth=Estimate(score=60.0, lo=50.0, hi=70.0))
    await world.scored(deps, "Milk", 40.0, verdict="avoid", gates=(gate,))
    await world.scored(deps, "Eggs", 71.5, verdict="watch", growth=Estimate(score=90.0, lo=80.0, hi=95.0))
    await world.scored(deps, "Zucchini", None, evidence=(few,), reasons=("weeks",))
    await world.scored(deps, "Apples", None, reasons=("growth_terms",), as_of=date(2017, 10, 29))
    for name, flags in (("TEA", (flag, more)),):
        key = scout_id("shop", "category", name)
        row = await deps.store.get("leaderboard", key)
        fields = {"flags": [one.model_dump() for one in flags], "sellers": 32.0, "hhi": 0.1}
        await deps.store.replace("leaderboard", {**row, **fields})


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
async def test_an_empty_market_says_what_to_do(http: httpx.AsyncClient, deps: Deps, lang: str):
    """There is no blank table, and the command names the market."""
    await world.market(deps)

    page = await seen(http, "/markets/shop", lang=lang)

    assert page.all("table") == []
    assert "scout niche analyze --market shop --all" in page.all("div", class_="empty")[0].text


async def test_a_leaderboard_says_all_that_a_row_knows(http: httpx.AsyncClient, deps: Deps):
    """Rank, name in sentence case, verdict in words, scores with intervals, facts, the first flag with its limit."""
    await five(deps)

    page = await seen(http, "/markets/shop", lang="en")
    tea = page.all("tbody")[0].all("tr")[0]

    assert rows(page) == [["1", "Tea"], ["2", "Eggs"], ["3", "Milk"], ["no rank", "Apples"], ["no rank", "Zucchini"]]
    assert [tea.all("td", class_=name)[0].text for name in ("verdict", "revenue_8w", "sellers", "hhi")] == [
        "enter",
        "$1,000",
        "32",
        "0.10",
    ]
    assert tea.all("td", class_="opportunity")[0].text == "Opportunity 88 83–93"
    assert tea.all("td", class_="growth")[0].text == "Growth 60 50–70"
    assert tea.all("td", class_="flags")[0].text == "spike in two weeks 63 % limit 50 %; 1 more"
    assert "Data as of 5 Nov 2017" in page.all("p", class_="stamp")[0].text
    assert "old" in page.all("p", class_="stamp")[0].text
    assert "5 niches: 1 enter, 1 watch, 1 avoid, 2 with too little data." in page.text


async def test_the_same_in_russian(http: httpx.AsyncClient, deps: Deps):
    """Words, numbers and dates are Russian; names of niches stay as they are in the data."""
    await five(deps)

    page = await seen(http, "/markets/shop", lang="ru")

    assert page.all("html")[0].attributes["lang"] == "ru"
    assert "Данные на 5 ноября 2017" in page.text
    assert "5 ниш: входить — 1" in page.text
    assert page.all("td", class_="revenue_8w")[0].text == "1 000 $"
    assert page.all("td", class_="hhi")[0].text == "0,10"
    assert rows(page)[0] == ["1", "Tea"]


async def test_what_is_not_scored_comes_last_with_its_reason(http: httpx.AsyncClient, deps: Deps):
    """In every order; the reason names what is there and what is needed, and no score is made up."""
    await five(deps)

    for sort in ("opportunity", "-opportunity", "growth", "-hhi", "hhi", "name", "-name", "sellers", "revenue_8w"):
        page = await seen(http, "/markets/shop", sort=sort)
        assert [row[1] for row in rows(page)][3:] == ["Apples", "Zucchini"], sort
    lacks = [cell.text for cell in page.all("td", class_="lack")]
    assert lacks == [
        "Not scored: nothing that growth is measured by is known",
        "Not scored: full weeks 7, 16 needed",
    ]


async def test_a_row_of_another_day_says_so(http: httpx.AsyncClient, deps: Deps):
    """The page's stamp is of the newest day; who is older bears its own."""
    await five(deps)

    page = await seen(http, "/markets/shop", verdict="insufficient")

    assert [("29 Oct 2017" in row.text) for row in page.all("tbody")[0].all("tr")] == [True, False]


async def test_the_order_is_in_the_address(http: httpx.AsyncClient, deps: Deps):
    """Its column is marked, and its own link turns it round; what has no value in it comes behind what has."""
    await five(deps)

    page = await seen(http, "/markets/shop", sort="growth")
    [head] = [one for one in page.all("th") if "aria-sort" in one.attributes]

    assert [row[1] for row in rows(page)][:3] == ["Eggs", "Tea", "Milk"]
    assert (head.all("a")[0].text, head.attributes["aria-sort"]) == ("Growth", "descending")
    turned = await seen(http, head.all("a")[0].attributes["href"] or "")
    assert [row[1] for row in rows(turned)][:3] == ["Milk", "Tea", "Eggs"]
    by_sellers = await seen(http, "/markets/shop", sort="-sellers")
    assert [row[1] for row in rows(by_sellers)][:3] == ["Tea", "Eggs", "Milk"]


async def test_verdicts_are_filters_with_counts(http: httpx.AsyncClient, deps: Deps):
    """A chip adds its verdict to the address or takes it out; ranks stay those of the market."""
    await five(deps)
    page = await seen(http, "/markets/shop")
    chips = page.all("nav", class_="filters")[0].all("a")

    assert [chip.text for chip in chips] == ["all 5", "enter 1", "watch 1", "avoid 1", "insufficient 2"]
    avoided = await seen(http, chips[3].attributes["href"] or "")
    assert rows(avoided) == [["3", "Milk"]]
    both = await seen(http, avoided.all("nav", class_="filters")[0].all("a")[1].attributes["href"] or "")
    assert [row[1] for row in rows(both)] == ["Tea", "Milk"]
    marked = [chip.text for chip in both.all("nav", class_="filters")[0].all("a") if "aria-current" in chip.attributes]
    assert marked == ["enter 1", "avoid 1"]


async def test_pages_join_to_the_whole(http: httpx.AsyncClient, deps: Deps):
    """Next leads through all rows and previous back; filter, order and language stay."""
    await world.market(deps)
    for n in range(ROWS + 3):
        await world.scored(deps, f"N{n:03}", float(n))

    first = await seen(http, "/markets/shop", sort="name", lang="ru", verdict="enter")
    [to_next] = first.all("a", rel="next")
    second = await seen(http, to_next.attributes["href"] or "")
    [back] = second.all("a", rel="prev")

    assert [row[1] for row in rows(first) + rows(second)] == [f"N{n:03}" for n in range(ROWS + 3)]
    assert (second.all("a", rel="next"), second.all("html")[0].attributes["lang"]) == ([], "ru")
    assert rows(await seen(http, back.attributes["href"] or "")) == rows(first)
    assert f"Строки {ROWS + 1}–{ROWS + 3} из {ROWS + 3}" in second.text


async def test_a_gated_score_is_drawn_as_one(http: httpx.AsyncClient, deps: Deps):
    """A grey bar to the cap, a hollow point where the score stood, and the gate in words."""
    await five(deps)

    page = await seen(http, "/markets/shop", verdict="avoid")
    [cell] = page.all("td", class_="opportunity")

    assert (len(cell.all("rect", class_="neutral")), cell.all("rect", class_="fill")) == (1, [])
    assert cell.all("path", class_="hollow")[0].attributes["d"] == "M70.0 8h.01"
    assert "capped: one seller owns it" in page.all("th", scope="row")[0].text


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


async def failed_run(reason: str) -> dict[str, object]:
    """A run that failed for a reason."""
    at = NOON.isoformat()
    run = {"_id": scout_id("bad"), "kind": "scout.tasks.analyze_niche", "state": "failed", "started_at": at}
    return run | {"finished_at": at, "reason": reason, "stages": [], "counts": {}}


async def begun(http: httpx.AsyncClient, deps: Deps) -> tuple[str, str]:
    """A run that works at its second attempt, and its niche."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")
    run_id = (await http.post(f"/v1/niches/{tea}/analyses")).json()["id"]
    for n, reason in ((1, None), (2, "lost: the worker was killed")):
        noted = AttemptNoted(
            task="scout.tasks.analyze_niche", service="analysis", attempt=n, errors=0, losses=n - 1, reason=reason
        )
        at = world.now()
        await world.write(deps, world.message(noted, "analysis", run_id, at, cause=run_id))
    return run_id, tea


@pytest.mark.parametrize("lang", LANGS)
async def test_a_run_that_works_is_followed_with_and_without_a_script(http: httpx.AsyncClient, deps: Deps, lang: str):
    """The script's place says where the stream goes on; without it the page loads itself again."""
    run_id, _ = await begun(http, deps)

    page = await seen(http, f"/runs/{run_id}", lang=lang)
    [live] = [one for one in page.all("div") if one.attributes.get("id") == "live"]

    assert live.attributes["data-stream"] == f"/v1/runs/{run_id}/stream?after=2"
    assert "opportunity.scored" in (live.attributes["data-types"] or "").split()
    assert page.all("noscript")[0].all("meta")[0].attributes["http-equiv"] == "refresh"
    assert "lost: the worker was killed" in page.all("table", class_="stages")[0].text
    assert [len(one.all("td")) for one in page.all("table", class_="stages")[0].all("tr")[1:]] == [3, 3]


async def test_a_run_that_is_done_shows_its_result_and_needs_no_script(http: httpx.AsyncClient, deps: Deps):
    """Scores with their bars, the niche's address in the API, and what caused what."""
    run_id, tea = await begun(http, deps)
    attempt = (await http.get(f"/v1/runs/{run_id}/events")).json()["items"][0]
    told = world.message(world.score(tea, 70.0), "scoring", run_id, world.now(), cause=attempt["id"])
    await world.write(deps, told)

    page = await seen(http, f"/runs/{run_id}", lang="en")

    assert (page.all("script"), page.all("noscript")) == ([], [])
    assert page.all("h1")[0].text == "Analyse a niche: Tea"
    assert "Opportunity 70 65–75" in page.all("table", class_="scores")[0].text
    assert f"/v1/niches/{tea}" in {link.attributes["href"] for link in page.all("a")}
    levels = [
        (leaf.attributes["class"], leaf.all("code")[0].text) for leaf in page.all("ol", class_="tree")[0].all("li")
    ]
    assert levels == [
        ("l0", "scout.tasks.analyze_niche"),
        ("l1", "attempt.noted"),
        ("l2", "opportunity.scored"),
        ("l1", "attempt.noted"),
    ]


@pytest.mark.parametrize("lang", LANGS)
async def test_a_run_that_failed_says_why(http: httpx.AsyncClient, deps: Deps, lang: str):
    """What, why and what to do, in a box that says error."""
    await deps.store.replace("runs", await failed_run("three weeks are too few"))

    page = await seen(http, f"/runs/{scout_id('bad')}", lang=lang)

    assert "three weeks are too few" in page.all("div", class_="error")[0].text


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
