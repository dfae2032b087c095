"""Findings that tests tell: a niche of which all is known, and what changes in it."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from string import Formatter
from typing import Any

from contracts.analysis import Opportunity, RedFlag
from contracts.competition import BrandShare, Competition, Entrants, ReviewBarrier
from contracts.demand import Change, Demand, MannKendall, Season, Stock
from contracts.economics import Economics
from contracts.forecast import Coverage, Forecast
from contracts.message import Shape
from contracts.price import RatingGap, Unmet
from contracts.quality import Quality
from contracts.text import Lang, Text
from services.analysis.phrases import PHRASES
from services.analysis.text import Findings, text
from services.analysis.words import MINUS, SPACE, THIN, money, number, percent

KNOWN: dict[str, Any] = {
    "name": "Tea",
    "currency": "USD",
    "as_of": date(2017, 11, 5),
    "quality": Quality(days=130, weeks=130, rows=5311, products=61, sellers=17, freshness=3),
    "demand": Demand(
        revenue=16123.4,
        level=2015.4,
        growth=Change(value=0.0731, lo=-0.052, hi=0.214, base=2015.4),
        change=Change(value=-0.1234, lo=-0.31, hi=0.07, base=2299.1),
        mann_kendall=MannKendall(tau=0.31, p=0.0173, plain_p=0.0004, inflation=2.3),
        season=Season(strength=0.83, peak=51, trough=9, peak_ratio=1.87, months=(1.0,) * 12),
        active_share=0.97,
        stock=Stock(out_share=0.067, inferred=True, products_out=7, returned=2, lost_revenue=187.6, change=0.043),
    ),
    "forecast": Forecast(
        tier="fast", horizon=8, smape=14.62, mase=0.91, coverage=(Coverage(level=80, measured=0.786, n=431),)
    ),
    "competition": Competition(
        products=61,
        products_with_sales=52,
        share_with_sales=0.852,
        sellers=17,
        hhi_lo=0.118,
        hhi_hi=0.132,
        effective_sellers=8.03,
        cr4=0.553,
        revenue_per_seller=948.4,
        brand=BrandShare(brand="Acme", share=0.29, top3=0.59),
        review_barrier=ReviewBarrier(median=1374.0, p75=2200.5, listings=10, pace=12.6, weeks=109.05),
    ),
    "entrants": Entrants(weeks=26, n=11, ok=4, share=4 / 11, lo=0.152, hi=0.646),
    "opportunities": (),
    "red_flags": (),
    "unmet": Unmet(
        rating=RatingGap(mean=4.41, limit=4.5, below=23, below_share=0.437, listings=49, prior_reviews=25.0),
        out_of_stock=0.067,
        lost_revenue=187.6,
    ),
    "economics": Economics(
        price=990.0,
        margin=216.3,
        margin_share=0.2185,
        roi=0.71,
        cost=305.0,
        break_even_cost=521.3,
        first_batch=640,
        first_batch_capital=195200.0,
        order_by=date(2017, 12, 3),
    ),
}

GAP = Opportunity(
    kind="price_gap",
    where="7.49-9.99",
    size=644.8,
    evidence={"lo": 7.49, "hi": 9.99, "offer_share": 0.148, "revenue_share": 0.322, "ratio": 2.176, "ratio_lo": 1.33},
)
RATING = Opportunity(
    kind="rating_gap",
    where="4.5",
    size=880.7,
    evidence={"limit": 4.5, "mean": 4.41, "below": 23.0, "below_share": 0.437, "listings": 49.0},
)
STOCK = Opportunity(
    kind="stock_out",
    where="7",
    size=187.6,
    evidence={"products_out": 7.0, "out_share": 0.067, "lost_revenue": 187.6, "lost_share": 0.0931},
)
AHEAD = Opportunity(
    kind="season",
    where="51",
    size=1753.9,
    evidence={"strength": 0.83, "peak_ratio": 1.87, "weeks_ahead": 6.0, "mean_week": 2016.0},
)
FLAGS = (
    RedFlag(code="navigational", value=0.81, limit=0.25),
    RedFlag(code="small_turnover", value=38.47, limit=51.29),
    RedFlag(code="falling_turnover", value=-0.274, limit=-0.2),
    RedFlag(code="stock_return", value=0.512, limit=0.2),
    RedFlag(code="falling_revenue_per_seller", value=-0.33, limit=-0.2),
    RedFlag(code="few_sellers_hold_most", value=0.931, limit=0.9),
    RedFlag(code="few_brands_hold_most", value=0.954, limit=0.9),
    RedFlag(code="price_war", value=-0.162, limit=-0.1),
    RedFlag(code="spike", value=0.634, limit=0.5),
    RedFlag(code="extreme_season", value=2.74, limit=2.0),
)


def findings(**changed: Any) -> Findings:
    """A niche of which all is known, but for what is changed."""
    return Findings(**(KNOWN | changed))


def told(found: Findings, lang: Lang) -> Text:
    """The text of one language, its special spaces made plain."""
    return Text.from_json(text(found, lang).model_dump_json().replace(SPACE, " ").replace(THIN, ""))


def whole(found: Text) -> str:
    """All sentences in one."""
    return " ".join((found.conclusion, *found.evidence, *found.risks, found.next_step))


def numbers(text: str, lang: Lang) -> list[str]:
    """The numbers of a text, written alike in both languages."""
    plain = text.replace(THIN, "").replace(SPACE, " ")
    plain = plain.replace(",", ".") if lang == "ru" else re.sub(r"(?<=\d),(?=\d{3})", "", plain)
    return re.findall(r"\d+(?:\.\d+)?", plain)


def strangers(text: Text, found: Findings, lang: Lang) -> set[str]:
    """The numbers of a text that are none of the findings, in any way to write them, and stand in no sentence."""
    literal = "".join(part for phrase in PHRASES[lang].values() for part, *_ in Formatter().parse(phrase))
    ours = {"0.001", *numbers(literal, lang)}
    for value in _values(found):
        if isinstance(value, str | date):
            ours |= set(re.findall(r"\d+(?:\.\d+)?", str(value)))
            ours |= {str(value.day)} if isinstance(value, date) else set()
            continue
        written = [number(value, lang, digits) for digits in range(4)]
        written += [money(value, found.currency, lang), percent(value, lang), percent(value / 100, lang)]
        ours |= {one for way in written for one in numbers(way.replace(MINUS, ""), lang)}
    return set(numbers(whole(text), lang)) - ours


def _values(found: object) -> Iterator[float | str | date]:
    if isinstance(found, Shape):
        found = dict(found)
    elif is_dataclass(found):
        found = {field.name: getattr(found, field.name) for field in fields(found)}
    if isinstance(found, dict):
        found = tuple(found.values())
    if isinstance(found, tuple):
        for part in found:
            yield from _values(part)
    elif isinstance(found, int | float | str | date) and not isinstance(found, bool):
        yield found
