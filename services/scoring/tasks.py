"""What the scoring service hears and does."""

from functools import lru_cache

from contracts.analysis import AnalysisCompleted
from contracts.backtest import ScoreBacktested
from contracts.message import FileRef
from contracts.model import Reference, Weights, parse_weights, shipped_weights
from contracts.panel import BacktestFailed, PanelBuilt
from contracts.score import OpportunityFailed, OpportunityScored
from contracts.weights_file import WeightsError
from services.chassis.files import Files
from services.chassis.job import Job
from services.chassis.service import Service
from services.scoring.score import OtherMarketError, opportunity_score, scored

service = Service("scoring")


@service.on(AnalysisCompleted, task="scout.tasks.calculate_opportunity_score")
def calculate_opportunity_score(event: AnalysisCompleted, *, job: Job) -> OpportunityScored | OpportunityFailed:
    """Score the niche that was analysed."""
    try:
        weights, reference = _weights(job.files, event.model), _reference(job.files, event.reference)
        return scored(event, opportunity_score(event, weights, reference))
    except (WeightsError, OtherMarketError) as exc:
        return OpportunityFailed(niche_id=event.niche_id, analysis_id=event.analysis_id, reason=str(exc))


@service.on(PanelBuilt)
async def judge_backtest(event: PanelBuilt, *, job: Job) -> ScoreBacktested | BacktestFailed:
    """Judge the scores of past cuts by what then happened."""
    import polars as pl

    from services.scoring.backtest import backtest, headline
    from services.scoring.history import NothingToJudgeError

    try:
        weights = _weights(job.files, event.weights)
        panel, launches = (pl.read_parquet(job.files.path(ref)) for ref in (event.panel, event.launches))
        found = backtest(panel, launches, weights, event)
    except (WeightsError, NothingToJudgeError) as exc:
        return BacktestFailed(market=event.market, reason=str(exc))
    return headline(found, job.files.put("backtests", found.to_json(), ".json"))


@service.command("scout.tasks.office_heartbeat")
def office_heartbeat(*, job: Job) -> None:
    """Say again how the employee is, so that silence means something."""
    job.reporter.heartbeat()


@lru_cache(maxsize=64)
def _weights(files: Files, model: FileRef | None) -> Weights:
    """A file never changes under its name, so it is read once."""
    return parse_weights(files.read(model).decode()) if model else shipped_weights()


@lru_cache(maxsize=64)
def _reference(files: Files, ref: FileRef) -> Reference:
    return Reference.from_json(files.read(ref))
