"""Transactions become one row per product, seller and day."""

from tests.trend.sales import bring, lines


def test_transactions_of_a_day_are_summed_and_priced_by_the_mean_of_what_was_paid():
    """Units and revenue add up; the price is weighted by units; the merged rows are counted."""
    found = bring(lines("date,sku,price,qty", "2025-01-01 09:00,a,2,1", "2025-01-01 18:00,a,1,3", "2025-01-02,a,1,1"))
    row = found.frame.sort("day").row(0, named=True)

    assert (row["units"], row["revenue"], row["price"]) == (4.0, 5.0, 1.25)
    assert (found.rows, found.kept, found.merged) == (3, 2, 1)


def test_sellers_of_a_product_are_not_summed_together():
    """Two sellers of one product on one day stay two rows; rows without a seller are one."""
    found = bring(
        lines("date,sku,qty,seller", "2025-01-01,a,1,x", "2025-01-01,a,2,y", "2025-01-01,a,3,", "2025-01-01,a,4,")
    )

    assert sorted(found.frame.select("seller_id", "units").rows(), key=str) == [("x", 1.0), ("y", 2.0), (None, 7.0)]


def test_a_sum_of_nothing_known_is_not_known():
    """Two snapshots of a price on one day sold nobody knows how much; that is no zero."""
    row = bring(lines("date,sku,price,brand", "2025-01-01,a,1,", "2025-01-01,a,2,Best")).frame.row(0, named=True)

    assert (row["units"], row["revenue"], row["price"], row["brand"]) == (None, None, 1.5, "Best")
