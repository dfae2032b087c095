"""Analyses: asked for one niche or for many, and the work that runs by the clock, asked for now."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Response
from pydantic import Field

from contracts.analysis import AnalyzeParams
from contracts.commands import AnalyzeNiche
from contracts.message import Input, Shape
from contracts.run import NoArguments
from services.chassis.store import Document
from services.gateway.accept import Accepted, Work, accept, accept_batch, claim, command
from services.gateway.as_of import chosen_day
from services.gateway.deps import Deps, Here
from services.gateway.find import asked_market, asked_niches, known_file, niche_of
from services.gateway.problems import unfit
from services.gateway.routes import JsonBody, Key, Routes

router = Routes(prefix="/v1", tags=["analyses"])
COMMAND = "scout.tasks.analyze_niche"
_AS_USUAL, _NOTHING = AnalyzeParams(), NoArguments()


class BulkAnalyses(Input):
    """Analyse many niches of a market: those of `niche_ids`, or all of them where that is absent."""

    market: str
    niche_ids: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    params: AnalyzeParams = _AS_USUAL


class Batch(Shape):
    """What a bulk request started: `runs` many runs with these `ids`; `GET /v1/batches/{batch}` counts them."""

    batch: str
    runs: int
    ids: tuple[str, ...]


@router.post("/niches/{niche_id}/analyses", status_code=202)
async def analyze_niche(
    deps: Here, response: Response, niche_id: str, params: JsonBody[AnalyzeParams] = _AS_USUAL, key: Key = None
) -> Accepted:
    """Analyse and score a niche as of a day, by default the last full one of its market."""
    niche = await niche_of(deps, niche_id)
    market = await asked_market(deps, niche["market"], "")
    work = _work(niche, _filled(deps, market, params, ""))
    accepted = await accept(deps, await claim(deps, key, f"{COMMAND} {niche_id}", params), work)
    response.headers["Location"] = f"/v1/runs/{accepted.id}"
    return accepted


@router.post("/analyses", status_code=202)
async def analyze_niches(deps: Here, response: Response, bulk: JsonBody[BulkAnalyses], key: Key = None) -> Batch:
    """Analyse many niches of a market, or all of them: a run for each, in one batch."""
    market = await asked_market(deps, bulk.market)
    params = _filled(deps, market, bulk.params, "/params")
    if bulk.niche_ids is None:
        niches = await deps.store.find("niches", {"market": bulk.market}, sort=(("name", 1), ("_id", 1)))
        if not niches:
            raise unfit(
                "no-niches", f"The market {bulk.market} has no niches yet: its import is not finished.", "/market"
            )
    else:
        asked = {f"/niche_ids/{place}": niche for place, niche in enumerate(bulk.niche_ids)}
        niches = await asked_niches(deps, bulk.market, asked)
    claimed = await claim(deps, key, f"{COMMAND} batch", bulk, [niche["_id"] for niche in niches])
    first = await deps.store.get_many("niches", claimed.niches)
    ids = await accept_batch(deps, claimed, [_work(first[niche], params) for niche in claimed.niches])
    response.headers["Location"] = f"/v1/batches/{claimed.id}"
    return Batch(batch=claimed.id, runs=len(ids), ids=tuple(ids))


@router.post("/trends/refresh", status_code=202)
async def refresh_trends(
    deps: Here, response: Response, nothing: JsonBody[NoArguments] = _NOTHING, key: Key = None
) -> Accepted:
    """Update the trends of all niches now, not only at six in the morning."""
    return await _plain(deps, response, "scout.tasks.update_trend_data", nothing, key)


@router.post("/analyses/cleanup", status_code=202)
async def clean_up_analyses(
    deps: Here, response: Response, nothing: JsonBody[NoArguments] = _NOTHING, key: Key = None
) -> Accepted:
    """Delete analyses that are past their time now, not only at three in the morning."""
    return await _plain(deps, response, "scout.tasks.cleanup_old_analyses", nothing, key)


async def _plain(deps: Deps, response: Response, name: str, nothing: NoArguments, key: str | None) -> Accepted:
    accepted = await accept(deps, await claim(deps, key, name, nothing), command(name, nothing))
    response.headers["Location"] = f"/v1/runs/{accepted.id}"
    return accepted


def _filled(deps: Deps, market: Document, params: AnalyzeParams, pointer: str) -> AnalyzeParams:
    """The parameters with the day that they stand for from now on, however late they are carried out."""
    known_file(deps, params.model, f"{pointer}/model", "/v1/models")
    day: date = chosen_day(market, params.as_of, datetime.now(UTC), f"{pointer}/as_of")
    return params.model_copy(update={"as_of": day})


def _work(niche: Document, params: AnalyzeParams) -> Work:
    arguments = AnalyzeNiche(niche_id=niche["_id"], params=params)
    return command(COMMAND, arguments, niche_id=niche["_id"], market=niche["market"])
