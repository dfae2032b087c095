"""What the analysis service hears and does."""

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from contracts.analysis import AnalysesCleaned, AnalysisCompleted, AnalysisExpired, AnalysisFailed, AnalyzeParams
from contracts.message import scout_id
from contracts.model import ModelActivated
from contracts.niche import Niche, NicheWatched
from contracts.observation import ObservationsImported
from contracts.panel import BacktestFailed, BacktestParams, PanelBuilt
from contracts.trend import TrendUpdated
from services.analysis.errors import NothingObservedError, TooLittleHistoryError
from services.analysis.records import (
    expired_analyses,
    known_of,
    newest_analyses,
    niche_of,
    niches_of,
    parts_of,
    reports_of,
)
from services.chassis.answers import stamp
from services.chassis.job import Job
from services.chassis.service import Answer, Service

service = Service("analysis")
RETENTION = timedelta(days=90)
_SUNDAY = 7
_STAGES = ("read the rows", "know the market", "compute", "write")


@service.command("scout.tasks.analyze_niche")
async def analyze_niche(niche_id: str, params: AnalyzeParams, *, job: Job) -> AnalysisCompleted | AnalysisFailed:
    """Analyse one niche as of a day, from its own rows and its market's reference."""
    niche = await niche_of(job, niche_id)
    try:
        return await _analysis(niche, params, job)
    except NothingObservedError as exc:
        return AnalysisFailed(niche_id=niche_id, market=niche.market, reason=str(exc))


@service.on(ObservationsImported)
async def analyze_imported(event: ObservationsImported, *, job: Job) -> AsyncIterator[Answer | AnalysisCompleted]:
    """Analyse the watched niches of a market that has new observations."""
    for niche in await niches_of(job.store, event.market, watched=True):
        yield Answer(await _analysis(niche, AnalyzeParams(), job), niche.id)


@service.on(TrendUpdated)
async def analyze_trending(event: TrendUpdated, *, job: Job) -> AsyncIterator[Answer | AnalysisCompleted]:
    """Analyse a watched niche whose trend is new."""
    niche = await niche_of(job, event.niche_id)
    if niche.watched:
        yield Answer(await _analysis(niche, AnalyzeParams(), job), niche.id)


@service.on(NicheWatched)
async def analyze_watched(event: NicheWatched, *, job: Job) -> AsyncIterator[Answer | AnalysisCompleted]:
    """Analyse a niche that a person put on the watch list."""
    if event.watched:
        yield Answer(await _analysis(await niche_of(job, event.niche_id), AnalyzeParams(), job), event.niche_id)


@service.on(ModelActivated)
async def rescore(event: ModelActivated, *, job: Job) -> AsyncIterator[Answer | AnalysisCompleted]:
    """Tell the newest analysis of every niche again, to be scored by the new model; nothing is computed anew."""
    analyses = await newest_analyses(job.store, event.market)
    for done, analysis in enumerate(analyses, 1):
        yield Answer(analysis.model_copy(update={"model": event.model}), analysis.niche_id)
        job.progress(done, len(analyses), "niches")


@service.command("scout.tasks.backtest")
async def backtest(params: BacktestParams, *, job: Job) -> PanelBuilt | BacktestFailed:
    """Build the panel that scoring judges: past cuts, terms from the past alone, and what then happened."""
    from services.analysis.panel import build_panel
    from services.chassis.observations import read_market

    parts = await parts_of(job.store, params.market)
    niches = await niches_of(job.store, params.market)
    kept = {niche.id: niche.name for niche in niches if params.level in {None, niche.kind}}
    job.progress(1, 3, "stages")
    frame = read_market(parts.paths(job.files))
    if params.level is not None:
        frame = frame.filter(frame["niche_id"].is_in(list(kept)))
    try:
        panel = build_panel(frame, kept, params.horizon)
    except (TooLittleHistoryError, ValueError) as exc:
        return BacktestFailed(market=params.market, reason=str(exc))
    job.progress(2, 3, "stages")
    tables = {name: io.BytesIO() for name in ("panel", "launches")}
    panel.table.write_parquet(tables["panel"])
    panel.launches.write_parquet(tables["launches"])
    refs = {name: job.files.put("panels", table.getvalue(), ".parquet") for name, table in tables.items()}
    return PanelBuilt(
        market=params.market,
        horizon=params.horizon,
        level=params.level,
        seed=params.seed,
        weights=params.weights,
        panel=refs["panel"],
        launches=refs["launches"],
        cuts=panel.cuts,
        niches=panel.niches,
        leakage=panel.leakage,
        purged=all(day.isoweekday() == _SUNDAY for day in panel.table["cut_day"].unique()),
        inputs=parts.keys,
    )


@service.command("scout.tasks.cleanup_old_analyses")
async def cleanup_old_analyses(*, job: Job) -> AsyncIterator[Answer | AnalysisExpired | AnalysesCleaned]:
    """Tell which analyses are over 90 days old, not their niche's newest and not watched; the journal deletes them."""
    old = await expired_analyses(job.store, stamp(datetime.now(UTC) - RETENTION))
    reports = await reports_of(job.store, [analysis.niche_id for analysis in old])
    for analysis in old:
        event = AnalysisExpired(
            analysis_id=analysis.analysis_id,
            niche_id=analysis.niche_id,
            series=analysis.series,
            reports=reports.get(analysis.niche_id, ()),
        )
        yield Answer(event, analysis.analysis_id)
    yield AnalysesCleaned(deleted=len(old))


async def _analysis(niche: Niche, params: AnalyzeParams, job: Job) -> AnalysisCompleted:
    from services.analysis.analysis import Question, analyze, completed
    from services.analysis.reference import measure
    from services.chassis.observations import read_market, read_niche

    parts = await parts_of(job.store, niche.market)
    as_of = params.as_of or parts.last_full_day(job.cause.time)
    job.progress(1, len(_STAGES), "stages")
    paths = parts.paths(job.files)
    known = await known_of(job, parts, as_of, lambda: measure(read_market(paths), niche.market, as_of))
    job.progress(2, len(_STAGES), "stages")
    question = Question(
        analysis_id=scout_id(job.cause.id, "analysis", niche.id),
        run_id=job.run_id,
        niche=niche,
        currency=parts.reports[-1].currency,
        as_of=as_of,
        params=params,
        span=known.span,
        reference=known.reference.terms,
        inputs=parts.keys,
    )
    analysis = analyze(read_niche(paths, niche.id), question)
    job.progress(3, len(_STAGES), "stages")
    series = job.files.put("analyses", analysis.to_json(), ".json")
    model = params.model or parts.model
    return completed(analysis, model, known.file, series)
