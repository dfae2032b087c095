"""How routes are declared: what a route's docstring says is its summary, and what is not known is left out."""

import json
from collections.abc import Callable
from inspect import getdoc
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Header
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_wrap_validator_function

from contracts.message import Shape

Model = TypeVar("Model")
Read = TypeVar("Read", bound=Shape)


class Routes(APIRouter):
    """A router whose routes take summary and description from their docstring and answer no `null`."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        summary, _, more = (getdoc(endpoint) or "").partition("\n")
        options |= {"summary": summary.rstrip("."), "description": more.strip(), "response_model_exclude_none": True}
        super().add_api_route(path, endpoint, **options)


class AsJson:
    """Reads a body by the rules of JSON: a strict shape knows dates and tuples there, but not in Python's values."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: Any, _: Any) -> Any:
            if isinstance(value, source):
                return value
            if isinstance(value, bytes):
                raise ValueError("must be JSON, sent with the header Content-Type: application/json")  # noqa: TRY004 - pydantic reports only a ValueError
            return source.model_validate_json(json.dumps(value))

        return no_info_wrap_validator_function(read, handler(source))


JsonBody = Annotated[Model, Body(), AsJson()]
"""The whole body of a request as a strict shape: `params: JsonBody[AnalyzeParams]`."""

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Any text of yours: a repeat with the same key and body is answered as the first time.",
    ),
]


def read(model: type[Read], document: dict[str, Any], **more: Any) -> Read:
    """A stored document as a shape: its `_id` is `id`; `more` are fields beside it."""
    return model.from_json(json.dumps({"id": document["_id"], **document, **more}))
