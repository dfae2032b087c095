"""Exports: reports as files, made in the background."""

import asyncio
from collections.abc import Iterable
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Response

from contracts.commands import ExportReport
from contracts.report import Report, ReportExported, ReportRequest
from services.chassis.store import Document
from services.gateway.accept import Accepted, accept, claim, command
from services.gateway.deps import Deps, Here
from services.gateway.find import asked_market, asked_niches, market_of, unfinished
from services.gateway.pages import ListQuery, Page, newest
from services.gateway.routes import JsonBody, Key, Routes

router = Routes(prefix="/v1/exports", tags=["exports"])
COMMAND = "scout.tasks.export_report"
_TOLD = "report.exported"
_MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
}

_CONTENT = {media: {"schema": {"type": "string", "format": "binary"}} for media in _MEDIA.values()}


class ExportsQuery(ListQuery):
    """Which reports to list."""

    market: str | None = None


@router.post("", status_code=202)
async def start_export(deps: Here, response: Response, report: JsonBody[ReportRequest], key: Key = None) -> Accepted:
    """Make a report of a market's leaderboard, or of one niche."""
    await asked_market(deps, report.market)
    found_by = {"market": report.market}
    if report.kind == "niche" and report.niche_id:
        await asked_niches(deps, report.market, {"/niche_id": report.niche_id})
        found_by["niche_id"] = report.niche_id
    claimed = await claim(deps, key, COMMAND, report)
    accepted = await accept(deps, claimed, command(COMMAND, ExportReport(report=report), **found_by))
    response.headers["Location"] = f"/v1/runs/{accepted.id}"
    return accepted


@router.get("")
async def list_exports(deps: Here, query: Annotated[ExportsQuery, Query()]) -> Page[Report]:
    """List finished reports, newest first."""
    market = {"market": (await market_of(deps, query.market))["_id"]} if query.market else {}
    found, cursor = await newest(deps.store, "log", {"type": _TOLD, **market}, "time", query)
    ids = [entry["_id"] for entry in found]
    events = await deps.store.get_many("events", ids)
    return Page[Report](items=tuple(_reports(events[one] for one in ids if one in events)), next=cursor)


@router.get("/{run_id}")
async def get_export(deps: Here, run_id: str) -> Report:
    """Get what is known of a finished report: what it is of, its file, and until when that is kept."""
    return await _report(deps, run_id)


@router.get("/{run_id}/file", response_class=Response, responses={200: {"content": _CONTENT}})
async def get_export_file(deps: Here, run_id: str) -> Response:
    """Get a report's file."""
    report = await _report(deps, run_id)
    content = await asyncio.to_thread(deps.files.read, report.file)
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in report.filename)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(report.filename, safe='')}"
    return Response(content, media_type=_MEDIA[report.format], headers={"Content-Disposition": named})


async def _report(deps: Deps, run_id: str) -> Report:
    found = await deps.store.find("events", {"correlation_id": run_id, "type": _TOLD}, limit=1)
    if not found:
        raise await unfinished(deps, run_id, COMMAND, "export", "/v1/exports")
    return next(iter(_reports(found)))


def _reports(events: Iterable[Document]) -> Iterable[Report]:
    return (ReportExported.from_json(event["body"]).report for event in events)
