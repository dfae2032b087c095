"""The analysis of niches: the functions that put all findings together, of one niche or of many at once."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from contracts.analysis import Analysis, AnalysisCompleted, AnalyzeParams
from contracts.competition import Competition
from contracts.demand import Demand, Snapshot, Stock
from contracts.forecast import Forecast
from contracts.market import MarketSettings
from contracts.message import FileRef
from contracts.niche import Niche
from contracts.quality import Quality
from services.analysis.competition import competition
from services.analysis.demand import demand, series, side_by_side
from services.analysis.draws import centred, complete, drawn_terms, resample
from services.analysis.economics import economics
from services.analysis.entrants import entrants
from services.analysis.flags import compared, red_flags
from services.analysis.ledger import Ledger, Shelf, ledgers, shelves
from services.analysis.opportunities import opportunities
from services.analysis.outlook import outlooks
from services.analysis.points import Point, points
from services.analysis.price import price
from services.analysis.quality import qualities, tidy
from services.analysis.span import Span
from services.analysis.stock import stocks
from services.analysis.terms import terms
from services.analysis.text import Findings, text
from services.analysis.trends import Trends, trends
from services.analysis.unmet import unmet
from services.analysis.weeks import BASE, Floats, span_of

Deep = Callable[[Floats, range, int], Forecast]
"""The deep tier: a niche's weekly revenue [weeks], the numbers of these weeks and the horizon become a forecast."""


@dataclass(frozen=True, slots=True)
class Background:
    """What is known of a market as of a day, the same for all of its niches.

    `span` are the days that the whole market has data of (absent: those of the rows given), `reference` the quantiles
    of its terms, `settings` what a person says of it, `inputs` the files that the rows come from, `asked_on` the day
    on which the question is asked: a row dated later cannot be true.
    """

    currency: str
    as_of: date
    span: Span | None = None
    reference: Mapping[str, tuple[float, ...]] | None = None
    settings: MarketSettings = field(default_factory=MarketSettings)
    inputs: tuple[str, ...] = ()
    asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Which niche is asked for, and how; `deep` forecasts it where the deep tier is asked for."""

    analysis_id: str
    run_id: str
    niche: Niche
    params: AnalyzeParams
    deep: Deep | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a niche together with the others: `now` is the last eight weeks, `before` the eight before."""

    quality: Quality
    ledger: Ledger
    now: Shelf
    before: Shelf
    point: Point
    trends: Trends
    stock: Stock | None
    snapshots: tuple[Snapshot, ...]
    forecast: Forecast


def analyze(frame: pl.DataFrame, background: Background, question: Question) -> Analysis:
    """Analyse one niche from its observations up to the day asked for.

    Rows after that day change nothing but the count of rows that were left out. A niche without rows or sales gets an
    analysis that says so; nothing is raised for what the data lack.
    """
    (only,) = analyze_many(frame, background, (question,))
    return only


def analyze_many(frame: pl.DataFrame, background: Background, questions: Sequence[Question]) -> Iterator[Analysis]:
    """Analyse niches of one market, all in one pass over their observations; each as if it were asked for alone."""
    as_of = background.as_of
    niches = [question.niche.id for question in questions]
    tidied = tidy(frame, as_of, background.asked_on, background.settings.pseudo_sellers)
    span = background.span or span_of(tidied.rows, as_of) or Span(as_of, as_of)
    books = ledgers(tidied.rows, niches, span, as_of)
    numbers = books[0].numbers if books else range(0)
    last = len(numbers)
    now = shelves(books, last - BASE, last)
    before = shelves(books, last - 2 * BASE, last - BASE)
    weekly = np.array([of.weekly for of in books]).reshape(len(books), last)
    columns = (
        qualities(tidied, niches, span, as_of),
        books,
        now,
        before,
        points(weekly, books, now),
        trends(weekly, numbers),
        stocks(books),
        side_by_side(books, as_of),
        _forecasts(weekly, numbers, questions),
    )
    for question, *found in zip(questions, *columns, strict=True):
        yield _analysis(background, question, Found(*found))


def _forecasts(weekly: Floats, numbers: range, questions: Sequence[Question]) -> list[Forecast]:
    """The forecast of each question's niche: those of one horizon together, the deep ones each by itself."""
    found: dict[int, Forecast] = {}
    together = defaultdict(list)
    for place, question in enumerate(questions):
        if question.deep is None:
            together[question.params.horizon].append(place)
        else:
            found[place] = question.deep(weekly[place], numbers, question.params.horizon)
    for horizon, places in together.items():
        found.update(zip(places, outlooks(weekly[places], numbers, horizon), strict=True))
    return [found[place] for place in range(len(questions))]


def _analysis(background: Background, question: Question, found: Found) -> Analysis:
    niche, as_of, of, now, point = question.niche, background.as_of, found.ledger, found.now, found.point.terms
    counts = resample(len(of.products), niche.id)
    drawn = centred(drawn_terms(of, now, counts, found.point, niche.id), point)
    bought = demand(of, point, drawn, found.trends, found.stock, found.forecast)
    who = competition(of, now, niche)
    asked = price(now, counts)
    came = entrants(of, now)
    lacking = unmet(of, now, found.stock)
    season = found.trends.season
    kept = economics(of, now, asked, season, background.settings, question.params.own, niche.path, as_of)
    openings = opportunities(of, now, asked, lacking, bought, as_of)
    flags = red_flags(bought, who, compared(of, found.before, now), background.reference)
    told = Findings(
        name=niche.name,
        currency=background.currency,
        as_of=as_of,
        quality=found.quality,
        demand=bought,
        forecast=found.forecast,
        competition=who,
        entrants=came,
        unmet=lacking,
        economics=kept,
        opportunities=openings,
        red_flags=flags,
    )
    return Analysis(
        id=question.analysis_id,
        run_id=question.run_id,
        niche_id=niche.id,
        niche_name=niche.name,
        market=niche.market,
        currency=background.currency,
        as_of=as_of,
        params=question.params,
        inputs=background.inputs,
        quality=found.quality,
        snapshots=found.snapshots,
        series=series(of),
        demand=bought,
        forecast=found.forecast,
        competition=who,
        price=asked,
        unmet=lacking,
        economics=kept,
        entrants=came,
        opportunities=openings,
        opportunities_count=len(openings),
        red_flags=flags,
        terms=terms(point),
        draws=complete(drawn, point),
        facts=facts(found.quality, bought, who, of),
        texts=tuple(text(told, lang) for lang in question.params.lang),
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
