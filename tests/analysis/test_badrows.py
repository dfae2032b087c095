from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from services.analysis.badrows import APART, valid, without_outliers
from services.analysis.quality import tidy
from tests.analysis import rows


def whys(bad: list[pl.DataFrame]) -> dict[str, int]:
    """How many bad rows there are for each reason."""
    return {table["why"][0]: table.height for table in bad if table.height}


def messy(niches: int = 3, weeks: int = 30, seed: int = 0) -> pl.DataFrame:
    """Niches with all kinds of bad rows among many good ones, in no order."""
    some = np.random.default_rng(seed)
    records = []
    for _ in range(niches * weeks * 12):
        price, units = float(some.lognormal(2, 0.3)), float(some.poisson(4))
        revenue = price * units * float(some.choice([1.0, 0.9, 100.0, 0.01], p=[0.9, 0.06, 0.02, 0.02]))
        records.append(
            rows.observation(
                niche_id=f"n{some.integers(niches)}",
                product_id=f"p{some.integers(6)}",
                seller_id=[None, "a", "b", "loose", "various"][some.integers(5)],
                day=rows.monday(int(some.integers(weeks))),
                price=price * float(some.choice([1.0, 30.0, 0.02], p=[0.92, 0.04, 0.04])),
                units=units * float(some.choice([1.0, -1.0], p=[0.98, 0.02])),
                revenue=revenue if some.random() < 0.5 else None,
                has_data=bool(some.random() < 0.98),
            )
        )
    return rows.frame(records)


def test_negative_numbers_are_left_out() -> None:
    """A negative price, count or revenue is an error of the source."""
    numbers = ("price", "units", "revenue")
    kept, bad = valid(rows.frame([rows.observation(product_id=name, **{name: -1.0}) for name in numbers]))

    assert kept.is_empty()
    assert whys(bad) == {"negative": 3}


def test_of_duplicates_the_last_stays() -> None:
    """One row for each niche, product, seller and day."""
    kept, bad = valid(
        rows.frame([rows.observation(price=None, revenue=1.0), rows.observation(price=None, revenue=2.0)])
    )

    assert kept["revenue"].to_list() == [2.0]
    assert whys(bad) == {"duplicate": 1}


def test_two_sellers_of_a_product_are_no_duplicates() -> None:
    """Each seller sells for itself, one without a name too."""
    kept, bad = valid(rows.frame([rows.observation(seller_id=name) for name in ("a", "b", None)]))

    assert kept.height == 3
    assert not bad


def test_revenue_and_price_are_filled_from_the_other_two() -> None:
    """Two of price, units and revenue give the third; nothing is made up from less."""
    kept, _ = valid(
        rows.frame(
            [
                rows.observation(product_id="a", price=2.0, units=3.0, revenue=None),
                rows.observation(product_id="b", price=None, units=4.0, revenue=8.0),
                rows.observation(product_id="c", price=2.0, units=None, revenue=None),
            ]
        )
    )

    assert kept["revenue"].to_list() == [6.0, 8.0, None]
    assert kept["price"].to_list() == [2.0, 2.0, 2.0]


def test_a_row_without_data_keeps_its_place_but_not_its_numbers() -> None:
    """`has_data` false means that zeros in the row are not sales of zero."""
    kept, bad = valid(rows.frame([rows.observation(has_data=False, price=5.0, revenue=0.0, units=0.0)]))

    assert kept.height == 1
    assert kept["revenue"].to_list() == [None]
    assert not bad


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -float("inf"), 1e308])
def test_a_number_that_is_none_is_not_known(wrong: float) -> None:
    """Not a number and infinity become unknown (or negative), and no product of great numbers becomes infinite."""
    kept, _ = valid(
        rows.frame([rows.observation(price=wrong, units=100.0, revenue=None), rows.observation(day=date.max)])
    )

    assert kept["revenue"].drop_nulls().is_finite().all()
    assert kept["price"].drop_nulls().is_finite().all()


@pytest.mark.parametrize(
    ("price", "units", "revenue", "stays"),
    [
        (2.0, 5.0, 10.0, True),
        (2.0, 5.0, 10.0 * APART, True),
        (2.0, 5.0, 10.1 * APART, False),
        (2.0, 5.0, 10.0 / APART, True),
        (2.0, 5.0, 9.9 / APART, False),
        (2.0, 0.0, 7.0, False),
        (2.0, 5.0, 0.0, False),
        (2.0, 0.0, 0.0, True),
        (0.0, 5.0, 7.0, True),
        (None, 5.0, 7.0, True),
        (2.0, None, 7.0, True),
    ],
)
def test_revenue_far_from_price_times_units_is_left_out(
    price: float | None, units: float | None, revenue: float | None, *, stays: bool
) -> None:
    """A threefold difference is a discount at most; more is an error, where all three are given."""
    kept, bad = valid(rows.frame([rows.observation(price=price, units=units, revenue=revenue)]))

    assert kept.height == stays
    assert whys(bad) == ({} if stays else {"inconsistent": 1})


def test_a_price_ten_times_off_its_products_median_is_left_out() -> None:
    """Too high or too low, and only by its own product's prices."""
    prices = [1.0, 1.0, 1.0, 11.0, 0.09]
    many = [rows.observation(price=price, day=rows.monday(week)) for week, price in enumerate(prices)]
    dear = rows.observation(product_id="dear", price=500.0)
    kept = without_outliers(rows.frame([*many, dear]))

    assert kept["price"].to_list() == [1.0, 1.0, 1.0, 500.0]


def test_of_two_prices_none_is_odd() -> None:
    """Nobody can say which of two is wrong."""
    many = rows.frame([rows.observation(price=1.0), rows.observation(price=50.0, day=rows.monday(1))])

    assert without_outliers(many).height == 2


def test_odd_prices_are_those_of_the_plain_rule() -> None:
    """On random rows, the same as each price held against its product's median."""
    kept, _ = valid(messy(seed=1))
    price, product = pl.col("price"), ["niche_id", "product_id"]
    median = price.filter(price > 0).median().over(product)
    plain = kept.filter(~((price > 10 * median) | ((price > 0) & (price < median / 10))).fill_null(value=False))

    assert plain.height < kept.height
    assert without_outliers(kept).equals(plain)


def test_pseudo_sellers_have_no_name() -> None:
    """What they sold counts, and belongs to nobody; two of them are not one."""
    many = [rows.observation(seller_id=name) for name in ("loose", "various", "a")]
    kept, bad = valid(rows.frame(many), ["various", "loose"])

    assert kept["seller_id"].to_list() == [None, None, "a"]
    assert not bad


@pytest.mark.parametrize("seed", range(4))
def test_the_market_keeps_the_rows_that_its_niches_keep(seed: int) -> None:
    """The rows of a market, sifted at once and then cut, are those that each niche is left with by itself."""
    frame, as_of, names = messy(seed=seed), rows.sunday(20), ("loose", "various")
    whole, _ = valid(frame, names)
    cut = without_outliers(whole.filter(pl.col("day") <= as_of))
    assert cut.equals(tidy(frame, as_of, pseudo=names).rows)
    for niche in ("n0", "n1", "n2"):
        alone = tidy(frame.filter(pl.col("niche_id") == niche), as_of, as_of + timedelta(days=9), names)
        assert alone.rows.equals(cut.filter(pl.col("niche_id") == niche))
        assert {"negative", "inconsistent", "duplicate", "price_outlier", "after_as_of", "future"} == set(
            alone.dropped[niche]
        )
        assert {row.why for row in alone.examples[niche]} == set(alone.dropped[niche]) - {"after_as_of"}
