import httpx
import pytest

from services.gateway.deps import Deps
from services.gateway.web.board import ROWS
from tests.gateway import world
from tests.gateway.web.pages import LANGS, five, rows, seen


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
    assert tea.all("td", class_="flags")[0].text == "Red flags: spike in two weeks 63 % limit 50 %; 1 more"
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
