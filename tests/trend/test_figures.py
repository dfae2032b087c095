"""Numbers and truths as people write them."""

import polars as pl
import pytest

from services.trend.figures import numbers, text, truths


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["1234.5", "7"], [1234.5, 7.0]),
        (["1 234,50", "1\u00a0234,5", "1\u202f234\u2009567,8"], [1234.5, 1234.5, 1234567.8]),
        (["1,234.50", "1.234,50"], [1234.5, 1234.5]),
        (["1,234,567", "1.234.567"], [1234567.0, 1234567.0]),
        (["1,5", "1,234"], [1.5, 1.234]),
        (["1,234", "2,345"], [1234.0, 2345.0]),
        (["1.234", "999,5"], [1234.0, 999.5]),
        (["1.234", "3.5", "999,5"], [1.234, 3.5, 999.5]),
        (["1.234", "2"], [1.234, 2.0]),
        (["1e3", "x"], [1000.0, None]),
        (["99 ₽", "$5.50", "12 руб.", "−3"], [99.0, 5.5, 12.0, -3.0]),
        (["", " ", "-", "n/a", None], [None] * 5),
        (["ten", "1e400", "inf", "5-6"], [None] * 4),
        (["12,34,5", "5.5.5", "1.2345,6", "1,23.4", ",", "5%", "(5)"], [None] * 7),
    ],
)
def test_numbers_are_read_as_people_write_them(written, meant):
    """Blanks, currency and both decimal marks are understood; the column decides about a lone comma."""
    assert numbers(pl.Series(written, dtype=pl.String), decimal_comma=False).to_list() == meant


def test_a_lone_comma_is_decimal_where_that_is_said():
    """A person, or a file parted by semicolons, settles what 1,234 means."""
    assert numbers(pl.Series(["1,234"]), decimal_comma=True).to_list() == [1.234]


def test_numbers_that_are_numbers_stay_so_without_nan_and_infinity():
    """A typed column needs no reading, and what is no finite number is not known."""
    assert numbers(pl.Series([1.5, float("nan"), float("inf")]), decimal_comma=False).to_list() == [1.5, None, None]


def test_stock_is_read_from_words_and_from_counts():
    """Any pieces left are in stock; a word that says neither is not known."""
    assert truths(pl.Series(["Да", "no", "12", "0", "maybe", None])).to_list() == [True, False, True, False, None, None]


def test_ids_that_were_stored_as_floats_are_ids_again():
    """A column of ids with gaps becomes floats in many exports; 17850.0 is the product 17850."""
    assert text(pl.Series([17850.0, None, float("nan")])).to_list() == ["17850", None, None]
    assert text(pl.Series([" A ", "n/a", "1.5"])).to_list() == ["A", None, "1.5"]
