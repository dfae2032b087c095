"""One niche as a report: the answer first, then everything that it stands on."""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.analysis import Analysis
from contracts.report import ReportRequest
from services.export import (
    demand_side,
    economics_side,
    findings_side,
    forecast_side,
    market_side,
    price_side,
    quality_side,
    score_side,
    season_side,
    unmet_side,
)
from services.export.facts import COLUMNS as FACTS
from services.export.facts import Fact, bounded, fact_rows, known
from services.export.leaderboard import SCORES, Entry, opportunity, ranked
from services.export.tables import Document, Section
from services.export.words import Voice


def niche(
    request: ReportRequest, rows: Iterable[Mapping[str, Any]], analysis: Analysis, market_name: str | None = None
) -> Document:
    """The report on one niche. `rows` is its market's leaderboard, from which it has its score and rank.

    A niche that has no row yet, or a row of another analysis, is told without a score: an old score beside new
    numbers would say what nobody computed.
    """
    voice = Voice(request.lang, analysis.currency)
    entries = ranked(row for row in rows if row.get("market") == request.market)
    own = next((entry for entry in entries if entry.score.analysis_id == analysis.id), None)
    score = own.score if own else None
    said = next((text.conclusion for text in analysis.texts if text.lang == request.lang), None)
    sections = (
        _summary(own, sum(entry.rank is not None for entry in entries), analysis, voice),
        score_side.verdict(score, voice),
        findings_side.text(analysis, voice),
        score_side.points(score, voice),
        score_side.unweighed(score, voice),
        score_side.gates(score, voice),
        findings_side.openings(analysis, voice),
        findings_side.red_flags(analysis, voice),
        demand_side.demand(analysis, voice),
        demand_side.tests(analysis, voice),
        demand_side.changes(analysis, voice),
        forecast_side.errors(analysis, voice),
        forecast_side.coverage(analysis, voice),
        demand_side.snapshots(analysis, voice),
        season_side.season(analysis, voice),
        season_side.months(analysis, voice),
        market_side.competition(analysis, voice),
        market_side.top_sellers(analysis, voice),
        market_side.brand(analysis, voice),
        market_side.barrier(analysis, voice),
        price_side.prices(analysis, voice),
        price_side.modes(analysis, voice),
        price_side.segments(analysis, voice),
        unmet_side.stock(analysis, voice),
        unmet_side.rating(analysis, voice),
        economics_side.waterfall(analysis, voice),
        economics_side.batch(analysis, voice),
        quality_side.quality(analysis, voice),
        score_side.evidence(score, voice),
        quality_side.dropped(analysis, voice),
        quality_side.examples(analysis, voice),
    )
    ids = {"run": analysis.run_id, "analysis": analysis.id} | ({"model": score.model} if score else {})
    return Document(
        kind="niche",
        lang=request.lang,
        market=analysis.market,
        market_name=market_name or analysis.market,
        currency=analysis.currency,
        as_of=analysis.as_of,
        stamp=voice.say("as_of", day=voice.day(analysis.as_of)),
        title=analysis.niche_name,
        lead=(said,) if said else (),
        sections=sections,
        about=tuple(voice.say(phrase) for phrase in ("past_alone", "scores", "odds", "absent")),
        niche_ids=(analysis.niche_id,),
        ids=ids,
    )


def _summary(own: Entry | None, scored: int, analysis: Analysis, voice: Voice) -> Section:
    """The figures that a reader wants first."""
    score = own.score if own else None
    given = score if score is not None and opportunity(score) is not None else None
    return Section(
        key="summary",
        columns=FACTS,
        rows=fact_rows(
            Fact("rank", own.rank if own else None, "count"),
            Fact("ranked", scored, "count"),
            *(bounded(name, given and getattr(given, name), "points", field="score") for name in SCORES),
            Fact("revenue_8w", known(analysis.demand, "revenue"), "money"),
            Fact("sellers", known(analysis.competition, "sellers"), "count"),
        ),
        title=voice.word("sheet", "summary"),
        sheet="summary",
        wide=True,
    )
