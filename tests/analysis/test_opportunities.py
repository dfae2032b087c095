from datetime import date
from typing import Any

import numpy as np
import pytest

from contracts.analysis import Opportunity
from contracts.demand import Demand, Season, Stock
from contracts.price import RatingGap, Unmet
from services.analysis.ledger import Ledger, Shelf, ledger, shelf
from services.analysis.opportunities import next_monday, opportunities, rating_gap, season, stock_out
from services.analysis.quality import tidy
from services.analysis.stock import stock
from services.analysis.trends import trends
from services.analysis.unmet import unmet
from tests.analysis import rows

EMPTY = {"asked": None, "unmet": None, "bought": None}


def niche(records: list[dict[str, Any]], weeks: int = 8) -> tuple[Ledger, Shelf]:
    """The ledger of these rows, and the shelf of its last eight weeks."""
    of = ledger(tidy(rows.frame(records), rows.sunday(weeks)).rows, rows.span(weeks), rows.sunday(weeks))
    return of, shelf(of, weeks - 8, weeks)


def demand(**fields: Any) -> Demand:
    """Demand of a hundred a week."""
    return Demand(**({"revenue": 800.0, "level": 100.0, "active_share": 1.0} | fields))


def rated(ratings: list[float], sold: list[float] | None = None, sellers: int = 6, reviews: int = 400) -> Any:
    """The rating gap of listings with such ratings that sold so much each."""
    records = [
        rows.observation(
            product_id=f"p{item:02}",
            seller_id=f"s{item % sellers}",
            rating=rating,
            reviews=reviews,
            units=sold[item] if sold else 10.0,
            revenue=sold[item] if sold else 10.0,
        )
        for item, rating in enumerate(ratings)
    ]
    of, on = niche(records)
    return rating_gap(of, on, unmet(of, on, None))


def test_much_money_in_badly_rated_goods_is_an_opening() -> None:
    """Half of the revenue under 4.5 stars, by many: the evidence is what a reader can count."""
    found = rated([4.0] * 6 + [4.9] * 6)

    assert found.kind == "rating_gap"
    assert found.where == "4.5"
    assert found.size == pytest.approx(60 / 8)
    assert (found.evidence["below"], found.evidence["listings"], found.evidence["sellers"]) == (6.0, 12.0, 6.0)
    assert found.evidence["below_share"] == pytest.approx(0.5)
    assert found.evidence["top_share"] == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    "found",
    [
        rated([4.9] * 12),
        rated([4.0] * 3 + [4.9] * 9),
        rated([4.0] * 6),
        rated([4.0] * 6 + [4.9] * 6, sellers=1),
        rated([4.0] * 6 + [4.9] * 6, [900.0] + [10.0] * 11),
        rated([4.2] * 6 + [4.9] * 6, [1.0] * 6 + [90.0] * 6),
        rated([3.0] * 6 + [4.9] * 6, reviews=1),
        rated([float("nan")] * 12),
    ],
    ids=["well rated", "few", "tiny niche", "one seller", "a star", "little money", "few reviews", "unknown"],
)
def test_few_or_unsure_bad_ratings_open_nothing(found: Opportunity | None) -> None:
    """It takes many listings, of several sellers, with much of the money and reviews enough."""
    assert found is None


def out(products: int = 4, lost: float = 20.0, *, inferred: bool = True) -> Demand:
    """Demand of which so many products were off the shelf, and so much was lost a week."""
    off = Stock(out_share=0.2, inferred=inferred, products_out=products, returned=0, lost_revenue=lost, change=0.0)
    return demand(stock=off)


def test_goods_off_the_shelf_are_an_opening() -> None:
    """What they would have sold in a week, how many they are, and whether the data or we say so."""
    found = stock_out(out())

    assert found is not None
    assert (found.kind, found.where, found.size) == ("stock_out", "4", 20.0)
    assert found.evidence["lost_share"] == pytest.approx(0.2)
    assert found.evidence["inferred"] == 1.0


@pytest.mark.parametrize(
    "bought",
    [
        None,
        demand(),
        out(products=2),
        out(lost=9.9),
        out(lost=4.9, inferred=False),
        out().model_copy(update={"level": 0.0}),
    ],
)
def test_little_off_the_shelf_is_none(bought: Demand | None) -> None:
    """Under three products or under 5 % of the revenue, or 10 % where only silences tell."""
    assert stock_out(bought) is None


