import httpx

from contracts.analysis import Analysis, AnalyzeParams
from contracts.forecast import Forecast
from contracts.quality import Quality
from services.gateway.deps import Deps
from tests.examples import analysis_completed
from tests.gateway import world


def analysis(niche_id: str, analysis_id: str) -> Analysis:
    """The whole of an analysis, as small as it may be."""
    told = analysis_completed(niche_id=niche_id, analysis_id=analysis_id)
    named = {"id": analysis_id, "run_id": told.run_id, "niche_id": niche_id, "niche_name": "Tea"}
    return Analysis(
        **named,
        market=told.market,
        currency="USD",
        as_of=told.as_of,
        params=AnalyzeParams(as_of=told.as_of),
        quality=Quality(days=300, weeks=42, rows=900, products=3),
        forecast=Forecast(tier="fast", horizon=8, reason="too few weeks"),
    )


async def test_niches_are_listed_by_name_and_found_by_a_part_of_it(http: httpx.AsyncClient, deps: Deps):
    """Whatever the case and the alphabet; pages of a search join to the whole."""
    await world.market(deps)
    for name in ("Tea", "Milk", "Чай зелёный", "Чай чёрный"):
        await world.niche(deps, name)

    async def names(**params: str | int) -> list[str]:
        return [one["name"] for one in (await http.get("/v1/niches", params=params)).json()["items"]]

    first = (await http.get("/v1/niches", params={"q": "ЧАЙ", "limit": 1})).json()
    second = (await http.get("/v1/niches", params={"q": "ЧАЙ", "limit": 1, "cursor": first["next"]})).json()

    assert await names() == ["Milk", "Tea", "Чай зелёный", "Чай чёрный"]
    assert await names(market="shop", q="food/t") == ["Tea"]
    assert [page["items"][0]["name"] for page in (first, second)] == ["Чай зелёный", "Чай чёрный"]
    assert "next" not in second


async def test_a_niche_shows_its_score_and_the_analysis_behind_it(http: httpx.AsyncClient, deps: Deps):
    """The analysis is the one that was scored, though another one was finished later."""
    await world.market(deps)
    tea = await world.scored(deps, "Tea", 70.0)
    scored = (await http.get("/v1/scores")).json()["items"][0]["analysis_id"]
    for name in (scored, "later"):
        series = deps.files.put("analyses", analysis(tea, name).to_json(), ".json")
        event = world.analysed(tea, series, analysis_id=name)
        await world.write(deps, world.message(event, "analysis", f"run-{name}", world.now()))

    shown = (await http.get(f"/v1/niches/{tea}")).json()

    assert shown["niche"]["name"] == "Tea"
    assert (shown["score"]["opportunity"], shown["score"]["rank"]) == (70.0, 1)
    assert shown["analysis"]["id"] == scored
    assert shown["analysis"]["forecast"]["reason"] == "too few weeks"


async def test_a_niche_without_an_analysis_is_shown_without(http: httpx.AsyncClient, deps: Deps):
    """Before its first analysis, and after its file was cleaned up."""
    await world.market(deps)
    milk, tea = await world.niche(deps, "Milk"), await world.scored(deps, "Tea", 70.0)
    event = world.analysed(tea, world.FILE)
    await world.write(deps, world.message(event, "analysis", "run"))

    new, old = (await http.get(f"/v1/niches/{milk}")).json(), (await http.get(f"/v1/niches/{tea}")).json()

    assert new.keys() == {"niche"}
    assert old.keys() == {"niche", "score"}


async def test_a_watched_niche_is_a_choice_that_is_told(http: httpx.AsyncClient, deps: Deps):
    """The run of a choice is done as soon as it is written."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")

    answer = await http.put(f"/v1/niches/{tea}/watch", json={"watched": True})
    await deps.outbox.drained()
    await world.write(deps, *(await world.taken(deps.bus, "analysis", 1)))

    assert answer.status_code == 202
    run = (await http.get(answer.headers["Location"])).json()
    assert (run["kind"], run["state"], run["niche_id"]) == ("niche.watched", "done", tea)


async def test_markets_are_listed_and_described(http: httpx.AsyncClient, deps: Deps):
    """A market tells its currency, zone and days."""
    await world.market(deps)
    await world.market(deps, "bazaar", grain="week")

    items = (await http.get("/v1/markets")).json()["items"]
    shop = (await http.get("/v1/markets/shop")).json()

    assert [item["id"] for item in items] == ["bazaar", "shop"]
    assert items[1] == shop
    assert (shop["currency"], shop["timezone"], shop["last_day"]) == ("USD", "Europe/Moscow", "2017-11-30")
