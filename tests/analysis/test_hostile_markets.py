"""Random markets of bad and odd rows: whatever they hold, what is told of a niche holds together."""

import dataclasses
import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from contracts.analysis import Analysis
from contracts.economics import Own, Tariff
from contracts.market import MarketSettings
from services.analysis.analysis import Question, analyze, analyze_many
from tests.analysis import rows

SETTINGS = MarketSettings(
    pseudo_sellers=("s2",),
    tariffs=(Tariff(since=date(2017, 1, 1), commission=0.1, logistics=1.0, returns=0.2, return_handling=1.0),),
    own=Own(cost=2.0, ad_share=0.1, lead_days=30),
)
COLUMNS = ("price", "units", "revenue", "rating", "reviews", "in_stock", "listed_on", "seller_id", "brand")


def niche(name: str, weeks: int, random: np.random.Generator) -> list[dict[str, Any]]:
    """Products that come and go, daily or weekly, in money of any size, with what sources get wrong."""
    scale = 10.0 ** random.choice([0, 0, 3, -3, 14, 150, -200])
    apart = int(random.integers(1, 8))
    found: list[dict[str, Any]] = []
    for item in range(int(random.integers(1, 20))):
        first = int(random.integers(0, weeks))
        price = float(np.exp(random.normal(2, 1))) * scale
        found += [
            _row(name, item, rows.monday(week) + timedelta(days=day), price, random)
            for week in range(first, int(random.integers(first, weeks + 6)))
            for day in range(0, 7, apart)
            if random.random() > 0.15
        ]
    absent = random.choice([*COLUMNS, None])
    told = [{**row, absent: None} if absent else row for row in found]
    return told + told[::50]


def _row(name: str, item: int, day: date, price: float, random: np.random.Generator) -> dict[str, Any]:
    units = float(random.poisson(random.choice([0, 1, 5, 30])))
    row = rows.observation(
        niche_id=name,
        product_id=f"p{item}",
        day=day,
        price=price,
        units=units,
        revenue=price * units,
        seller_id=random.choice(["s1", "s2", "s3"]),
        brand=random.choice(["B", "Ёлка", "нет бренда"]),
        rating=float(random.choice([0, 3.1, 4.9, 11])),
        reviews=int(random.integers(0, 1000)),
        in_stock=bool(random.random() < 0.9),
        listed_on=day - timedelta(days=int(random.integers(-30, 60))),
    )
    row |= {name: None for name in COLUMNS if random.random() < 0.05}
    wrong = random.random()
    return row | ({"units": -1.0} if wrong < 0.01 else {"has_data": False} if wrong < 0.02 else {})


@pytest.mark.parametrize("seed", range(8))
def test_what_is_told_of_a_niche_hangs_on_its_rows_alone(seed: int) -> None:
    """No crash, warning or NaN; neither its neighbours nor the order of rows change one byte."""
    random = np.random.default_rng(seed)
    weeks = int(random.choice([1, 5, 9, 17, 30, 60, 120]))
    market = {name: niche(name, weeks, random) for name in ("a", "b", "c")}
    background, question = rows.question(weeks, settings=SETTINGS, asked_on=rows.sunday(weeks) + timedelta(days=3))
    frame = rows.frame([row for records in market.values() for row in records])
    asked = [_ask(question, name) for name in market]
    together = list(analyze_many(frame, background, asked))
    shuffled = list(analyze_many(frame.sample(fraction=1.0, shuffle=True, seed=seed), background, asked))

    for found, again, one in zip(together, shuffled, asked, strict=True):
        body = found.to_json()
        json.loads(body, parse_constant=lambda constant: pytest.fail(f"{constant} in the JSON"))
        assert Analysis.from_json(body) == found
        assert analyze(rows.frame(market[one.niche.id]), background, one).to_json() == body
        assert again.to_json() == body


def _ask(question: Question, name: str) -> Question:
    return dataclasses.replace(question, niche=question.niche.model_copy(update={"id": name}))
