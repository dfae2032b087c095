"""Imports: tables of sales, sent as files and read in the background."""

import asyncio
import re
from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated

from fastapi import Query, Request, Response

from contracts.commands import ImportObservations
from contracts.message import FileRef, Shape
from contracts.observation import ImportReport, Upload
from services.chassis.store import Document
from services.gateway.accept import Accepted, accept, claim, command
from services.gateway.deps import Deps, Here
from services.gateway.find import known_file, unfinished
from services.gateway.pages import ListQuery, Page, newest
from services.gateway.problems import ProblemError, not_found, unfit
from services.gateway.routes import JsonBody, Key, Routes, read

router = Routes(prefix="/v1", tags=["imports"])
COMMAND = "scout.tasks.import_observations"
MAX_UPLOAD = 512 * 1024 * 1024
_SUFFIX = re.compile(r"^\.[a-z0-9]{1,10}$")


class Uploaded(Shape):
    """A file that lies in the file store now, to be named in `POST /v1/imports`."""

    file: FileRef
    filename: str


class Import(Shape):
    """One import into a market and its report."""

    id: str
    market: str
    run_id: str
    at: datetime
    report: ImportReport


class ImportsQuery(ListQuery):
    """Which imports to list."""

    market: str | None = None


_BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@router.post("/files", status_code=201, openapi_extra={"requestBody": {"required": True, "content": _BINARY}})
async def upload_file(deps: Here, request: Request, filename: str = "upload.csv") -> Uploaded:
    """Send a file: the body is its content as it is.

    At most 512 MiB. The answer's `file` goes into `POST /v1/imports`.
    """
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise ProblemError(
            415,
            "multipart-body",
            "The body must be the file itself",
            "This is a form, not a file. Send the content as it is: "
            "curl --data-binary @sales.csv '.../v1/files?filename=sales.csv'",
        )
    body = await _body(request)
    if not body:
        detail = "The file is empty: there is nothing to import. Send a table with a header line and at least one row."
        raise unfit("empty-file", detail, title="Empty file")
    suffix = PurePosixPath(filename).suffix.lower()
    file = await asyncio.to_thread(deps.files.put, "uploads", body, suffix if _SUFFIX.match(suffix) else "")
    return Uploaded(file=file, filename=filename)


@router.post("/imports", status_code=202)
async def start_import(deps: Here, response: Response, upload: JsonBody[Upload], key: Key = None) -> Accepted:
    """Import a file that was sent before, or a market that Scout knows."""
    known_file(deps, upload.file, "/file", "/v1/files")
    work = command(COMMAND, ImportObservations(upload=upload), market=upload.market)
    accepted = await accept(deps, await claim(deps, key, COMMAND, upload), work)
    response.headers["Location"] = f"/v1/runs/{accepted.id}"
    return accepted


@router.get("/imports")
async def list_imports(deps: Here, query: Annotated[ImportsQuery, Query()]) -> Page[Import]:
    """List imports, newest first; a market that was never imported has none."""
    where = {"market": query.market} if query.market else {}
    found, cursor = await newest(deps.store, "imports", where, "at", query)
    return Page[Import](items=tuple(read(Import, document) for document in found), next=cursor)


@router.get("/imports/{import_id}")
async def get_import(deps: Here, import_id: str) -> Import:
    """Get an import, by its id or its run's, with what was kept, what was not, and why."""
    return read(Import, await _import(deps, import_id))


@router.get(
    "/imports/{import_id}/rejected",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def get_rejected_rows(deps: Here, import_id: str) -> Response:
    """Get the rows that an import did not keep, as CSV with the reason of each."""
    found = read(Import, await _import(deps, import_id))
    if found.report.rejected_rows is None:
        raise not_found("rejected rows", f"The import {import_id} kept all of its {found.report.rows} rows.")
    content = await asyncio.to_thread(deps.files.read, found.report.rejected_rows)
    headers = {"Content-Disposition": f'attachment; filename="rejected-{found.id}.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


async def _import(deps: Deps, import_id: str) -> Document:
    document = await deps.store.get("imports", import_id)
    if document is not None:
        return document
    of_run = await deps.store.find("imports", {"run_id": import_id}, limit=1)
    if not of_run:
        raise await unfinished(deps, import_id, COMMAND, "import", "/v1/imports")
    return of_run[0]


async def _body(request: Request) -> bytes:
    """The whole body; raises a 413 as soon as it is longer than a file may be."""
    pieces: list[bytes] = []
    size = 0
    announced = int(request.headers.get("content-length", 0))
    async for piece in request.stream():
        size += len(piece)
        if max(size, announced) > MAX_UPLOAD:
            raise ProblemError(
                413,
                "file-too-large",
                "File too large",
                f"A file may have {MAX_UPLOAD >> 20} MiB, and this one has more. Send it as Parquet, or in several "
                "parts (by month, say): each is an import of its own into the same market.",
            )
        pieces.append(piece)
    return b"".join(pieces)
