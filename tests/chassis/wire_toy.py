"""Workers whose handlers do what a test asks by the name of a niche: fail, hang, die, or say how Celery called."""

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any

from celery import signals

from contracts.analysis import AnalysisCompleted, AnalysisFailed, AnalyzeParams
from contracts.panel import BacktestFailed, PanelBuilt
from contracts.score import OpportunityFailed, OpportunityScored
from contracts.trend import TrendsRefreshed
from services.chassis.celery_app import make_app
from services.chassis.errors import DependencyDown
from services.chassis.service import Service
from services.chassis.settings import Settings
from tests.examples import analysis_completed
from tests.house.toy import toy_score

analysis, scoring, trend = Service("analysis"), Service("scoring"), Service("trend")


def note(job: Any, what: str) -> None:
    """Leave a line that the test reads."""
    with (Path(job.settings.home) / "notes").open("a") as notes:
        notes.write(f"{what} {os.getpid()} {time.time()}\n")


@analysis.command("scout.tasks.analyze_niche")
async def analyze_niche(niche_id: str, params: AnalyzeParams, *, job: Any) -> AnalysisCompleted | AnalysisFailed:
    """Do what the niche is named after."""
    del params
    note(job, niche_id)
    match niche_id:
        case "unknown":
            return AnalysisFailed(niche_id=niche_id, market="shop", reason="no such niche")
        case "broken":
            raise ValueError("boom")
        case "cancelled":
            raise asyncio.CancelledError
        case "exits":
            sys.exit(3)
        case "dies":
            os.abort()
        case "down" if job.cause.attempt == 1 and not (Path(job.settings.home) / "up").exists():
            raise DependencyDown("the source is away")
        case "slow":
            await asyncio.sleep(3)
    return analysis_completed(niche_id=niche_id)


@scoring.on(AnalysisCompleted, task="scout.tasks.calculate_opportunity_score")
def calculate_opportunity_score(event: AnalysisCompleted, *, job: Any) -> OpportunityScored | OpportunityFailed:
    """Do what the niche is named after."""
    note(job, event.niche_id)
    match event.niche_id:
        case "broken":
            raise ValueError("boom")
        case "dies" if job.cause.losses < 2:
            os.abort()
        case "hangs" if job.cause.losses == 0:
            time.sleep(60)
    return OpportunityScored(score=toy_score(event), currency=event.currency)


@scoring.command("scout.tasks.office_heartbeat")
def office_heartbeat(*, job: Any) -> None:
    """Say which slot it is."""
    note(job, str(job.cause.slot.timestamp()))


@scoring.on(PanelBuilt)
async def judge(event: PanelBuilt, *, job: Any) -> BacktestFailed:
    """Take its time."""
    note(job, "judge")
    await asyncio.sleep(2)
    return BacktestFailed(market=event.market, reason="judged")


@trend.command("scout.tasks.update_trend_data")
async def update_trend_data(*, job: Any) -> TrendsRefreshed:
    """Never end."""
    note(job, "hangs")
    await asyncio.sleep(60)
    raise AssertionError


object.__setattr__(trend.handlers[0], "limit", 1)  # a command's limit is minutes, which no test waits for

app = make_app({"trend": trend, "analysis": analysis, "scoring": scoring}[os.environ["SCOUT_SERVICE"]], Settings())


@signals.task_retry.connect
@signals.task_failure.connect
def hear(sender: Any = None, **_: Any) -> None:
    """Note that Celery's own hooks fire."""
    with (Settings().home / "signals").open("a") as heard:
        heard.write(f"{sender.name}\n")
