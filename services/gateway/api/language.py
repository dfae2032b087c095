"""The language of the house for programs: its AsyncAPI document, and the JSON Schemas that it names."""

import json
from functools import cache

from fastapi import Response

from contracts.asyncapi import document
from contracts.publish import current
from services.gateway.problems import not_found
from services.gateway.routes import Routes

router = Routes(include_in_schema=False)
_JSON, _SCHEMA = "application/json", "application/schema+json"


@router.get("/asyncapi.json")
async def get_asyncapi() -> Response:
    """Get the AsyncAPI 3.1 document of the whole house."""
    return Response(_asyncapi(), media_type=_JSON)


@router.get("/schemas/{name}.json")
async def get_schema(name: str) -> Response:
    """Get the JSON Schema of an event or of a command's arguments."""
    schema = _schemas().get(f"{name}.json")
    if schema is None:
        raise not_found("schema", f"There is no event or command {name!r}. GET /asyncapi.json lists them.")
    return Response(schema, media_type=_SCHEMA)


@cache
def _asyncapi() -> bytes:
    return json.dumps(document("schemas/"), ensure_ascii=False).encode()


@cache
def _schemas() -> dict[str, str]:
    return current()
