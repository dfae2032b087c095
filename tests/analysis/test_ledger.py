import dataclasses

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from services.analysis.ledger import ledger, ledgers, medians, shelf, shelves
from services.analysis.quality import tidy
from tests.analysis import rows


def made(records: list[dict[str, object]], weeks: int):
    """A ledger of the first so many weeks."""
    kept = tidy(rows.frame(records), rows.sunday(weeks)).rows
    return ledger(kept, rows.span(weeks), rows.sunday(weeks))


def test_days_add_up_to_weeks_by_product() -> None:
    """Revenue and units of a product's days lie in their week."""
    days = [
        rows.observation(day=day, revenue=2.0, units=1.0) for day in (rows.monday(0), rows.sunday(1), rows.monday(1))
    ]
    of = made([*days, rows.observation(product_id="q", revenue=5.0)], 2)

    assert of.products == ("p", "q")
    assert of.revenue.tolist() == [[4.0, 2.0], [5.0, 0.0]]
    assert of.units is not None
    assert of.units.tolist() == [[2.0, 1.0], [10.0, 0.0]]


def test_a_week_without_rows_is_zero_and_one_without_numbers_is_unknown() -> None:
    """A table of sales lists what sold; a row without data says that nobody looked."""
    of = made([*rows.series([1.0, None, 3.0]), rows.observation(day=rows.monday(3), has_data=False)], 4)

    assert of.weekly.tolist()[:3] == [1.0, 0.0, 3.0]
    assert np.isnan(of.weekly[3])


def test_units_that_nobody_gave_are_absent() -> None:
    """No units in the source, no zeros here."""
    assert made([rows.observation(units=None)], 1).units is None


def test_a_product_is_listed_in_its_earliest_listing_week() -> None:
    """Listings count from the first week; a product without a date has none."""
    of = made(
        [
            rows.observation(listed_on=rows.monday(1), day=rows.monday(1)),
            rows.observation(product_id="q", day=rows.monday(1)),
            rows.observation(product_id="q", day=rows.monday(2), listed_on=rows.monday(2)),
            rows.observation(product_id="r"),
        ],
        3,
    )

    assert of.listed[:2].tolist() == [1.0, 2.0]
    assert np.isnan(of.listed[2])


def test_a_shelf_counts_only_its_window() -> None:
    """What lay before or after the window is not on it."""
    of = made(rows.series([1.0, 2.0, 4.0, 8.0]), 4)
    on = shelf(of, 1, 3)

    assert on.sold.tolist() == [6.0]
    assert shelf(of, -8, 0).present.tolist() == [False]


def test_sellers_are_kept_apart_on_a_shelf() -> None:
    """Each pair of product and seller has its revenue; one without a name comes first."""
    of = made(
        [
            rows.observation(seller_id=name, revenue=money, units=money)
            for name, money in (("b", 2.0), (None, 3.0), ("a", 1.0))
        ],
        1,
    )
    on = shelf(of, 0, 1)

    assert of.sellers == ("a", "b")
    assert on.pair_seller.tolist() == [-1, 0, 1]
    assert on.pair_sold.tolist() == [3.0, 1.0, 2.0]


def test_a_niche_among_many_has_the_ledger_that_it_has_alone() -> None:
    """Grouping a market by numbers changes no array of a niche, and a niche without rows has an empty ledger."""
    records = [{**row, "niche_id": niche} for niche in ("b", "a") for row in rows.shop(6, products=4 + (niche == "a"))]
    kept = tidy(rows.frame(records), rows.sunday(6)).rows
    many = ledgers(kept, ("b", "none", "a"), rows.span(6), rows.sunday(6))

    assert many[1].products == ()
    for niche, found in (("b", many[0]), ("a", many[2])):
        alone = ledger(kept.filter(pl.col("niche_id") == niche), rows.span(6), rows.sunday(6))
        assert dataclasses.astuple(alone)[:4] == dataclasses.astuple(found)[:4]
        for name in ("week", "product", "seller", "price", "sales", "brand", "revenue", "units", "present"):
            np.testing.assert_array_equal(getattr(found, name), getattr(alone, name))


