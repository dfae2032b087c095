"""What the analysis service hears and does."""

import io
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.analysis import AnalysesCleaned, AnalysisCompleted, AnalysisExpired, AnalysisFailed, AnalyzeParams
from contracts.market import MarketConfigured, MarketSettings
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
from services.analysis.stages import Stages
from services.chassis.answers import stamp
from services.chassis.job import Job
from services.chassis.service import Answer, Service

if TYPE_CHECKING:
    from services.analysis.analysis import Background, Deep

service = Service("analysis")
RETENTION = timedelta(days=90)
_SUNDAY = 7


@service.command("scout.tasks.analyze_niche")
async def analyze_niche(niche_id: str, params: AnalyzeParams, *, job: Job) -> AnalysisCompleted | AnalysisFailed:
    """Analyse one niche as of a day, from its own rows and its market's reference."""
    niche = await niche_of(job, niche_id)
    try:
        return await _one(niche, params, job)
    except NothingObservedError as exc:
        return AnalysisFailed(niche_id=niche_id, market=niche.market, reason=str(exc))


@service.on(ObservationsImported)
async def analyze_imported(event: ObservationsImported, *, job: Job) -> AsyncIterator[Answer | AnalysisCompleted]:
    """Analyse the watched niches of a market that has new observations."""
    async for answer in _watched(event.market, job):
        yield answer


@service.on(TrendUpdated)
async def analyze_trending(event: TrendUpdated, *, job: Job) -> AsyncIterator[Answer | AnalysisCompleted]:
    """Analyse a watched niche whose trend is new."""
    niche = await niche_of(job, event.niche_id)
    if niche.watched:
        async for answer in _again([niche], job):
            yield answer


@service.on(NicheWatched)
async def analyze_watched(event: NicheWatched, *, job: Job) -> AsyncIterator[Answer | AnalysisCompleted]:
    """Analyse a niche that a person put on the watch list."""
    if event.watched:
        async for answer in _again([await niche_of(job, event.niche_id)], job):
            yield answer


@service.on(MarketConfigured)
async def analyze_configured(event: MarketConfigured, *, job: Job) -> AsyncIterator[Answer | AnalysisCompleted]:
    """Analyse the watched niches of a market again when a person has said something else of it."""
    async for answer in _watched(event.market, job, event.settings):
        yield answer


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
        panel = build_panel(frame, kept, params.horizon, pseudo_sellers=parts.settings.pseudo_sellers)
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


async def _watched(market: str, job: Job, settings: MarketSettings | None = None) -> AsyncIterator[Answer]:
    """The analyses of a market's watched niches, all of one pass over their rows."""
    async for answer in _again(await niches_of(job.store, market, watched=True), job, settings):
        yield answer


async def _again(niches: Sequence[Niche], job: Job, settings: MarketSettings | None = None) -> AsyncIterator[Answer]:
    """The analyses that nobody asked for by hand; none where the market's first full day is not over yet."""
    done = 0
    with suppress(NothingObservedError):
        async for completed in _analyses(niches, AnalyzeParams(), job, settings):
            done += 1
            job.progress(done, len(niches), "niches")
            yield Answer(completed, completed.niche_id)


async def _one(niche: Niche, params: AnalyzeParams, job: Job) -> AnalysisCompleted:
    (only,) = [completed async for completed in _analyses([niche], params, job)]
    return only


async def _analyses(
    niches: Sequence[Niche], params: AnalyzeParams, job: Job, settings: MarketSettings | None = None
) -> AsyncIterator[AnalysisCompleted]:
    """Analyse niches of one market; what is computed of each is kept as a file before its event is told.

    `settings` are those of an event that may not be written yet; absent, those that were written last count.
    """
    if not niches:
        return
    from services.analysis.analysis import Background, Question, analyze_many, completed
    from services.analysis.reference import measure
    from services.chassis.observations import read_market, read_niches

    stages = Stages(job.progress, params.tier)
    stages.enter("rows")
    parts = await parts_of(job.store, niches[0].market)
    parts = replace(parts, settings=settings or parts.settings)
    paths, pseudo = parts.paths(job.files), parts.settings.pseudo_sellers
    today = parts.today(job.cause.time)
    as_of = min(params.as_of or parts.last_full_day(job.cause.time), today)
    rows = read_niches(paths, [niche.id for niche in niches])
    stages.enter("market")
    known = await known_of(job, parts, as_of, lambda: measure(read_market(paths), parts.market, as_of, pseudo))
    background = Background(
        currency=parts.reports[-1].currency,
        as_of=as_of,
        span=known.span,
        reference=known.reference.terms,
        settings=parts.settings,
        inputs=parts.keys,
        asked_on=today,
    )
    deep = _deep(paths, background, stages) if params.tier == "deep" else None
    questions = [
        Question(scout_id(job.cause.id, "analysis", niche.id), job.run_id, niche, params, deep) for niche in niches
    ]
    stages.enter("findings")
    for analysis in analyze_many(rows, background, questions):
        stages.enter("write")
        series = job.files.put("analyses", analysis.to_json(), ".json")
        yield completed(analysis, params.model or parts.model, known.file, series)


def _deep(paths: Sequence[Path], background: "Background", stages: Stages) -> "Deep":
    """The deep tier, which learns from all niches of the market."""
    from services.analysis.deep_outlook import deep_outlook
    from services.analysis.market import weekly_revenue
    from services.chassis.observations import read_market

    assert background.span is not None  # the market has been measured
    market = weekly_revenue(read_market(paths), background.span, background.as_of)
    return lambda weekly, numbers, horizon: deep_outlook(weekly, market, numbers, horizon, stages.enter)
