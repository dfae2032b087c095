"""Every row of a file is an observation, or is refused with a reason and its place in the file."""

import pytest

from contracts.observation import Mapping, Rejection
from services.trend.errors import TableError
from tests.trend.sales import bring, lines

HEADER = "date,sku,price,qty,category"

BAD = {
    "soon,a,1,1,Tea": ("date", "the day cannot be read"),
    ",a,1,1,Tea": ("date", "the day is missing"),
    "2026-01-02,a,1,1,Tea": ("date", "the day is in the future"),
    "2025-01-01, ,1,1,Tea": ("sku", "the product is missing"),
    "2025-01-01,a,1,1,n/a": ("category", "the niche is missing"),
    "2025-01-01,a,cheap,1,Tea": ("price", "the number cannot be read"),
    "2025-01-01,a,1,many,Tea": ("qty", "the number cannot be read"),
    "2025-01-01,a,1,-1,Tea": ("qty", "a return: units are below zero"),
    "2025-01-01,a,-1,1,Tea": ("price", "the price is below zero"),
    "2025-01-01,a,0,1,Tea": ("price", "the price is zero"),
    "2025-01-01,a,1,1,Tea,more": ("", "more fields than the header"),
}


@pytest.mark.parametrize("row", BAD)
def test_a_bad_row_is_named_with_its_reason_and_the_rest_goes_on(row):
    """The rejection has the column, the reason and the row as the file counts it."""
    found = bring(lines(HEADER, "2025-01-01,a,1,1,Tea", row, "2025-01-02,a,1,1,Tea"))
    column, why = BAD[row]

    assert found.rejected == (Rejection(why=why, column=column, count=1, examples=(3,)),)
    assert found.kept == 2


def test_rows_refused_for_one_reason_are_counted_together_the_most_frequent_first():
    """A few examples stand for many rows, and every row is counted once."""
    found = bring(lines(HEADER, "2025-01-01,a,1,1,Tea", *["2025-01-01,a,1,-1,Tea"] * 9, "soon,a,1,-1,Tea"))

    assert [(reason.count, reason.examples) for reason in found.rejected] == [(9, (3, 4, 5, 6, 7)), (1, (12,))]
    assert found.rows == 11 == found.kept + found.merged + sum(reason.count for reason in found.rejected)


def test_refused_rows_come_back_as_a_file_with_their_reasons():
    """The file has the rows as they were, so that a person can mend them and bring them again."""
    content = bring(lines(HEADER, "2025-01-01,a,1,1,Tea", "2025-01-01,a,cheap,1,Чай")).rejected_csv

    assert content is not None
    assert content.decode("utf-8-sig").splitlines() == [
        "#row,#column,#why,date,sku,price,qty,category",
        "3,price,the number cannot be read,2025-01-01,a,cheap,1,Чай",
    ]


def test_the_file_of_refused_rows_can_be_mended_and_brought_again():
    """Its added columns do not get in the way."""
    content = bring(lines(HEADER, "2025-01-01,a,1,1,Tea", "2025-01-02,b,cheap,1,Tea")).rejected_csv

    assert content is not None
    assert bring(content.replace(b"cheap", b"2")).frame["product_id"].to_list() == ["b"]


def test_a_table_without_bad_rows_has_no_file_of_them():
    """Nothing refused is no file, not an empty one."""
    assert bring(lines(HEADER, "2025-01-01,a,1,1,Tea")).rejected_csv is None


def test_a_day_without_a_sale_is_kept_as_a_zero():
    """Units of 0 are known; a price of 0 beside them is not a price."""
    row = bring(lines(HEADER, "2025-01-01,a,0,0,Tea")).frame.row(0, named=True)

    assert (row["units"], row["revenue"], row["price"]) == (0.0, 0.0, None)


@pytest.mark.parametrize(
    ("header", "row", "price", "revenue"),
    [
        ("date,sku,price,qty", "2025-01-01,a,2.5,4", 2.5, 10.0),
        ("date,sku,revenue,qty", "2025-01-01,a,10,4", 2.5, 10.0),
        ("date,sku,price,qty,revenue", "2025-01-01,a,2.5,4,9", 2.5, 9.0),
        ("date,sku,qty", "2025-01-01,a,4", None, None),
        ("date,sku,price", "2025-01-01,a,2.5", 2.5, None),
    ],
)
def test_price_and_revenue_follow_from_each_other_and_are_never_invented(header, row, price, revenue):
    """What is given stays; what follows is derived; what does not follow is not known."""
    found = bring(lines(header, row)).frame.row(0, named=True)

    assert (found["price"], found["revenue"]) == (price, revenue)


def test_a_value_that_a_row_can_do_without_does_not_cost_the_row():
    """An unreadable rating is counted as unread, and its row is kept."""
    found = bring(lines("date,sku,price,rating", "2025-01-01,a,1,9.5", "2025-01-02,a,1,good", "2025-01-03,a,1,4.5"))

    assert found.frame["rating"].to_list() == [None, None, 4.5]
    assert found.unread == (Rejection(why="the value cannot be read", column="rating", count=2, examples=(2, 3)),)
    assert found.rejected == ()


def test_a_table_of_which_no_row_is_usable_is_refused_with_the_reasons():
    """The error sums up the reasons and shows how the columns were read."""
    with pytest.raises(TableError, match=r"the day cannot be read \(day, 2 times\).*--mapping day=day"):
        bring(lines("day,sku,price", "Monday,a,1", "Tuesday,b,2"))


def test_a_given_decimal_sign_and_date_format_are_used():
    """What a person says of the file's way of writing beats the guess."""
    found = bring(
        lines("date,sku,price", '02/01/2025,a,"1,234"'), mapping=Mapping(decimal=",", date_format="%d/%m/%Y")
    ).frame.row(0, named=True)

    assert (str(found["day"]), found["price"]) == ("2025-01-02", 1.234)


def test_days_that_can_be_read_in_two_ways_are_asked_about():
    """A guess would move sales by months in silence; the answer shows both ways to say it."""
    rows = lines("date,sku,revenue", "01/02/2025,a,1", "01/03/2025,a,1")

    with pytest.raises(TableError, match=r"like 01/02/2025. Say --mapping date_format=%d/%m/%Y or"):
        bring(rows)
    assert str(bring(rows, mapping=Mapping(date_format="%d/%m/%Y")).last_day) == "2025-03-01"


def test_a_row_without_any_number_is_no_observation_unless_it_tells_of_the_stock():
    """A row that was cut short says nothing; one that says only "sold out" does."""
    found = bring(lines("date,sku,qty,revenue,in stock", "2025-01-01,a,1,2,yes", "2025-01-01,b", "2025-01-01,c,,,no"))

    assert found.rejected == (Rejection(why="no number of sales", column="qty, revenue", count=1, examples=(3,)),)
    assert sorted(found.frame["product_id"]) == ["a", "c"]