def test_rows_in_any_order_make_the_same_ledger() -> None:
    """A part is in order; rows that are not are brought into it, ratings of later days counting last."""
    records = [{**row, "rating": float(place % 5)} for place, row in enumerate(rows.shop(6, products=3))]
    ordered, mixed = made(records, 6), made(records[::-2] + records[-2::-2], 6)

    for name in (field.name for field in dataclasses.fields(ordered)):
        np.testing.assert_array_equal(getattr(mixed, name), getattr(ordered, name))


def test_a_niche_among_many_has_the_shelf_that_it_has_alone() -> None:
    """Niches share neither products nor sellers, one without rows has an empty shelf, and no niche has none."""
    records = [{**row, "niche_id": niche} for niche in "ba" for row in rows.shop(6, products=4 + (niche == "a"))]
    records += [rows.observation(niche_id="b", seller_id=None, day=rows.monday(week)) for week in range(6)]
    kept = tidy(rows.frame(records), rows.sunday(6)).rows
    books = ledgers(kept, ("b", "none", "a"), rows.span(6), rows.sunday(6))

    for of, found in zip(books, shelves(books, 2, 5), strict=True):
        for name, value in dataclasses.asdict(shelf(of, 2, 5)).items():
            np.testing.assert_array_equal(getattr(found, name), value)
    assert shelves((), 2, 5) == []


def test_what_could_be_bought_is_told_by_product_and_week() -> None:
    """A product on sale on half of a week's days was half in stock; a week without a row tells nothing."""
    half = [rows.observation(day=day, in_stock=there) for day, there in ((rows.START, True), (rows.sunday(1), False))]
    of = made([*half, rows.observation(day=rows.monday(2), in_stock=False)], 3)

    assert of.in_stock is not None
    np.testing.assert_array_equal(of.in_stock, [[0.5, np.nan, 0.0]])
    assert of.present.tolist() == [[True, False, True]]
    assert made([rows.observation()], 1).in_stock is None


def test_the_last_known_rating_counts() -> None:
    """A later row without a rating does not make it unknown; a product that never had one has none."""
    of = made(
        [
            rows.observation(rating=4.0, reviews=10),
            rows.observation(day=rows.monday(1), rating=4.5, reviews=16),
            rows.observation(day=rows.monday(2)),
            rows.observation(product_id="q"),
        ],
        3,
    )

    np.testing.assert_array_equal(of.rating, [4.5, np.nan])
    np.testing.assert_array_equal(of.reviews, [16.0, np.nan])
    np.testing.assert_array_equal(of.review_pace, [6.0, np.nan])


def test_reviews_that_vanish_are_no_negative_pace() -> None:
    """A shop that deletes reviews gains none; a single count has no pace."""
    lost = [rows.observation(day=rows.monday(week), reviews=count) for week, count in ((0, 9), (3, 3))]
    of = made([*lost, rows.observation(product_id="q", reviews=5)], 4)

    np.testing.assert_array_equal(of.review_pace, [0.0, np.nan])


def test_an_empty_niche_has_an_empty_ledger() -> None:
    """No product, no error."""
    of = made([], 4)

    assert of.revenue.shape == (0, 4)
    assert shelf(of, 0, 4).sold.shape == (0,)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 100) | st.just(float("nan"))), max_size=30))
def test_medians_are_those_of_numpy(pairs: list[tuple[int, float]]) -> None:
    """The median of each group, NaN values left out."""
    group = np.array([place for place, _ in pairs], dtype=np.int64)
    values = np.array([value for _, value in pairs], dtype=np.float64)
    expected = [
        np.median(known) if len(known := values[(group == place) & ~np.isnan(values)]) else np.nan for place in range(4)
    ]

    np.testing.assert_allclose(medians(group, values, 4), expected)
