"""The pages: readable by a person, without JavaScript, in two languages."""

from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime
from typing import Annotated, Any

import structlog
from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute, APIRouter
from starlette.exceptions import HTTPException

from contracts.catalog import EVENTS
from services.chassis.errors import DependencyDown
from services.gateway.deps import Deps, Here
from services.gateway.problems import ProblemError
from services.gateway.web.assets import asset_response
from services.gateway.web.board import COLUMNS, VERDICTS, BoardQuery, read_board
from services.gateway.web.board_row import row_view
from services.gateway.web.locale import SIGNS
from services.gateway.web.render import page, visitor
from services.gateway.web.run_page import read_run

log = structlog.get_logger(__name__)
_MARKETS = 200
_STALE = 7
_STORED = [key for key, row in EVENTS.items() if row.stored]
_UNFIT = 422
_NOT_FOUND = 404


class _PageRoute(APIRoute):
    """A route whose errors are pages too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except ProblemError as exc:
                return await _problem(request, exc.problem.status, "query")
            except RequestValidationError:
                return await _problem(request, _UNFIT, "query")
            except DependencyDown as exc:
                log.warning("a page needs what does not answer", path=request.url.path, error=str(exc))
                return await _problem(request, 503, "down")
            except HTTPException:
                raise
            except Exception:
                log.exception("page failed", path=request.url.path)
                return await _problem(request, 500, "unexpected")

        return handled


router = APIRouter(include_in_schema=False, route_class=_PageRoute)


def install(app: FastAPI) -> None:
    """Add the pages to an app, and answer browsers that ask for what does not exist with one."""
    app.include_router(router)
    other = app.exception_handlers[HTTPException]

    async def missing(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        wants_page = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")
        if error.status_code == _NOT_FOUND and wants_page:
            return await _problem(request, _NOT_FOUND, "page")
        answer: Response = await other(request, error)  # type: ignore[misc] # ours are coroutines, see problems.py
        return answer

    app.add_exception_handler(HTTPException, missing)


@router.get("/")
async def show_start(request: Request, deps: Here) -> Response:
    """The only market's leaderboard; with several, or none, the list of them."""
    who = visitor(request, deps.settings)
    markets = await deps.store.find("markets", sort=(("name", 1), ("_id", 1)), limit=_MARKETS)
    if len(markets) == 1:
        return RedirectResponse(who.link("markets", markets[0]["_id"]), 307)
    return page(who, "markets.html", markets=markets, speak=who.locale, signs=SIGNS, day=date.fromisoformat)


@router.get("/markets/{market}")
async def show_board(request: Request, deps: Here, market: str, query: Annotated[BoardQuery, Query()]) -> Response:
    """A market's leaderboard."""
    who = visitor(request, deps.settings)
    known = await deps.store.get("markets", market)
    if known is None:
        return await _problem(request, _NOT_FOUND, "market", market)
    board = await read_board(deps, market, query)
    speak = who.locale
    rows = [row_view(row, speak, board.paths.get(row.niche_id, ""), row.rank, board.as_of) for row in board.rows]
    age = (datetime.now(speak.zone).date() - board.as_of).days if board.as_of else 0
    return page(
        who,
        "board.html",
        market=known,
        sign=SIGNS.get(known["currency"], known["currency"]),
        board=board,
        rows=rows,
        query=query,
        columns=COLUMNS,
        verdicts=VERDICTS,
        all=sum(board.counts.values()),
        speak=speak,
        age=speak.age(age) if age > _STALE else None,
    )


@router.get("/runs/{run_id}")
async def show_run(request: Request, deps: Here, run_id: str) -> Response:
    """A run: what it was, its stages, what caused what, and its outcome."""
    who = visitor(request, deps.settings)
    try:
        view = await read_run(deps, run_id, who.locale)
    except ProblemError:
        return await _problem(request, _NOT_FOUND, "run", run_id)
    market = await deps.store.get("markets", view.run.market) if view.run.market else None
    return page(
        who, "run.html", view=view, run=view.run, market=market, speak=who.locale, types=" ".join(_STORED), now=_now()
    )


@router.get("/static/{name}")
async def get_static(name: str) -> Response:
    """A file of ours, under the name that its content gives it."""
    found = asset_response(name)
    if found is None:
        raise HTTPException(_NOT_FOUND)
    return found


async def _problem(request: Request, status: int, kind: str, name: str = "") -> Response:
    """The page of an error: what, why, and what to do."""
    deps = request.app.state.deps
    assert isinstance(deps, Deps)
    who = visitor(request, deps.settings)
    markets = await deps.store.find("markets", limit=_MARKETS) if kind == "market" else []
    return page(who, "problem.html", status, code=status, kind=kind, name=name, path=who.path, markets=markets)


def _now() -> datetime:
    return datetime.now(UTC)
