"""Niches: what a market is made of, and the watch list."""

import asyncio
from typing import Annotated

from fastapi import Query, Response

from contracts.analysis import Analysis, AnalysisCompleted
from contracts.message import Input, Shape
from contracts.niche import Niche, NicheWatched
from services.chassis.errors import NotYetWritten
from services.gateway.accept import Accepted, accept, claim, told
from services.gateway.api.scores import ScoreRow, score_row
from services.gateway.deps import Deps, Here
from services.gateway.find import market_of, niche_of
from services.gateway.pages import ListQuery, Page, counted, cut
from services.gateway.routes import JsonBody, Key, Routes, read

router = Routes(prefix="/v1/niches", tags=["niches"])


class NichesQuery(ListQuery):
    """Which niches to list."""

    market: str | None = None
    q: str | None = None


class NicheView(Shape):
    """A niche with its newest score and the analysis behind it, where there are any."""

    niche: Niche
    score: ScoreRow | None = None
    analysis: Analysis | None = None


class Watch(Input):
    """Whether a niche is to be analysed again whenever its data change."""

    watched: bool


@router.get("")
async def list_niches(deps: Here, query: Annotated[NichesQuery, Query()]) -> Page[Niche]:
    """List niches by name; `q` keeps those whose name or path contains it."""
    where = {"market": (await market_of(deps, query.market))["_id"]} if query.market else {}
    sort, skip = (("name", 1), ("_id", 1)), counted(query)
    if query.q:
        words = query.q.casefold()
        niches = await deps.store.find("niches", where, sort=sort)
        found = [niche for niche in niches if words in f"{niche['name']}\n{niche['path']}".casefold()][skip:]
    else:
        found = await deps.store.find("niches", where, sort=sort, limit=query.limit + 1, skip=skip)
    shown, cursor = cut(found, query)
    return Page[Niche](items=tuple(read(Niche, document) for document in shown), next=cursor)


@router.get("/{niche_id}")
async def get_niche(deps: Here, niche_id: str) -> NicheView:
    """Get a niche with its newest score and the whole analysis that it comes from."""
    niche = read(Niche, await niche_of(deps, niche_id))
    score = await score_row(deps, niche_id)
    analysis = await _analysis(deps, niche_id, score.analysis_id if score else None)
    return NicheView(niche=niche, score=score, analysis=analysis)


@router.put("/{niche_id}/watch", status_code=202)
async def watch_niche(
    deps: Here, response: Response, niche_id: str, watch: JsonBody[Watch], key: Key = None
) -> Accepted:
    """Put a niche on the watch list, or take it off."""
    niche = await niche_of(deps, niche_id)
    event = NicheWatched(niche_id=niche_id, market=niche["market"], watched=watch.watched)
    claimed = await claim(deps, key, f"niche.watched {niche_id}", watch)
    accepted = await accept(deps, claimed, told(event, niche_id=niche_id, market=niche["market"]))
    response.headers["Location"] = f"/v1/runs/{accepted.id}"
    return accepted


async def _analysis(deps: Deps, niche_id: str, analysis_id: str | None) -> Analysis | None:
    """The analysis that a niche's score comes from; its newest one where it has no score yet."""
    where = {"type": "analysis.completed", "niche_id": niche_id}
    of_score = {"analysis_id": analysis_id} if analysis_id else {}
    found = await deps.store.find("events", {**where, **of_score}, sort=(("time", -1),), limit=1)
    if not found:
        return None
    series = AnalysisCompleted.from_json(found[0]["body"]).series
    try:
        return Analysis.from_json(await asyncio.to_thread(deps.files.read, series))
    except NotYetWritten:
        return None  # cleaned up: the score stays
