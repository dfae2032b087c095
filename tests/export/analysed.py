"""One made-up niche's analysis in which everything is known; what a test lacks it takes away."""

from datetime import date, timedelta
from math import log, sin

from contracts.analysis import Analysis, AnalyzeParams, Opportunity, Term
from contracts.competition import BrandShare, Competition, Entrants, ReviewBarrier, SellerShare
from contracts.demand import (
    Change,
    ChangePoint,
    Demand,
    MannKendall,
    Season,
    Slope,
    Snapshot,
    Stock,
    WeekPoint,
)
from contracts.economics import Economics
from contracts.forecast import Band, Coverage, Forecast, ForecastPoint
from contracts.price import Price, PriceMode, PriceSegment, RatingGap, Unmet
from contracts.quality import BadRow, Quality
from contracts.text import Text
from services.export.words import Voice
from tests.export.examples import AS_OF, FLAGS

MONDAY = date(2017, 1, 2)
WEEKS = 44
GAP = {
    "lo": 10.0, "hi": 14.0, "offers": 3.0, "offer_share": 0.075, "revenue_share": 0.22,
    "ratio": 2.933, "ratio_lo": 1.1, "ratio_hi": 5.3, "top_share": 0.44,
    "units_ratio": 2.1, "units_ratio_lo": 1.2, "units_ratio_hi": 3.6, "sellers": 3.0,
}  # fmt: skip


def analysis(currency: str = "USD", name: str = "Turkey") -> Analysis:
    """The analysis that the second niche's score stands on."""
    return Analysis(
        id="analysis-1",
        run_id="run",
        niche_id="niche-1",
        niche_name=name,
        market="demo",
        currency=currency,
        as_of=AS_OF,
        params=AnalyzeParams(),
        quality=quality(),
        snapshots=(
            Snapshot(as_of=AS_OF, revenue=2031.25, units=211.0, products=40, sellers=32, price=8.49),
            Snapshot(as_of=AS_OF - timedelta(days=90), revenue=728.4, units=98.0, products=31, price=7.99),
        ),
        series=series(),
        demand=demand(),
        forecast=forecast(),
        competition=competition(),
        price=price(),
        unmet=Unmet(
            rating=RatingGap(mean=4.42, limit=4.5, below=7, below_share=0.314, listings=29, prior_reviews=12.0),
            out_of_stock=0.081,
            lost_revenue=31.6,
        ),
        economics=economics(),
        entrants=Entrants(weeks=26, n=11, ok=4, share=4 / 11, lo=0.152, hi=0.646),
        opportunities=(Opportunity(kind="price_gap", where="10.00-14.00", size=55.86, evidence=GAP),),
        opportunities_count=1,
        red_flags=FLAGS[:2],
        terms=(Term(name="level", raw=log(253.9), unit="log money"),),
        texts=tuple(text(Voice(lang, currency), name) for lang in ("en", "ru")),
    )


def quality() -> Quality:
    """Short, with prices far off and a row without a seller among what was left out."""
    return Quality(
        days=44, weeks=WEEKS, rows=1310, products=40, sellers=32, sources=("completejourney",), first_day=MONDAY,
        last_day=date(2017, 10, 30), freshness=0, missing=1, dropped={"negative": 9, "price_outlier": 3},
        examples=(
            BadRow(why="negative", product="p-17", seller="1769", day=date(2017, 3, 6), value=-2.0),
            BadRow(why="price_outlier", product="p-04", day=date(2017, 7, 10), value=849.0, limit=8.49),
        ),
        flags=("short_history", "price_outliers"),
    )  # fmt: skip


