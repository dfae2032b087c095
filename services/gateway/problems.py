"""Errors as problem+json (RFC 9457): what, why, and what to do, with a type that programs can rely on."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from contracts.message import Shape
from services.chassis.errors import DependencyDown, NotYetWritten

log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"


class Wrong(Shape):
    """One field that is wrong: `pointer` leads to it (RFC 6901), in the body or, below `/query`, in the address."""

    pointer: str
    detail: str


class Problem(Shape):
    """What an error's body says; `run_id` names the run that it is about."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[Wrong, ...] | None = None
    run_id: str | None = None


class ProblemError(Exception):
    """An error that is answered as the problem it carries."""

    def __init__(
        self,
        status: int,
        name: str,
        title: str,
        detail: str,
        *,
        errors: Sequence[Wrong] = (),
        run_id: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(
            type=f"/problems/{name}",
            title=title,
            status=status,
            detail=detail,
            errors=tuple(errors) or None,
            run_id=run_id,
        )
        self.headers = headers


def not_found(noun: str, detail: str, run_id: str | None = None) -> ProblemError:
    """404: something that an address names does not exist; `detail` says what exists or how to list it."""
    name = noun.replace(" ", "-")
    return ProblemError(404, f"{name}-not-found", f"{noun.capitalize()} not found", detail, run_id=run_id)


def unfit(name: str, detail: str, *pointers: str, title: str = "The request cannot be carried out") -> ProblemError:
    """422: a body that can be read but asks for something that cannot be done."""
    return ProblemError(422, name, title, detail, errors=[Wrong(pointer=one, detail=detail) for one in pointers])


def install(app: FastAPI) -> None:
    """Answer every error of the app as a problem."""
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DependencyDown, _down)
    app.add_exception_handler(NotYetWritten, _gone)
    app.add_exception_handler(Exception, _unexpected)


def _answer(error: ProblemError) -> Response:
    return Response(error.problem.to_json(), error.problem.status, error.headers, MEDIA_TYPE)


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return _answer(error)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [Wrong(pointer=pointer(one["loc"]), detail=said(one)) for one in error.errors()]
    detail = "What was sent is not as it must be, so nothing was done. Correct what `errors` names and send it again."
    return _answer(ProblemError(422, "invalid-request", "Invalid request", detail, errors=wrong))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    detail = f"{request.method} {request.url.path}: {error.detail}. GET /openapi.json lists what there is."
    name = title.lower().replace(" ", "-")
    return _answer(ProblemError(error.status_code, name, title, detail, headers=error.headers))


async def _down(_: Request, error: Exception) -> Response:
    detail = f"{error}. Nothing is lost; try again in a moment."
    headers = {"Retry-After": "5"}
    return _answer(ProblemError(503, "dependency-down", "A part of Scout does not answer", detail, headers=headers))


async def _gone(_: Request, error: Exception) -> Response:
    return _answer(not_found("file", f"{error}. It was cleaned up, or it is still being written."))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request failed", method=request.method, path=request.url.path, exc_info=error)
    detail = "Scout met an error that it does not know. Its log says more; please report it with that entry."
    return _answer(ProblemError(500, "unexpected", "Unexpected error", detail))


def pointer(loc: Sequence[int | str]) -> str:
    """The JSON pointer of a place that pydantic names; the body is the root."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in loc]
    return "".join(f"/{part}" for part in (parts[1:] if parts[:1] == ["body"] else parts))


def said(error: Mapping[str, Any]) -> str:
    """The validation's words, without the kind of error that Python prefixes them with."""
    return str(error["msg"]).removeprefix("Value error, ")
