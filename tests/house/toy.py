"""Services whose heavy handlers answer differently on every run, so that only the written answer can be right."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from contracts.analysis import AnalysisCompleted, AnalysisFailed, AnalyzeParams
from contracts.message import scout_id
from contracts.score import Estimate, OpportunityFailed, OpportunityScored, Score
from contracts.trend import TrendFailed, TrendsRefreshed, TrendUpdated
from services.chassis.service import Answer, Service
from tests.examples import analysis_completed


def toy_services() -> tuple[dict[str, Service], list[str]]:
    """The services, and the list of what their heavy handlers computed, a nonce each."""
    trend, analysis, scoring, export = (Service(name) for name in ("trend", "analysis", "scoring", "export"))
    computed: list[str] = []

    @trend.command("scout.tasks.update_trend_data")
    async def update_trend_data() -> AsyncIterator[Answer | TrendUpdated | TrendFailed | TrendsRefreshed]:
        for niche in ("a", "b"):
            computed.append(nonce := str(uuid.uuid4()))
            yield Answer(TrendUpdated(niche_id=niche, market="shop", source="sales", unit=nonce, points=1), niche)
        yield TrendsRefreshed(updated=2, failed=0, left=0, last_update=datetime.now(UTC))

    @analysis.command("scout.tasks.analyze_niche")
    async def analyze_niche(niche_id: str, params: AnalyzeParams, *, job: Any) -> AnalysisCompleted | AnalysisFailed:
        del params
        if niche_id == "unknown":
            return AnalysisFailed(niche_id=niche_id, market="shop", reason="no such niche")
        if niche_id == "broken":
            raise ValueError("boom")
        computed.append(nonce := str(uuid.uuid4()))
        return analysis_completed(
            analysis_id=scout_id(job.run_id, "analysis"), niche_id=niche_id, niche_name=nonce, run_id=job.run_id
        )

    @scoring.on(AnalysisCompleted, task="scout.tasks.calculate_opportunity_score")
    def calculate_opportunity_score(event: AnalysisCompleted) -> OpportunityScored | OpportunityFailed:
        return OpportunityScored(score=toy_score(event), currency=event.currency)

    return {"trend": trend, "analysis": analysis, "scoring": scoring, "export": export}, computed


def toy_score(event: AnalysisCompleted) -> Score:
    """A score that carries the nonce of its analysis as the name of its niche."""
    return Score(
        id=scout_id(event.analysis_id, "toy"),
        analysis_id=event.analysis_id,
        niche_id=event.niche_id,
        niche_name=event.niche_name,
        market=event.market,
        run_id=event.run_id,
        as_of=event.as_of,
        model="toy",
        opportunity=Estimate(score=50, lo=40, hi=60),
        verdict="watch",
        confidence="high",
    )
