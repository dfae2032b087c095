"""A small market of made-up niches, as the journal keeps its rows, and one niche's analysis."""

from datetime import date, timedelta
from math import log, sin
from typing import Any

from contracts.analysis import Analysis, AnalyzeParams, Opportunity, RedFlag, Term
from contracts.findings import (
    Band,
    Change,
    Competition,
    Coverage,
    Demand,
    Entrants,
    Forecast,
    ForecastPoint,
    MannKendall,
    Price,
    PriceSegment,
    Quality,
    SellerShare,
    Slope,
    Snapshot,
    Text,
    WeekPoint,
)
from contracts.score import Estimate, Evidence, Gate, OpportunityScored, Points, Score, Verdict
from services.export.words import Voice

AS_OF = date(2017, 11, 5)
NAMES = (
    "Berries", "Turkey", "Infant formula", "Smoked meats", "Tomatoes", "Citrus", "Seasonal", "Floral, fresh cut",
    "Nuts", "Onions", "Seafood, fresh", "Sugars, sweeteners", "Чай листовой", "Cheese", "Yoghurt", "Frozen pizza",
    "Candles", "Eggs", "Ice cream", "Cat food", "Soap", "Tea", "Rice", "Bread", "Apples",
)  # fmt: skip
FLAGS = (
    RedFlag(code="spike", value=0.634, limit=0.5),
    RedFlag(code="few_sellers_hold_most", value=0.931, limit=0.9),
    RedFlag(code="falling_turnover", value=-0.27, limit=-0.2),
    RedFlag(code="small_turnover", value=38.4, limit=51.27),
)


def document(event: OpportunityScored) -> dict[str, Any]:
    """A row of the collection `leaderboard` as the journal derives it."""
    score = event.score
    row = {
        "_id": score.niche_id,
        "market": score.market,
        "name": score.niche_name,
        "as_of": score.as_of.isoformat(),
        "seq": 7,
        "event_id": "e",
        "analysis_id": score.analysis_id,
        "verdict": score.verdict,
        "opportunity": score.opportunity.score if score.opportunity else None,
        "growth": score.growth.score if score.growth else None,
        "entry": score.entry.score if score.entry else None,
    }
    return row | event.model_dump(mode="json", exclude_none=True)


def estimate(score: float, below: float, above: float) -> Estimate:
    """A score with its interval."""
    return Estimate(score=score, lo=max(0.0, score - below), hi=min(100.0, score + above))


def evidence(weeks: float) -> tuple[Evidence, ...]:
    """What a score stands on."""
    return (
        Evidence(fact="weeks", value=weeks, least=16.0, enough=weeks >= 16),
        Evidence(fact="active_share", value=0.977, least=0.6, enough=True),
    )


def event(number: int, name: str, verdict: Verdict | None = None, currency: str = "USD") -> OpportunityScored:
    """The score of the number-th niche; numbers count down from a high opportunity to a low one."""
    growth, entry = 97.3 - 2.9 * number - 9 * sin(number), 93.8 - 3.1 * number + 7 * sin(2 * number)
    whole = (growth + entry) / 2
    gated = number % 9 == 8
    cap = 40.0
    opportunity = min(whole, cap) if gated else whole
    gates = (
        Gate(name="sellers", value=3.0 + number, limit=3.0, cap=cap, passed=True),
        Gate(
            name="hhi",
            at_least=False,
            value=0.81 if gated else 0.1 + number / 60,
            limit=0.6,
            cap=cap,
            passed=not gated,
            points=opportunity - whole,
        ),
        Gate(name="newcomer_share", limit=0.5, at_least=False, cap=cap),
    )
    return OpportunityScored(
        score=Score(
            id=f"score-{number}",
            analysis_id=f"analysis-{number}",
            niche_id=f"niche-{number}",
            niche_name=name,
            market="demo",
            run_id="run",
            as_of=AS_OF,
            model="3f2a91",
            growth=estimate(growth, 3 + number % 5, 2.5),
            entry=estimate(entry, 1.5, 2 + number % 3),
            opportunity=estimate(opportunity, 2 + number % 4, 1.75),
            verdict=verdict or ("enter" if opportunity > 80 else "watch" if opportunity > 45 else "avoid"),
            confidence=("high", "medium", "low")[number % 3],
            terms=(
                Points(
                    name="forecast_growth", group="growth", raw=log(1.431), unit="log ratio", normalised=0.93,
                    weight=0.2, points=growth * 0.25 - 12.5,
                ),
                Points(
                    name="momentum_4w", group="growth", raw=log(1.46), unit="log ratio", normalised=0.88,
                    weight=0.2, points=growth * 0.2 - 10,
                ),
                Points(name="level", group="growth", raw=log(253.9), unit="log money", normalised=0.31, weight=-0.1,
                       points=growth * 0.05 - 2.5),
                Points(name="revenue_per_listing", group="entry", raw=log(50.77), unit="log money", normalised=0.9,
                       weight=0.5, points=entry / 2 - 25),
                Points(name="momentum_8w", group="growth", raw=log(2.79), unit="log ratio", normalised=0.98, weight=0.0,
                       points=0.0),
                Points(name="concentration", group="entry", unit="hhi", weight=0.0, points=0.0),
            ),
            gates=gates,
            base=50.0,
            evidence=evidence(44.0),
            doubts=(("short_history", "wide_interval")[: number % 3]),
        ),
        currency=currency,
        revenue_8w=5220.55 / (number + 1),
        sellers=float(3 + number),
        hhi=0.1 + number / 60,
        flags=FLAGS[: number % 3],
        opportunities_count=number % 2,
    )  # fmt: skip


