"""Every command: what a service can be asked for, with which arguments, on which queue and within which limits.

Names, limits, signatures and returned values of the first six are a contract with callers that exist.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from contracts.analysis import AnalysesCleaned, AnalysisCompleted, AnalysisFailed, AnalyzeParams
from contracts.backtest import ScoreBacktested
from contracts.message import Event, Input
from contracts.observation import ImportFailed, ObservationsImported, Upload
from contracts.panel import BacktestFailed, BacktestParams, PanelBuilt
from contracts.report import ReportExported, ReportFailed, ReportRequest
from contracts.run import NoArguments
from contracts.score import OpportunityFailed, OpportunityScored
from contracts.trend import TrendsRefreshed

Lane = Literal["light", "heavy"]


class AnalyzeNiche(Input):
    """Arguments of `scout.tasks.analyze_niche`."""

    niche_id: str
    params: AnalyzeParams = AnalyzeParams()


class CalculateOpportunityScore(Input):
    """Arguments of `scout.tasks.calculate_opportunity_score`: an `analysis.completed` by hand."""

    analysis: AnalysisCompleted


class ExportReport(Input):
    """Arguments of `scout.tasks.export_report`."""

    report: ReportRequest


class ImportObservations(Input):
    """Arguments of `scout.tasks.import_observations`."""

    upload: Upload


class Backtest(Input):
    """Arguments of `scout.tasks.backtest`."""

    params: BacktestParams


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `limit` in seconds ends an attempt, `retries` follow a failed one, `closes` ends its run.

    `through` names the events between the command and its closing answer: a dead letter of their handlers ends
    the run too. A command that opens no run (`closes` empty) leaves no trace in the journal.
    """

    arguments: type[Input]
    queue: str
    lane: Lane
    limit: int
    closes: tuple[type[Event], ...] = ()
    through: tuple[type[Event], ...] = ()
    retries: int = 2
    priority: int = 0

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Name positional arguments; raises `TypeError` when there are more than the command takes."""
        names = list(self.arguments.model_fields)
        if len(args) > len(names):
            raise TypeError(f"takes {len(names)} arguments ({', '.join(names) or 'none'}), got {len(args)}")
        twice = [name for name in names[: len(args)] if name in kwargs]
        if twice:
            raise TypeError(f"argument {twice[0]} is given twice")
        return {**dict(zip(names, args, strict=False)), **kwargs}


COMMANDS: dict[str, Command] = {
    "scout.tasks.update_trend_data": Command(NoArguments, "trend", "heavy", 1200, (TrendsRefreshed,)),
    "scout.tasks.analyze_niche": Command(
        AnalyzeNiche,
        "analysis",
        "heavy",
        300,
        (OpportunityScored, AnalysisFailed, OpportunityFailed),
        (AnalysisCompleted,),
    ),
    "scout.tasks.calculate_opportunity_score": Command(
        CalculateOpportunityScore, "scoring", "light", 5, (OpportunityScored, OpportunityFailed)
    ),
    "scout.tasks.export_report": Command(ExportReport, "export", "heavy", 600, (ReportExported, ReportFailed)),
    "scout.tasks.cleanup_old_analyses": Command(NoArguments, "analysis", "heavy", 300, (AnalysesCleaned,)),
    "scout.tasks.office_heartbeat": Command(NoArguments, "scoring", "light", 5, priority=9),
    "scout.tasks.import_observations": Command(
        ImportObservations, "trend", "heavy", 1200, (ObservationsImported, ImportFailed)
    ),
    "scout.tasks.backtest": Command(
        Backtest, "analysis", "heavy", 600, (ScoreBacktested, BacktestFailed), (PanelBuilt,)
    ),
}

LIGHT_LIMIT = 5
"""Seconds that a light handler may take in the worker's main process."""
LIGHT_SECOND_LIMIT = 30
"""Seconds that its second attempt may take in a child."""
EVENT_LIMIT = 600
"""Seconds that a heavy handler of an event may take, unless its command says otherwise."""
