"""The analysis of one niche: the one function that puts all findings together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from contracts.analysis import Analysis, AnalysisCompleted, AnalyzeParams
from contracts.findings import Competition, Demand, Quality
from contracts.message import FileRef
from contracts.niche import Niche
from services.analysis.competition import competition, revenue_per_seller
from services.analysis.demand import demand, series, side_by_side
from services.analysis.draws import centred, complete, drawn_terms, resample, sold_by
from services.analysis.entrants import entrants
from services.analysis.flags import Compared, red_flags
from services.analysis.ledger import Ledger, Shelf, ledger, shelf
from services.analysis.opportunities import opportunities
from services.analysis.outlook import outlook
from services.analysis.price import matched_change, price
from services.analysis.quality import quality, tidy
from services.analysis.span import Span
from services.analysis.terms import raw_terms, terms
from services.analysis.text import Findings, text
from services.analysis.weeks import BASE, span_of


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: which niche, as of which day, and what is known of its market.

    `span` are the days that the whole market has data of (absent: those of the niche's own rows), `reference` the
    quantiles of its terms, `inputs` the files that the rows come from.
    """

    analysis_id: str
    run_id: str
    niche: Niche
    currency: str
    as_of: date
    params: AnalyzeParams
    span: Span | None = None
    reference: Mapping[str, tuple[float, ...]] | None = None
    inputs: tuple[str, ...] = ()


def analyze(frame: pl.DataFrame, question: Question) -> Analysis:
    """Analyse one niche from its observations up to the day asked for.

    Rows after that day change nothing but the count of rows that were left out. A niche without rows or sales gets an
    analysis that says so; nothing is raised for what the data lack.
    """
    as_of = question.as_of
    rows, dropped = tidy(frame, as_of)
    span = question.span or span_of(rows, as_of) or Span(as_of, as_of)
    of = ledger(rows, span, as_of)
    weeks = len(of.numbers)
    now = shelf(of, weeks - BASE, weeks)
    before = shelf(of, weeks - 2 * BASE, weeks - BASE)
    once = np.ones((1, len(of.products)))
    point = raw_terms(of.weekly[None], sold_by(once, now))
    counts = resample(len(of.products), question.niche.id)
    drawn = centred(drawn_terms(of, now, counts, question.niche.id), point)
    worth = quality(rows, dropped, span, as_of)
    bought = demand(of, point, drawn)
    who = competition(of, now)
    asked = price(now, counts)
    came = entrants(of, now)
    openings = opportunities(of, now, asked)
    flags = red_flags(bought, who, _compared(of, before, now), question.reference)
    ahead = outlook(of.weekly, of.numbers, question.params.horizon, question.params.tier)
    findings = Findings(
        name=question.niche.name,
        currency=question.currency,
        as_of=as_of,
        quality=worth,
        demand=bought,
        forecast=ahead,
        competition=who,
        entrants=came,
        opportunities=openings,
        red_flags=flags,
    )
    return Analysis(
        id=question.analysis_id,
        run_id=question.run_id,
        niche_id=question.niche.id,
        niche_name=question.niche.name,
        market=question.niche.market,
        currency=question.currency,
        as_of=as_of,
        params=question.params,
        inputs=question.inputs,
        quality=worth,
        snapshots=side_by_side(of, as_of),
        series=series(of),
        demand=bought,
        forecast=ahead,
        competition=who,
        price=asked,
        entrants=came,
        opportunities=openings,
        opportunities_count=len(openings),
        red_flags=flags,
        terms=terms(point),
        draws=complete(drawn, point),
        facts=facts(worth, bought, who, of),
        texts=tuple(text(findings, lang) for lang in question.params.lang),
    )


def completed(analysis: Analysis, model: FileRef | None, reference: FileRef, series_file: FileRef) -> AnalysisCompleted:
    """What scoring hears of an analysis; `series_file` holds all of it."""
    return AnalysisCompleted(
        analysis_id=analysis.id,
        run_id=analysis.run_id,
        niche_id=analysis.niche_id,
        niche_name=analysis.niche_name,
        market=analysis.market,
        currency=analysis.currency,
        as_of=analysis.as_of,
        terms=analysis.terms,
        draws=analysis.draws,
        facts=analysis.facts,
        flags=analysis.red_flags,
        quality_flags=analysis.quality.flags,
        opportunities_count=analysis.opportunities_count,
        model=model,
        reference=reference,
        series=series_file,
    )


def facts(worth: Quality, bought: Demand | None, who: Competition | None, of: Ledger) -> dict[str, float]:
    """The numbers that gates look at; what is not known is left out.

    Counts, shares and money are of the last eight weeks, `active_share` is of all weeks, `hhi` the middle of both
    bounds.
    """
    known: dict[str, float | None] = {
        "weeks": len(of.numbers),
        "observation_days": worth.days,
        "rows": worth.rows,
        "freshness": worth.freshness,
    }
    if len(of.numbers) >= BASE and of.known[-BASE:].any():
        known["revenue_8w"] = float(of.revenue[:, -BASE:].sum())
        known["products"] = who.products if who else 0
        known["products_with_sales"] = who.products_with_sales if who else 0
    if bought:
        known["active_share"] = bought.active_share
        known["units_8w"] = bought.units
        known["spike_share"] = bought.spike_share
    if who:
        known["sellers"] = who.sellers
        known["brands"] = who.brands
        known["cr4"] = who.cr4
        known["newcomer_share"] = who.newcomer_share
        if who.hhi_lo is not None and who.hhi_hi is not None:
            known["hhi"] = (who.hhi_lo + who.hhi_hi) / 2
    return {name: float(value) for name, value in known.items() if value is not None}


def _compared(of: Ledger, before: Shelf, now: Shelf) -> Compared:
    then, today = revenue_per_seller(of, before), revenue_per_seller(of, now)
    per_seller = today / then - 1 if then and today else None
    return Compared(revenue_per_seller=per_seller, price=matched_change(before, now))
