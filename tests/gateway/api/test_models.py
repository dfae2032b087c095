import httpx

from contracts.model import SHIPPED_WEIGHTS, shipped_weights
from services.gateway.deps import Deps
from tests.gateway import world

WEIGHTS = SHIPPED_WEIGHTS.read_text(encoding="utf-8")


async def test_a_model_is_kept_as_it_was_written(http: httpx.AsyncClient, deps: Deps):
    """Its id is of what it says, so that a comment makes no other model."""
    first = await http.post("/v1/models", content=WEIGHTS.encode())
    second = await http.post("/v1/models", content=f"# mine\n{WEIGHTS}".encode())

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"] == shipped_weights().id
    assert (deps.files.root / first.json()["model"]["key"]).read_text(encoding="utf-8") == WEIGHTS


async def test_a_model_that_cannot_be_read_is_refused_with_the_place(http: httpx.AsyncClient, deps: Deps):
    """The answer is what the reader of weights says: where, what, why, what to do."""
    bad = await http.post("/v1/models", content=WEIGHTS.replace("[growth]", "[grwth]", 1).encode())
    binary = await http.post("/v1/models", content=b"\xff\xfe")
    large = await http.post("/v1/models", content=b"#" * 300_000)

    assert [answer.status_code for answer in (bad, binary, large)] == [422, 422, 413]
    assert bad.json()["type"] == "/problems/bad-model"
    assert "grwth" in bad.json()["detail"]
    assert not deps.files.root.exists()


async def test_a_model_is_activated_for_a_market(http: httpx.AsyncClient, deps: Deps):
    """The choice is an event of the gateway's own; the model and the market must be there."""
    await world.market(deps)
    model = (await http.post("/v1/models", content=WEIGHTS.encode())).json()["model"]

    answer = await http.post("/v1/models/activate", json={"market": "shop", "model": model})
    nowhere = await http.post("/v1/models/activate", json={"market": "toys", "model": model})
    nothing = await http.post("/v1/models/activate", json={"market": "shop", "model": model | {"size": 1}})
    await deps.outbox.drained()

    assert [one.status_code for one in (answer, nowhere, nothing)] == [202, 422, 422]
    [told] = await world.taken(deps.bus, "journal", 1)
    assert (told.key, told.id) == ("model.activated", answer.json()["id"])
    assert nothing.json()["type"] == "/problems/file-not-found"


async def test_an_analysis_may_name_its_model(http: httpx.AsyncClient, deps: Deps):
    """A model that was sent goes with the command; one that was not is refused."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")
    model = (await http.post("/v1/models", content=WEIGHTS.encode())).json()["model"]

    with_it = await http.post(f"/v1/niches/{tea}/analyses", json={"model": model})
    without = await http.post(f"/v1/niches/{tea}/analyses", json={"model": model | {"key": "models/x.toml"}})

    assert (with_it.status_code, without.status_code) == (202, 422)
    request = await deps.store.get("requests", with_it.json()["id"])
    assert request["arguments"]["params"]["model"] == model
    assert without.json()["errors"][0]["pointer"] == "/model"
