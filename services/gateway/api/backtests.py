"""Backtests: whether the scores of a market would have foretold what then happened."""

import asyncio
import json
from datetime import datetime
from typing import Annotated

from fastapi import Query, Response

from contracts.backtest import Backtest as BacktestResult
from contracts.backtest import ScoreBacktested
from contracts.commands import Backtest
from contracts.panel import BacktestParams
from services.chassis.store import Document
from services.gateway.accept import Accepted, accept, claim, command
from services.gateway.deps import Here
from services.gateway.find import asked_market, known_file, market_of, unfinished
from services.gateway.pages import ListQuery, Page, newest
from services.gateway.routes import JsonBody, Key, Routes

router = Routes(prefix="/v1/backtests", tags=["backtests"])
COMMAND = "scout.tasks.backtest"
_TOLD = "score.backtested"


class BacktestRow(ScoreBacktested):
    """What came of a finished backtest, with its run."""

    run_id: str
    at: datetime


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


@router.get("")
async def list_backtests(deps: Here, query: Annotated[BacktestsQuery, Query()]) -> Page[BacktestRow]:
    """List finished backtests, newest first."""
    market = {"market": (await market_of(deps, query.market))["_id"]} if query.market else {}
    found, cursor = await newest(deps.store, "log", {"type": _TOLD, **market}, "time", query)
    events = await deps.store.get_many("events", [entry["_id"] for entry in found])
    rows = tuple(_row(events[entry["_id"]]) for entry in found if entry["_id"] in events)
    return Page[BacktestRow](items=rows, next=cursor)


@router.get("/{run_id}")
async def get_backtest(deps: Here, run_id: str) -> BacktestResult:
    """Get a backtest whole: every score against every outcome, its checks, and what it means."""
    found = await deps.store.find("events", {"correlation_id": run_id, "type": _TOLD}, limit=1)
    if not found:
        raise await unfinished(deps, run_id, COMMAND, "backtest", "/v1/backtests")
    event = ScoreBacktested.from_json(found[0]["body"])
    return BacktestResult.from_json(await asyncio.to_thread(deps.files.read, event.backtest))


def _row(event: Document) -> BacktestRow:
    told = {"run_id": event["correlation_id"], "at": event["time"]}
    return BacktestRow.from_json(json.dumps(json.loads(event["body"]) | told))
