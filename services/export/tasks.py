"""What the export service hears and does."""

from datetime import UTC, datetime, timedelta

from contracts.analysis import Analysis, AnalysisCompleted, AnalysisExpired
from contracts.report import Report, ReportExported, ReportFailed, ReportRequest
from services.chassis.job import Job
from services.chassis.service import Service
from services.export.leaderboard import NothingToReport

service = Service("export")
KEPT = timedelta(days=30)


@service.command("scout.tasks.export_report")
async def export_report(report: ReportRequest, *, job: Job) -> ReportExported | ReportFailed:
    """Make a report from the market's leaderboard, or from one niche's newest analysis."""
    from services.export.render import render

    market = await job.store.get("markets", report.market) or {}
    rows = await job.store.find("leaderboard", {"market": report.market})
    job.progress(1, 3, "stages")
    analysis = await _analysis(report.niche_id, job) if report.kind == "niche" and report.niche_id else None
    try:
        made = render(report, rows, analysis, market.get("name"))
    except NothingToReport as exc:
        return ReportFailed(market=report.market, kind=report.kind, reason=str(exc))
    job.progress(2, 3, "stages")
    return ReportExported(
        report=Report(
            id=job.cause.id,
            run_id=job.run_id,
            kind=report.kind,
            market=report.market,
            niche_ids=made.niche_ids if report.kind == "niche" else (),  # a leaderboard is of the whole market
            as_of=made.as_of,
            format=report.format,
            lang=report.lang,
            filename=made.filename,
            file=job.files.put("reports", made.content, f".{report.format}"),
            expires=datetime.now(UTC) + KEPT,
        )
    )


@service.on(AnalysisExpired)
async def delete_reports(event: AnalysisExpired, *, job: Job) -> None:
    """Delete the report files of an analysis that is gone."""
    for key in event.reports:
        job.files.delete(key)


async def _analysis(niche_id: str, job: Job) -> Analysis | None:
    """The analysis behind the niche's row of the leaderboard."""
    row = await job.store.get("leaderboard", niche_id)
    told = await job.store.find("events", {"type": "analysis.completed", "niche_id": niche_id})
    for document in told:
        if row is not None and document["analysis_id"] == row["analysis_id"]:
            event = AnalysisCompleted.from_json(document["body"])
            return Analysis.from_json(job.files.read(event.series))
    return None