def insufficient(number: int, name: str) -> OpportunityScored:
    """A niche of which too little is known; a score that was computed all the same must not be shown."""
    scored = event(number, name, "insufficient")
    return scored.model_copy(
        update={
            "score": scored.score.model_copy(
                update={"reasons": ("weeks", "growth_terms"), "evidence": evidence(7.0), "opportunity": None}
            ),
            "sellers": None,
            "hhi": None,
        }
    )


def rows(currency: str = "USD") -> list[dict[str, Any]]:
    """A market of 27 niches, two of them without a score, in no order."""
    events = [event(number, name, currency=currency) for number, name in enumerate(NAMES)]
    events += [insufficient(60, "Roses"), insufficient(61, "=HYPERLINK(1)")]
    return [document(each) for each in (*events[10:], *events[:10])]


def analysis(currency: str = "USD", name: str = "Turkey") -> Analysis:
    """The analysis that the second niche's score stands on."""
    monday = date(2017, 1, 2)
    weekly = [150.0 + 60 * sin(week * 1.7) + (0 if week < 42 else 300.25 * (week - 41)) for week in range(44)]
    ahead = []
    for week in range(8):
        middle = 420.5 - 11 * week
        widths = ((50, 60 + 9 * week), (80, 130 + 20 * week), (95, 260 + 32 * week))
        bands = tuple(Band(level=level, lo=max(0.0, middle - wide), hi=middle + wide) for level, wide in widths)
        ahead.append(ForecastPoint(day=monday + timedelta(weeks=44 + week), p50=middle, bands=bands))
    voices = [Voice("en", currency), Voice("ru", currency)]
    return Analysis(
        id="analysis-1",
        run_id="run",
        niche_id="niche-1",
        niche_name=name,
        market="demo",
        currency=currency,
        as_of=AS_OF,
        params=AnalyzeParams(),
        quality=Quality(
            days=44, weeks=44, rows=1310, products=40, sources=("completejourney",), first_day=monday,
            last_day=date(2017, 10, 30), freshness=0, dropped={"negative": 9, "price_outlier": 3},
            flags=("short_history", "price_outliers"),
        ),
        snapshots=(
            Snapshot(as_of=AS_OF, revenue=2031.25, units=211.0, products=40, sellers=32, price=8.49),
            Snapshot(as_of=AS_OF - timedelta(days=90), revenue=728.4, units=98.0, products=31, price=7.99),
        ),
        series=tuple(
            WeekPoint(week=monday + timedelta(weeks=week), revenue=value, units=value // 9)
            for week, value in enumerate(weekly)
        ),
        demand=Demand(
            revenue=2031.25, units=211.0, level=253.90625, growth=Change(value=0.428, lo=0.11, hi=0.63, base=253.9),
            change=Change(value=1.79, lo=1.2, hi=2.44, base=91.05), mann_kendall=MannKendall(tau=0.06, p=0.553),
            slope=Slope(value=0.31, lo=-0.94, hi=1.62), spike_share=0.634, active_share=0.9773,
        ),
        forecast=Forecast(
            tier="fast", horizon=8, points=tuple(ahead), mase=0.91, folds=31,
            coverage=tuple(
                Coverage(level=level, measured=held, n=248) for level, held in ((50, 0.48), (80, 0.78), (95, 0.93))
            ),
        ),
        competition=Competition(
            products=40, products_with_sales=33, share_with_sales=0.825, sellers=32, brands=12, hhi_lo=0.1, hhi_hi=0.12,
            effective_sellers=9.7, cr4=0.57, unknown_share=0.0, revenue_per_seller=63.48,
            top=tuple(
                SellerShare(seller=seller, share=share, products=products)
                for seller, share, products in (("1769", 0.22, 4), ("-3632", 0.14, 3), ("@x", 0.07, 1))
            ),
        ),
        price=Price(
            quantiles={"p5": 2.19, "p25": 4.49, "p50": 8.49, "p75": 11.99, "p95": 27.5},
            segments=(
                PriceSegment(lo=1.0, hi=4.0, offers=22, offer_share=0.55, revenue=629.7, revenue_share=0.31,
                             ratio=0.564),
                PriceSegment(lo=4.0, hi=10.0, offers=11, offer_share=0.275, revenue=731.2, revenue_share=0.36,
                             ratio=1.309, ratio_lo=0.8, ratio_hi=2.04),
                PriceSegment(lo=10.0, hi=14.0, offers=3, offer_share=0.075, revenue=446.9, revenue_share=0.22,
                             ratio=2.933, ratio_lo=1.1, ratio_hi=5.3),
            ),
        ),
        entrants=Entrants(weeks=26, n=11, ok=4, share=4 / 11, lo=0.152, hi=0.646),
        opportunities=(
            Opportunity(
                kind="price_gap", where="10.00-14.00", size=55.86,
                evidence={"lo": 10.0, "hi": 14.0, "offers": 3.0, "offer_share": 0.075, "revenue_share": 0.22,
                          "ratio": 2.933, "ratio_lo": 1.1, "ratio_hi": 5.3},
            ),
        ),
        opportunities_count=1,
        red_flags=FLAGS[:2],
        terms=(Term(name="level", raw=log(253.9), unit="log money"),),
        texts=tuple(
            Text(
                lang=voice.lang,
                conclusion=f"{name}: {voice.figure(2031.25, 'money')}, {voice.figure(1.79, 'change')}.",
                evidence=(f"HHI {voice.figure(0.1, 'number', 2)}.", f"{voice.many(44, 'week')}."),
                risks=(voice.flag(FLAGS[0]),),
                next_step=f"{voice.interval(10.0, 14.0, 'price')}?",
            )
            for voice in voices
        ),
    )  # fmt: skip
