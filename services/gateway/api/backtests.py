"""Backtests: whether the scores of a market would have foretold what then happened."""

from fastapi import Response

from contracts.commands import Backtest
from contracts.panel import BacktestParams
from services.gateway.accept import Accepted, accept, claim, command
from services.gateway.deps import Here
from services.gateway.find import asked_market, known_file
from services.gateway.pages import ListQuery
from services.gateway.routes import JsonBody, Key, Routes

router = Routes(prefix="/v1/backtests", tags=["backtests"])
COMMAND = "scout.tasks.backtest"
_TOLD = "score.backtested"


class BacktestsQuery(ListQuery):
    """Which backtests to list."""

    market: str | None = None


@router.post("", status_code=202)
async def start_backtest(deps: Here, response: Response, params: JsonBody[BacktestParams], key: Key = None) -> Accepted:
    """Replay a market's history: score it at each past cut from the past alone, and compare with what happened."""
    await asked_market(deps, params.market)
    known_file(deps, params.weights, "/weights", "/v1/models")
    work = command(COMMAND, Backtest(params=params), market=params.market)
    accepted = await accept(deps, await claim(deps, key, COMMAND, params), work)
    response.headers["Location"] = f"/v1/runs/{accepted.id}"
    return accepted
