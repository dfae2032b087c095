"""The gateway's app: every route of the API over one set of dependencies."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from services.gateway import problems
from services.gateway.api import (
    agents,
    analyses,
    backtests,
    dead_letters,
    events,
    exports,
    health,
    imports,
    language,
    markets,
    models,
    niches,
    outsiders,
    runs,
    scores,
    series,
    stats,
    stream,
    topology,
)
from services.gateway.deps import Deps
from services.gateway.openapi import describe
from services.gateway.web import site

_RESOURCES = (
    markets,
    imports,
    niches,
    analyses,
    scores,
    series,
    stats,  # before the runs: /v1/runs/stats is no run's id
    runs,
    stream,
    topology,
    exports,
    backtests,
    models,
    events,
    outsiders,
    language,
    dead_letters,
    agents,
    health,
)


def create_app(deps: Deps) -> FastAPI:
    """The app; it holds no state of its own, so any number of them may serve."""
    app = FastAPI(
        title="Scout",
        version="1.0.0",
        description="Finds product niches worth entering on a marketplace, and proves how well it finds them.",
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.state.deps = deps
    app.openapi = partial(describe, app)  # type: ignore[method-assign] # FastAPI's documented way to extend it
    problems.install(app)
    for resource in _RESOURCES:
        app.include_router(resource.router)
    site.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.deps.live.close()
    app.state.deps.outbox.close()
