from typing import Any

import httpx

from contracts.backtest import Backtest, ScoreBacktested
from contracts.panel import Leakage
from services.gateway.deps import Deps
from tests.gateway import world


def backtest(run_id: str) -> Backtest:
    """A backtest, as small as it may be."""
    digest: dict[str, Any] = dict.fromkeys(("model", "panel", "launches"), "1" * 64)
    return Backtest(
        id=run_id,
        market="shop",
        horizon=8,
        seed=0,
        draws=200,
        cuts=(20, 28),
        niches=9,
        rows=18,
        launched=4,
        table=(),
        leakage=Leakage(columns=("level",), cells=18, max_difference=0.0),
        purged=True,
        verdict=(),
        passed=True,
        **digest,
    )


async def test_a_backtest_is_asked_for_and_read_whole(http: httpx.AsyncClient, deps: Deps):
    """The command goes out, the list has what came of it, and the file is the whole."""
    await world.market(deps)
    run_id = (await http.post("/v1/backtests", json={"market": "shop", "horizon": 8})).json()["id"]
    early = await http.get(f"/v1/backtests/{run_id}")
    whole = backtest(run_id)
    file = deps.files.put("backtests", whole.to_json(), ".json")
    told = ScoreBacktested(market="shop", horizon=8, backtest=file, cuts=2, n=18, growth_rho=0.4, passed=True)
    await world.write(deps, world.message(told, "scoring", run_id))
    await deps.outbox.drained()

    [command] = await world.taken(deps.bus, "analysis", 1)
    [row] = (await http.get("/v1/backtests", params={"market": "shop"})).json()["items"]
    shown = await http.get(f"/v1/backtests/{run_id}")

    assert world.arguments(command)["params"]["market"] == "shop"
    assert (early.status_code, early.json()["run_id"]) == (404, run_id)
    assert (row["run_id"], row["growth_rho"], row["passed"]) == (run_id, 0.4, True)
    assert "entry_rho" not in row
    assert Backtest.from_json(shown.content) == whole


async def test_a_backtest_needs_a_market_and_known_weights(http: httpx.AsyncClient, deps: Deps):
    """Both are refused before a run is started."""
    await world.market(deps)
    weights = {"key": "models/none.toml", "sha256": "1" * 64, "size": 1}

    nowhere = await http.post("/v1/backtests", json={"market": "toys"})
    nothing = await http.post("/v1/backtests", json={"market": "shop", "weights": weights})

    assert nowhere.json()["errors"][0]["pointer"] == "/market"
    assert nothing.json()["errors"][0]["pointer"] == "/weights"
    assert await deps.store.count("requests") == 0
