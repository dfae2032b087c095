"""The description of the API: what FastAPI derives from the routes, and the problems that they may answer."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.gateway.problems import MEDIA_TYPE, Problem

TAGS = {
    "markets": "What was imported, by marketplace.",
    "imports": "Tables of sales, sent as files.",
    "niches": "What a market is made of, and the watch list.",
    "analyses": "Niches analysed and scored, one or many.",
    "scores": "The leaderboard of a market.",
    "runs": "What was asked for, and what became of it.",
    "exports": "Reports as files.",
    "backtests": "The proof of the scores.",
    "models": "The weights that niches are scored by.",
    "events": "Everything that was told, in order.",
    "dead letters": "Messages that nobody could handle.",
    "agents": "The office.",
    "health": "For whoever watches the process.",
}
_PROBLEM = {
    "description": "What went wrong, why, and what to do.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the app, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        )
        schemas = document["components"]["schemas"]
        problem = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
        schemas |= {**problem.pop("$defs"), "Problem": problem}
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for methods in document["paths"].values():
            for route in methods.values():
                route["responses"].pop("422", None)
                route["responses"]["default"] = _PROBLEM
        app.openapi_schema = document
    return app.openapi_schema
