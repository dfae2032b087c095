"""What the trend service hears and does."""

import json
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from contracts.message import FileRef, scout_id
from contracts.niche import Niche
from contracts.observation import Grain, ImportFailed, ImportReport, ObservationsImported, Upload
from contracts.trend import Trend, TrendFailed, TrendsRefreshed, TrendUpdated
from services.chassis.job import Job
from services.chassis.service import Answer, Service
from services.trend.errors import TableError
from services.trend.records import known_grain, niches_by_age, part_paths

if TYPE_CHECKING:
    from services.trend.importing import Imported
    from services.trend.sources.source import Observations, Source

service = Service("trend")
DEADLINE = 15 * 60
"""Seconds after which an update of trends starts no further niche; the rest are first the next time."""
_STAGES = 4


@service.command("scout.tasks.import_observations")
async def import_observations(upload: Upload, *, job: Job) -> ObservationsImported | ImportFailed:
    """Read a table of sales, keep what can be used as a part of its market, and say what could not."""
    from services.chassis.observations import write_part

    digest = upload.file.sha256 if upload.file else upload.builtin
    mapping = upload.mapping.to_json() if upload.mapping else b""
    import_id = scout_id("import", upload.market, digest, mapping.decode())
    job.progress(1, _STAGES, "stages")
    try:
        found = _read(upload, import_id, await known_grain(job.store, upload.market), job)
    except TableError as exc:
        return ImportFailed(market=upload.market, reason=str(exc))
    job.progress(2, _STAGES, "stages")
    part = job.files.put("parts", write_part(found.frame), ".parquet")
    job.progress(3, _STAGES, "stages")
    report = _report(upload, import_id, found, part, job)
    return ObservationsImported(market=upload.market, report=report)


@service.command("scout.tasks.update_trend_data")
async def update_trend_data(*, job: Job) -> AsyncIterator[Answer | TrendUpdated | TrendFailed | TrendsRefreshed]:
    """Bring the trend of every niche up to date from every source, oldest first, until the deadline."""
    from services.chassis.observations import read_market
    from services.trend.sources import SOURCES
    from services.trend.sources.source import Observations

    niches = await niches_by_age(job.store)
    ends, now = time.monotonic() + DEADLINE, job.cause.time
    updated = failed = done = 0
    for market, of_market in groupby(sorted(niches, key=lambda niche: niche.market), key=lambda niche: niche.market):
        wanted = list(of_market)
        observations = Observations(read_market(await part_paths(job.store, job.files, market)))
        for niche in wanted:
            if time.monotonic() > ends:
                break
            for answer in [await _update(source, niche, observations, now, job) for source in SOURCES.values()]:
                yield Answer(answer, f"{niche.id}/{answer.source}")
                updated += isinstance(answer, TrendUpdated)
                failed += isinstance(answer, TrendFailed)
            done += 1
            job.progress(done, len(niches), "niches")
    yield TrendsRefreshed(updated=updated, failed=failed, left=len(niches) - done, last_update=now)


def _read(upload: Upload, import_id: str, grain: Grain, job: Job) -> "Imported":
    from services.trend.importing import import_table
    from services.trend.markets import BUILTINS

    if upload.builtin is not None:
        return BUILTINS[upload.builtin].read(upload.market, import_id)
    assert upload.file is not None  # Upload takes either
    today = job.cause.time.astimezone(ZoneInfo(upload.tz)).date()
    return import_table(job.files.read(upload.file), upload, import_id, today, grain)


def _report(upload: Upload, import_id: str, found: "Imported", part: FileRef, job: Job) -> ImportReport:
    from services.trend.markets import BUILTINS

    builtin = BUILTINS.get(upload.builtin or "")
    niches = [niche.model_dump(mode="json", exclude={"watched"}) for niche in found.niches]
    rejected = found.rejected_csv
    return ImportReport(
        id=import_id,
        market=upload.market,
        market_name=upload.market_name or (builtin.name if builtin else upload.market),
        currency=upload.currency or (builtin.currency if builtin else ""),
        tz=builtin.tz if builtin else upload.tz,
        grain=found.grain,
        source=upload.builtin or upload.filename or "file",
        file=upload.file,
        part=part,
        niches=job.files.put("niches", json.dumps(niches, ensure_ascii=False).encode(), ".json"),
        niche_count=len(niches),
        mapping=found.mapping,
        rows=found.rows,
        kept=found.kept,
        merged=found.merged,
        rejected_count=sum(rejection.count for rejection in found.rejected),
        rejected=found.rejected,
        rejected_rows=job.files.put("rejected", rejected, ".csv") if rejected else None,
        unread=found.unread,
        first_day=found.first_day,
        last_day=found.last_day,
    )


async def _update(
    source: "Source", niche: Niche, observations: "Observations", now: datetime, job: Job
) -> TrendUpdated | TrendFailed:
    from services.trend.sources.source import SourceError

    until = now.date() - timedelta(days=1)
    try:
        trend = await source.fetch(niche, observations, until, now)
    except SourceError as exc:
        return TrendFailed(niche_id=niche.id, market=niche.market, source=source.name, reason=str(exc))
    known = list(_known(trend))
    return TrendUpdated(
        niche_id=niche.id,
        market=niche.market,
        source=source.name,
        unit=trend.unit,
        points=len(trend.points),
        last_day=known[-1][0] if known else None,
        last_value=known[-1][1] if known else None,
        trend=job.files.put("trends", trend.to_json(), ".json"),
    )


def _known(trend: Trend) -> Iterator[tuple[date, float]]:
    return ((point.day, point.value) for point in trend.points if point.value is not None)
