import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.analysis.ledger import _medians, ledger, shelf
from services.analysis.quality import tidy
from tests.analysis import rows


def made(records: list[dict[str, object]], weeks: int):
    """A ledger of the first so many weeks."""
    kept, _ = tidy(rows.frame(records), rows.sunday(weeks))
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
        [rows.observation(seller_id=name, revenue=money) for name, money in (("b", 2.0), (None, 3.0), ("a", 1.0))], 1
    )
    on = shelf(of, 0, 1)

    assert of.sellers == ("a", "b")
    assert on.pair_seller.tolist() == [-1, 0, 1]
    assert on.pair_sold.tolist() == [3.0, 1.0, 2.0]


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

    np.testing.assert_allclose(_medians(group, values, 4), expected)
