import httpx

from services.gateway.deps import Deps
from tests.gateway import world


async def board(http: httpx.AsyncClient, **params: str | int | list[str]) -> list[tuple[str, int | None]]:
    """The names and ranks of a leaderboard, over all its pages."""
    rows, cursor = [], None
    while True:
        answer = await http.get("/v1/scores", params=params | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        rows += [(row["name"], row.get("rank")) for row in page["items"]]
        cursor = page.get("next")
        if cursor is None:
            return rows


async def five(deps: Deps) -> None:
    """A market of five niches, two of them equal, two without a score."""
    await world.market(deps)
    await world.scored(deps, "Zucchini", None)
    await world.scored(deps, "Apples", None)
    await world.scored(deps, "Tea", 80.0)
    await world.scored(deps, "Milk", 40.0, verdict="avoid")
    await world.scored(deps, "Eggs", 80.0)


WHOLE = [("Eggs", 1), ("Tea", 1), ("Milk", 3), ("Apples", None), ("Zucchini", None)]


async def test_the_best_opportunity_comes_first(http: httpx.AsyncClient, deps: Deps):
    """Equals share a rank and go by name; what has no score has no rank and comes last."""
    await five(deps)

    assert await board(http) == WHOLE


async def test_pages_join_to_the_whole(http: httpx.AsyncClient, deps: Deps):
    """However small the pages are, order and ranks are those of the whole list."""
    await five(deps)

    for limit in (1, 2, 3, 5):
        assert await board(http, limit=limit) == WHOLE


async def test_a_filter_leaves_the_ranks_of_the_market(http: httpx.AsyncClient, deps: Deps):
    """Who looks at the avoided niches sees where they stand among all."""
    await five(deps)

    assert await board(http, verdict="avoid") == [("Milk", 3)]
    assert await board(http, verdict=["avoid", "insufficient"], limit=1) == WHOLE[2:]


async def test_a_row_tells_what_is_known_and_nothing_else(http: httpx.AsyncClient, deps: Deps):
    """A row has the score with its intervals; what is not known is left out, never null or zero."""
    await world.market(deps)
    tea = await world.scored(deps, "Tea", 80.0)

    [row] = (await http.get("/v1/scores")).json()["items"]

    assert (row["niche_id"], row["rank"], row["opportunity"], row["verdict"]) == (tea, 1, 80.0, "enter")
    assert row["score"]["opportunity"] == {"score": 80.0, "lo": 75.0, "hi": 85.0}
    assert row["revenue_8w"] == 1000.5
    assert "sellers" not in row


async def test_a_leaderboard_is_of_one_market(http: httpx.AsyncClient, deps: Deps):
    """With one market it need not be named, with several it must be, and ranks are within it."""
    await five(deps)
    await world.market(deps, "bazaar")
    await world.scored(deps, "Tea", 90.0, market="bazaar")

    unnamed = await http.get("/v1/scores")

    assert unnamed.status_code == 422
    assert "bazaar, shop" in unnamed.json()["detail"]
    assert await board(http, market="shop") == WHOLE
    assert await board(http, market="bazaar") == [("Tea", 1)]


async def test_without_any_market_the_answer_says_how_to_begin(http: httpx.AsyncClient):
    """An empty house is no empty list: the next step is an import."""
    answer = await http.get("/v1/scores")

    assert answer.status_code == 404
    assert "scout import" in answer.json()["detail"]
