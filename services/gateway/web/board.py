"""The leaderboard's page: which rows, in which order, and where the pages before and after it begin."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from contracts.score import Verdict
from services.chassis.store import Document, Store
from services.gateway.api.scores import ScoreRow, rank_of, row_of
from services.gateway.deps import Deps
from services.gateway.pages import decode, encode

ROWS = 50
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
Column = Literal["opportunity", "growth", "entry", "revenue_8w", "sellers", "hhi", "name"]
COLUMNS: tuple[Column, ...] = get_args(Column)
_UPWARDS = {"name", "hhi"}
_BY_NAME = (("name", 1), ("_id", 1))


class BoardQuery(BaseModel):
    """Which rows; a minus before a column turns its order round. What the page does not know it ignores."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    verdict: list[Verdict] = Field(default_factory=list)
    sort: Annotated[str, Field(pattern=f"^-?({'|'.join(COLUMNS)})$")] = "opportunity"
    cursor: str | None = None

    @property
    def column(self) -> str:
        """The column that rules the order."""
        return self.sort.removeprefix("-")

    @property
    def way(self) -> int:
        """1 for upwards, -1 for downwards; names and HHI go upwards, what is good when large goes downwards."""
        natural = 1 if self.column in _UPWARDS else -1
        return -natural if self.sort.startswith("-") else natural


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the leaderboard: rows `first` to `last` of `total` (of the chosen verdicts), with their niches' paths.

    `counts` is of the whole market by verdict; `as_of` is the newest day of any score, absent without one.
    """

    rows: tuple[ScoreRow, ...]
    paths: dict[str, str]
    counts: dict[Verdict, int]
    as_of: date | None
    first: int
    total: int
    previous: str | None
    next: str | None

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.rows) - 1


async def read_board(deps: Deps, market: str, query: BoardQuery) -> Board:
    """The page that a query asks for; raises a `ProblemError` for a cursor that is none of ours."""
    store, begun = deps.store, decode(query.cursor, int)
    skip = max(0, begun[0]) if begun else 0
    where: dict[str, Any] = {"market": market}
    numbers = await asyncio.gather(*(store.count("leaderboard", {**where, "verdict": one}) for one in VERDICTS))
    newest = await store.find("leaderboard", where, sort=(("as_of", -1),), limit=1)
    chosen = {**where, "verdict": {"$in": query.verdict}} if query.verdict else where
    found, total = await _window(store, _parts(chosen, query), skip)
    ranks = await asyncio.gather(*(rank_of(deps, row) for row in found))
    niches = await store.get_many("niches", [row["_id"] for row in found])
    return Board(
        rows=tuple(row_of(row, rank) for row, rank in zip(found, ranks, strict=True)),
        paths={key: niche["path"] for key, niche in niches.items()},
        counts=dict(zip(VERDICTS, numbers, strict=True)),
        as_of=date.fromisoformat(newest[0]["as_of"]) if newest else None,
        first=skip + 1,
        total=total,
        previous=encode(max(0, skip - ROWS)) if skip else None,
        next=encode(skip + ROWS) if skip + ROWS < total else None,
    )


_Part = tuple[dict[str, Any], tuple[tuple[str, int], ...]]


def _parts(where: dict[str, Any], query: BoardQuery) -> list[_Part]:
    """The list in parts, one after the other: what has a value, what has a score without it, what has no score."""
    key, sort = query.column, ((query.column, query.way), *_BY_NAME)
    scored, unscored = {**where, "opportunity": {"$ne": None}}, {**where, "opportunity": None}
    if key in {"opportunity", "name"}:
        return [(scored, sort), (unscored, _BY_NAME)]
    return [({**scored, key: {"$ne": None}}, sort), ({**scored, key: None}, _BY_NAME), (unscored, _BY_NAME)]


async def _window(store: Store, parts: list[_Part], skip: int) -> tuple[list[Document], int]:
    found: list[Document] = []
    total = 0
    for where, sort in parts:
        count = await store.count("leaderboard", where)
        inside = max(0, skip - total)
        if inside < count and len(found) < ROWS:
            found += await store.find("leaderboard", where, sort=sort, skip=inside, limit=ROWS - len(found))
        total += count
    return found, total
