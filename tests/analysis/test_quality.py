from datetime import timedelta

import polars as pl

from services.analysis.quality import quality, tidy, valid, without_outliers
from tests.analysis import rows


def test_negative_numbers_are_dropped_and_counted() -> None:
    """A negative price, count or revenue is an error of the source."""
    kept, dropped = valid(
        rows.frame([rows.observation(product_id=str(n), **{field: -1.0}) for n, field in enumerate(["price", "units"])])
    )

    assert kept.is_empty()
    assert dropped["negative"] == 2


def test_of_duplicates_the_last_stays() -> None:
    """One row for each niche, product, seller and day."""
    kept, dropped = valid(rows.frame([rows.observation(revenue=1.0), rows.observation(revenue=2.0)]))

    assert kept["revenue"].to_list() == [2.0]
    assert dropped["duplicate"] == 1


def test_two_sellers_of_a_product_are_no_duplicates() -> None:
    """Each seller sells for itself, one without a name too."""
    kept, dropped = valid(rows.frame([rows.observation(seller_id=name) for name in ("a", "b", None)]))

    assert kept.height == 3
    assert dropped["duplicate"] == 0


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
    kept, dropped = valid(rows.frame([rows.observation(has_data=False, revenue=0.0, units=0.0)]))

    assert kept.height == 1
    assert kept["revenue"].to_list() == [None]
    assert sum(dropped.values()) == 0


def test_a_price_ten_times_off_its_products_median_is_dropped() -> None:
    """Too high or too low, and only by its own product's prices."""
    prices = [1.0, 1.0, 1.0, 11.0, 0.09]
    many = [rows.observation(price=price, day=rows.monday(week)) for week, price in enumerate(prices)]
    dear = rows.observation(product_id="dear", price=500.0)
    kept = without_outliers(rows.frame([*many, dear]))

    assert kept["price"].to_list() == [1.0, 1.0, 1.0, 500.0]


def test_a_later_price_does_not_make_an_earlier_one_odd() -> None:
    """The median is of the past alone."""
    early = rows.frame([rows.observation(price=1.0), rows.observation(price=20.0, day=rows.monday(1))])
    late = rows.frame([rows.observation(price=1.0, day=rows.monday(week)) for week in range(2, 9)])
    kept, dropped = tidy(pl.concat([early, late]), rows.sunday(2))

    assert kept.height == 2
    assert dropped == {"after_as_of": 7}


def test_quality_says_what_the_analysis_stands_on() -> None:
    """Days, weeks, products, freshness and gaps, as a person counts them."""
    kept, dropped = tidy(rows.frame(rows.series([1.0, None, 1.0, 1.0])), rows.sunday(4))
    found = quality(kept, dropped, rows.span(4), rows.sunday(4) + timedelta(days=20))

    assert (found.days, found.weeks, found.rows, found.products) == (3, 4, 3, 1)
    assert (found.first_day, found.last_day) == (rows.monday(0), rows.monday(3))
    assert (found.freshness, found.missing) == (20, 1)
    assert set(found.flags) == {"short_history", "stale", "gaps", "no_listing_dates"}


def test_no_rows_is_said() -> None:
    """An empty niche has a quality too."""
    found = quality(rows.frame(), {}, rows.span(4), rows.sunday(4))

    assert (found.rows, found.flags) == (0, ("no_rows",))
    assert found.last_day is None
