"""The leaderboard: a market's niches by their newest opportunity score."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from contracts.analysis import RedFlag
from contracts.message import Shape
from contracts.score import Score, Verdict
from services.chassis.store import Document
from services.gateway.deps import Deps, Here
from services.gateway.find import the_market
from services.gateway.pages import ListQuery, Page, counted, cut
from services.gateway.routes import Routes, read

router = Routes(prefix="/v1/scores", tags=["scores"])
_ORDER = (("opportunity", -1), ("name", 1), ("_id", 1))


class ScoreRow(Shape):
    """A row of the leaderboard. `rank` is the niche's place in its market: ties share one, no score has none."""

    rank: int | None = None
    niche_id: str
    market: str
    name: str
    as_of: date
    analysis_id: str
    event_id: str
    verdict: Verdict
    opportunity: float | None = None
    growth: float | None = None
    entry: float | None = None
    score: Score
    currency: str
    revenue_8w: float | None = None
    sellers: float | None = None
    hhi: float | None = None
    flags: tuple[RedFlag, ...] = ()
    opportunities_count: int = 0


class ScoresQuery(ListQuery):
    """Which rows to list; `market` may be left out where there is only one."""

    market: str | None = None
    verdict: list[Verdict] = Field(default_factory=list)


@router.get("")
async def list_scores(deps: Here, query: Annotated[ScoresQuery, Query()]) -> Page[ScoreRow]:
    """List a market's leaderboard: the best opportunity first, niches with too little evidence last, by name."""
    where: dict[str, Any] = {"market": (await the_market(deps, query.market))["_id"]}
    if query.verdict:
        where["verdict"] = {"$in": query.verdict}
    skip = counted(query)
    found = await deps.store.find("leaderboard", where, sort=_ORDER, limit=query.limit + 1, skip=skip)
    shown, cursor = cut(found, query)
    if query.verdict:
        ranks = await asyncio.gather(*(rank_of(deps, row) for row in shown))
    else:
        ranks = await _walk(deps, shown, skip)
    rows = tuple(row_of(document, rank) for document, rank in zip(shown, ranks, strict=True))
    return Page[ScoreRow](items=rows, next=cursor)


async def score_row(deps: Deps, niche_id: str) -> ScoreRow | None:
    """A niche's row of the leaderboard, if it has one."""
    document = await deps.store.get("leaderboard", niche_id)
    return row_of(document, await rank_of(deps, document)) if document else None


def row_of(document: Document, rank: int | None) -> ScoreRow:
    """A document of the leaderboard as the row that it is."""
    return read(ScoreRow, document, niche_id=document["_id"], rank=rank)


async def rank_of(deps: Deps, row: Document) -> int | None:
    """One more than the niches of the market that are better."""
    if row.get("opportunity") is None:
        return None
    better = {"market": row["market"], "opportunity": {"$gt": row["opportunity"]}}
    return 1 + await deps.store.count("leaderboard", better)


async def _walk(deps: Deps, rows: Sequence[Document], skip: int) -> list[int | None]:
    """The same for rows that follow one another in the whole leaderboard, where only the first has to be counted."""
    ranks: list[int | None] = []
    for place, row in enumerate(rows):
        if row.get("opportunity") is None:
            ranks.append(None)
        elif place == 0:
            ranks.append(await rank_of(deps, row))
        else:
            tied = row["opportunity"] == rows[place - 1]["opportunity"]
            ranks.append(ranks[-1] if tied else skip + place + 1)
    return ranks