def test_a_twentieth_is_enough_where_the_data_tell() -> None:
    """A shelf that is said to be empty is no guess."""
    assert stock_out(out(lost=5.1, inferred=False)) is not None


def test_noise_empties_no_shelf() -> None:
    """Of niches whose products are always there and sell in 70 of 100 weeks, under one in 20 has an opening."""
    some = np.random.default_rng(4)
    found = 0
    for _ in range(60):
        sold = np.where(some.random((40, 60)) < 0.7, some.lognormal(3, 1.0, (40, 60)), 0.0)
        records = [
            one for item, weekly in enumerate(sold.tolist()) for one in rows.series(weekly, product_id=f"p{item:02}")
        ]
        of, _ = niche(records, 60)
        level = float(sold[:, -8:].sum() / 8)
        found += stock_out(demand(level=level, stock=stock(of))) is not None

    assert found < 3


def yearly(peak: int = 30, strength: float = 0.8, ratio: float = 1.6) -> Demand:
    """Demand with such a season."""
    found = Season(strength=strength, peak=peak, trough=3, peak_ratio=ratio, months=(1.0,) * 12)
    return demand(season=found)


AS_OF = date(2017, 4, 30)
"""The Sunday of ISO week 17."""


def test_a_season_ahead_is_an_opening() -> None:
    """Where is the peak, how far, and what it brings over the mean week."""
    of, _ = niche(rows.series([10.0] * 60), 60)
    found = season(of, yearly(peak=30), AS_OF)

    assert found is not None
    assert (found.kind, found.where) == ("season", "30")
    assert found.evidence["weeks_ahead"] == 12
    assert found.evidence["mean_week"] == pytest.approx(10.0)
    assert found.size == pytest.approx(6.0)


@pytest.mark.parametrize(
    "bought",
    [None, demand(), yearly(strength=0.3), yearly(ratio=1.2), yearly(peak=19), yearly(peak=17), yearly(peak=45)],
    ids=["nothing", "unknown", "weak", "flat", "too near", "just over", "too far"],
)
def test_a_season_that_nobody_can_order_for_is_none(bought: Demand | None) -> None:
    """It must be clear, high, and four to 26 weeks ahead."""
    of, _ = niche(rows.series([10.0] * 60), 60)

    assert season(of, bought, AS_OF) is None


@pytest.mark.parametrize(
    ("week", "after", "monday"),
    [
        (18, date(2017, 4, 30), date(2017, 5, 1)),
        (17, date(2017, 4, 24), date(2018, 4, 23)),
        (1, date(2017, 12, 31), date(2018, 1, 1)),
        (53, date(2017, 11, 5), date(2017, 12, 25)),
    ],
)
def test_the_next_week_of_that_number(week: int, after: date, monday: date) -> None:
    """The first Monday after the day whose ISO week it is; week 53 counts as the last of any year."""
    assert next_monday(week, after) == monday


def test_noise_has_no_season_to_order_for() -> None:
    """Of random weeks, three years long, under one niche in 50 has an opening."""
    some = np.random.default_rng(3)
    weekly = some.lognormal(3, 0.5, (200, 156))
    of, _ = niche(rows.series([10.0] * 60), 60)
    found = trends(weekly, range(2400, 2556))
    opened = [season(of, demand(season=trend.season), AS_OF) for trend in found]

    assert sum(opening is not None for opening in opened) < 4


def test_openings_stand_by_their_money() -> None:
    """The one with the most money a week is the first."""
    of, on = niche(rows.series([10.0] * 60), 60)
    bought = yearly().model_copy(update={"stock": out(lost=5.1, inferred=False).stock})
    found = opportunities(of, on, unmet=None, asked=None, bought=bought, as_of=AS_OF)

    assert [opening.kind for opening in found] == ["season", "stock_out"]
    assert found[0].size > found[1].size
    assert all(Opportunity.from_json(opening.to_json()) == opening for opening in found)


def test_what_is_not_known_opens_nothing() -> None:
    """An empty niche, and one of which nothing but sales is known, have no opening and no error."""
    gap = RatingGap(mean=4.0, limit=4.5, below=9, below_share=0.9, listings=9, prior_reviews=25.0)
    for records in ([], rows.series([10.0] * 60)):
        of, on = niche(records, 60)
        assert opportunities(of, on, as_of=AS_OF, **EMPTY) == ()
        assert opportunities(of, on, None, Unmet(rating=gap), demand(), AS_OF) == ()
