import httpx
import pytest

from services.gateway.deps import Deps
from tests.gateway import world

UNKNOWN = "6f1d3c52-8a40-5b5e-9d43-0b9f1a6f7c11"


def problem(answer: httpx.Response, status: int, name: str) -> dict:
    """The problem that an answer carries, once it is sure to be one."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    body: dict = answer.json()
    assert (body["status"], body["type"]) == (status, f"/problems/{name}")
    assert body["title"]
    assert body["detail"].endswith((".", ":", "?")) or " " in body["detail"]
    assert "errors" not in body or body["errors"]
    return body


@pytest.mark.parametrize(
    ("address", "name", "hint"),
    [
        ("/v1/markets/toys", "market-not-found", "Known: shop"),
        ("/v1/scores?market=toys", "market-not-found", "Known: shop"),
        ("/v1/niches?market=toys", "market-not-found", "Known: shop"),
        (f"/v1/niches/{UNKNOWN}", "niche-not-found", "scout niche list --market shop"),
        (f"/v1/runs/{UNKNOWN}", "run-not-found", "GET /v1/runs"),
        (f"/v1/runs/{UNKNOWN}/events", "run-not-found", "GET /v1/runs"),
        (f"/v1/batches/{UNKNOWN}", "batch-not-found", "POST /v1/analyses"),
        (f"/v1/exports/{UNKNOWN}", "export-not-found", "GET /v1/exports"),
        (f"/v1/exports/{UNKNOWN}/file", "export-not-found", "GET /v1/exports"),
        (f"/v1/imports/{UNKNOWN}", "import-not-found", "GET /v1/imports"),
        (f"/v1/dead-letters/{UNKNOWN}", "dead-letter-not-found", "GET /v1/dead-letters"),
        ("/v1/agents/nobody", "agent-not-found", "Known: none yet"),
        ("/v1/toys", "not-found", "GET /openapi.json"),
    ],
)
async def test_what_does_not_exist_is_answered_with_what_does(http: httpx.AsyncClient, deps: Deps, address, name, hint):
    """A 404 says what there is, or how to list it."""
    await world.market(deps)

    body = problem(await http.get(address), 404, name)

    assert hint in body["detail"]


async def test_a_body_is_told_every_field_that_is_wrong(http: httpx.AsyncClient, deps: Deps):
    """Each error has a JSON pointer into the body; fields that nobody knows are errors too."""
    await world.market(deps)
    body = {"market": 7, "params": {"as_of": "yesterday", "model": {"key": "x"}}, "nich/es": []}

    answer = await http.post("/v1/analyses", json=body)

    errors = {error["pointer"]: error["detail"] for error in problem(answer, 422, "invalid-request")["errors"]}
    assert errors.keys() == {"/market", "/params/as_of", "/params/model/sha256", "/params/model/size", "/nich~1es"}
    assert "Value error" not in str(errors)


@pytest.mark.parametrize(
    ("address", "pointer"),
    [
        ("/v1/scores?verdict=great", "/query/verdict/0"),
        ("/v1/runs?state=lost", "/query/state"),
        ("/v1/runs?kind=scout.tasks.dance", "/query/kind"),
        ("/v1/events?type=tea.brewed", "/query/type"),
        ("/v1/dead-letters?service=kitchen", "/query/service"),
        ("/v1/runs?limit=0", "/query/limit"),
        ("/v1/niches?markt=shop", "/query/markt"),
    ],
)
async def test_an_address_is_told_every_parameter_that_is_wrong(http: httpx.AsyncClient, address, pointer):
    """An unknown value and an unknown parameter are refused, not ignored."""
    body = problem(await http.get(address), 422, "invalid-request")

    assert [error["pointer"] for error in body["errors"]] == [pointer]


@pytest.mark.parametrize("cursor", ["tea", "e30", "W10", "WyJ4Il0", "\u00e9"])
async def test_a_cursor_that_no_list_gave_is_refused(http: httpx.AsyncClient, deps: Deps, cursor):
    """Whatever stands in it, the answer is a 422 and not an error of ours."""
    await world.market(deps)

    for address in ("/v1/scores", "/v1/runs", "/v1/events"):
        problem(await http.get(address, params={"cursor": cursor}), 422, "invalid-cursor")


async def test_a_body_that_is_no_json_is_refused(http: httpx.AsyncClient):
    """Broken JSON, and JSON that is not said to be so (as a foreign page would send it)."""
    broken = await http.post("/v1/trends/refresh", content=b"{", headers={"Content-Type": "application/json"})
    unsaid = await http.post("/v1/trends/refresh", content=b"{}", headers={"Content-Type": "text/plain"})

    problem(broken, 422, "invalid-request")
    assert "Content-Type" in problem(unsaid, 422, "invalid-request")["errors"][0]["detail"]


async def test_a_store_that_is_down_is_a_503_to_be_tried_again(http: httpx.AsyncClient, deps: Deps):
    """The answer says that nothing is lost, and when to come back."""
    world.without_store(deps)

    answer = await http.get("/v1/markets")

    problem(answer, 503, "dependency-down")
    assert answer.headers["Retry-After"] == "5"


async def test_an_error_of_ours_is_a_problem_too(http: httpx.AsyncClient, deps: Deps):
    """A document that cannot be read is a 500 which tells nothing of the inside."""
    await deps.store.insert("markets", {"_id": "broken"})

    body = problem(await http.get("/v1/markets/broken"), 500, "unexpected")

    assert "pydantic" not in str(body)


async def test_a_method_that_an_address_does_not_know_is_a_problem(http: httpx.AsyncClient):
    """405 names what may be done instead."""
    answer = await http.delete("/v1/markets")

    problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET"
