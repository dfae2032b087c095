"""Every event of the house: its key, who tells it, who hears it, and what it stands for.

To add an event: a class in the file of its noun, a row here, an answer in the teller's `tasks.py`, and a handler in
the hearer's. `tests/test_house.py` names the edit that was forgotten.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.analysis import AnalysesCleaned, AnalysisCompleted, AnalysisExpired, AnalysisFailed
from contracts.backtest import ScoreBacktested
from contracts.market import MarketConfigured
from contracts.message import Event, Failed
from contracts.model import ModelActivated
from contracts.niche import NicheWatched
from contracts.observation import ImportFailed, ObservationsImported
from contracts.panel import BacktestFailed, PanelBuilt
from contracts.report import ReportExported, ReportFailed
from contracts.run import AttemptNoted, JournalTick, RunFailed, RunFinished
from contracts.score import OpportunityFailed, OpportunityScored
from contracts.status import StatusReported
from contracts.trend import TrendFailed, TrendsRefreshed, TrendUpdated

View = Callable[[Any], dict[str, Any]]


def _whole(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude_none=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One event. `told` maps each teller to the fact that the event stands for in its answers.

    The journal hears what is `journaled` and writes what is `stored`. `closed_by` names the events that end a run which
    this one opened; empty: it is a fact by itself, and its run is done when it is written. `view` is what a Celery
    caller gets back. `outside` says that others may publish it, `returned` that reaching nobody is an error.
    """

    model: type[Event]
    told: Mapping[str, str]
    heard_by: tuple[str, ...] = ()
    journaled: bool = True
    stored: bool = True
    closed_by: tuple[type[Event], ...] = ()
    view: View = field(default=_whole)
    outside: bool = False
    returned: bool = True

    @property
    def told_by(self) -> tuple[str, ...]:
        """The services that may publish this event."""
        return tuple(self.told)


_HEAVY = ("trend", "analysis", "scoring", "export")
_SCORED = (OpportunityScored, OpportunityFailed)

EVENTS: dict[str, Row] = {
    "observations.imported": Row(ObservationsImported, {"trend": "import"}, ("analysis",)),
    "import.failed": Row(ImportFailed, {"trend": "import"}),
    "trend.updated": Row(TrendUpdated, {"trend": "trend"}, ("analysis",)),
    "trend.failed": Row(TrendFailed, {"trend": "trend"}),
    "trends.refreshed": Row(
        TrendsRefreshed, {"trend": "refresh"}, view=lambda event: {"success": True, "updated": event.updated}
    ),
    "analysis.completed": Row(
        AnalysisCompleted, {"analysis": "analysis"}, ("scoring",), closed_by=_SCORED, outside=True
    ),
    "analysis.failed": Row(AnalysisFailed, {"analysis": "analysis"}),
    "opportunity.scored": Row(OpportunityScored, {"scoring": "score"}, view=lambda event: _whole(event.score)),
    "opportunity.failed": Row(OpportunityFailed, {"scoring": "score"}),
    "panel.built": Row(PanelBuilt, {"analysis": "panel"}, ("scoring",), closed_by=(ScoreBacktested, BacktestFailed)),
    "score.backtested": Row(ScoreBacktested, {"scoring": "backtest"}),
    "backtest.failed": Row(BacktestFailed, {"analysis": "panel", "scoring": "backtest"}),
    "report.exported": Row(ReportExported, {"export": "report"}, view=lambda event: _whole(event.report.file)),
    "report.failed": Row(ReportFailed, {"export": "report"}),
    "analysis.expired": Row(AnalysisExpired, {"analysis": "expiry"}, ("export",)),
    "analyses.cleaned": Row(
        AnalysesCleaned, {"analysis": "cleanup"}, view=lambda event: {"success": True, "deleted": event.deleted}
    ),
    "niche.watched": Row(NicheWatched, {"gateway": "choice"}, ("analysis",)),
    "model.activated": Row(ModelActivated, {"gateway": "choice"}, ("analysis",)),
    "market.configured": Row(MarketConfigured, {"gateway": "choice"}, ("analysis",)),
    "run.finished": Row(RunFinished, {"journal": "outcome"}, journaled=False, stored=False, returned=False),
    "run.failed": Row(RunFailed, {"journal": "outcome"}, journaled=False, stored=False, returned=False),
    "attempt.noted": Row(AttemptNoted, dict.fromkeys(_HEAVY, "attempt")),
    "journal.tick": Row(JournalTick, {"journal": "tick"}, stored=False),
    "status.reported": Row(
        StatusReported,
        dict.fromkeys((*_HEAVY, "journal"), "status"),
        ("heartbeat", "gateway"),
        journaled=False,
        stored=False,
        returned=False,
    ),
}

_KEYS = {row.model: key for key, row in EVENTS.items()}


def key_of(model: type[Event]) -> str:
    """The routing key of an event class; raises `LookupError` that says where to add it."""
    try:
        return _KEYS[model]
    except KeyError:
        raise LookupError(f"{model.__name__} has no row in contracts/catalog.py: add one") from None


def fact_of(model: type[Event], service: str) -> str:
    """What an event of this class stands for when `service` tells it; raises `LookupError` if it may not."""
    key = key_of(model)
    try:
        return EVENTS[key].told[service]
    except KeyError:
        raise LookupError(f"{service} may not tell {key}: name it in the event's row in contracts/catalog.py") from None


def is_failure(key: str) -> bool:
    """Whether an event of this key says that something did not come about."""
    return issubclass(EVENTS[key].model, Failed)