def series() -> tuple[WeekPoint, ...]:
    """Quiet weeks, then two that shoot up."""
    weekly = [150.0 + 60 * sin(week * 1.7) + (0 if week < 42 else 300.25 * (week - 41)) for week in range(WEEKS)]
    return tuple(
        WeekPoint(week=MONDAY + timedelta(weeks=week), revenue=value, units=value // 9)
        for week, value in enumerate(weekly)
    )


def demand() -> Demand:
    """Growth that a spike explains, with a change of level, a season and products off the shelf."""
    return Demand(
        revenue=2031.25, units=211.0, level=253.90625, growth=Change(value=0.428, lo=0.11, hi=0.63, base=253.9),
        change=Change(value=1.79, lo=1.2, hi=2.44, base=91.05),
        mann_kendall=MannKendall(tau=0.06, p=0.553, plain_p=0.417, inflation=1.86),
        slope=Slope(value=0.31, lo=-0.94, hi=1.62), spike_share=0.634, active_share=0.9773,
        season=Season(
            strength=0.71, peak=47, trough=8, peak_ratio=1.84,
            months=(0.72, 0.66, 0.81, 0.9, 0.95, 0.98, 0.97, 1.0, 1.02, 1.11, 1.52, 1.36),
        ),
        changes=(ChangePoint(week=date(2017, 10, 23), before=148.2, after=603.4),),
        stock=Stock(out_share=0.081, inferred=True, products_out=3, returned=1, lost_revenue=31.6, change=1.41),
    )  # fmt: skip


def forecast() -> Forecast:
    """Eight weeks ahead, with three bands that widen."""
    ahead = []
    for week in range(8):
        middle = 420.5 - 11 * week
        widths = ((50, 60 + 9 * week), (80, 130 + 20 * week), (95, 260 + 32 * week))
        bands = tuple(Band(level=level, lo=max(0.0, middle - wide), hi=middle + wide) for level, wide in widths)
        ahead.append(ForecastPoint(day=MONDAY + timedelta(weeks=WEEKS + week), p50=middle, bands=bands))
    coverage = tuple(
        Coverage(level=level, measured=held, n=248) for level, held in ((50, 0.48), (80, 0.78), (95, 0.93))
    )
    return Forecast(
        tier="fast", horizon=8, members=("theta", "ses", "holt", "damped_trend"), points=tuple(ahead),
        coverage=coverage, mase=0.91, smape=34.72, folds=31,
    )  # fmt: skip


def competition() -> Competition:
    """Many sellers, a strong brand, and few reviews to climb."""
    return Competition(
        products=40, products_with_sales=33, share_with_sales=0.825, sellers=32, sellers_listed=35, brands=12,
        hhi_lo=0.1, hhi_hi=0.12, effective_sellers=9.7, cr4=0.57, cr10=0.81, gini=0.58, gini_all=0.62,
        unknown_share=0.0, revenue_per_seller=63.48,
        brand=BrandShare(brand="Nordvik", share=0.34, top3=0.61, navigational=False),
        review_barrier=ReviewBarrier(median=184.0, p75=410.5, listings=10, pace=5.5, weeks=33.45),
        top=tuple(
            SellerShare(seller=seller, share=share, products=products)
            for seller, share, products in (("1769", 0.22, 4), ("-3632", 0.14, 3), ("@x", 0.07, 1))
        ),
    )  # fmt: skip


def price() -> Price:
    """Three segments, of which the dearest earns most for its offers."""
    return Price(
        quantiles={"p5": 2.19, "p25": 4.49, "p50": 8.49, "p75": 11.99, "p95": 27.5},
        variation=0.57,
        modes=(PriceMode(price=4.29, share=0.6), PriceMode(price=11.9, share=0.4)),
        segments=(
            PriceSegment(lo=1.0, hi=4.0, offers=22, offer_share=0.55, revenue=629.7, revenue_share=0.31, ratio=0.564),
            PriceSegment(lo=4.0, hi=10.0, offers=11, offer_share=0.275, revenue=731.2, revenue_share=0.36, ratio=1.309,
                         ratio_lo=0.8, ratio_hi=2.04),
            PriceSegment(lo=10.0, hi=14.0, offers=3, offer_share=0.075, revenue=446.9, revenue_share=0.22, ratio=2.933,
                         ratio_lo=1.1, ratio_hi=5.3),
        ),
    )  # fmt: skip


def economics() -> Economics:
    """A tariff and a cost that are all known: price less its parts is the margin."""
    return Economics(
        price=8.49, since=date(2017, 7, 1), commission=1.2735, logistics=0.9, storage=0.12, returns=0.05, tax=0.5094,
        ads=0.849, cost=3.2, margin=1.5881, margin_share=0.18706, roi=0.49628, break_even_price=6.23,
        break_even_cost=4.7881, first_batch=48, first_batch_capital=153.6, order_by=date(2017, 10, 6),
    )  # fmt: skip


def text(voice: Voice, name: str) -> Text:
    """The sentences in one language."""
    return Text(
        lang=voice.lang,
        conclusion=f"{name}: {voice.figure(2031.25, 'money')}, {voice.figure(1.79, 'change')}.",
        evidence=(f"HHI {voice.figure(0.1, 'number', 2)}.", f"{voice.many(WEEKS, 'week')}."),
        risks=(voice.flag(FLAGS[0]),),
        next_step=f"{voice.interval(10.0, 14.0, 'price')}?",
    )
