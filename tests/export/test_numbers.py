from datetime import date

import pytest

from services.export.numbers import day, interval, money, month, number, percent, plural


def test_russian_puts_thin_spaces_between_thousands_and_a_comma_before_decimals() -> None:
    """A number never breaks over two lines, and its minus is a minus."""
    assert number(-1234567.25, "ru", 1) == "−1\u202f234\u202f567,2"
    assert number(-1234567.25, "en", 1) == "−1,234,567.2"


def test_a_rounded_zero_has_no_sign() -> None:
    """Neither minus nor plus stands before what is written as nothing."""
    assert number(-0.04, "en", 1) == "0.0"
    assert number(0.04, "en", 1, signed=True) == "0.0"


def test_money_bears_its_sign_where_people_put_it() -> None:
    """Before the amount in English, behind it in Russian; a currency without a sign is named behind."""
    assert money(2031.25, "USD", "en") == "$2,031"
    assert money(-5.5, "USD", "en") == "−$5.50"
    assert money(70000.0, "RUB", "ru") == "70\u202f000\u00a0₽"
    assert money(12.0, "PLN", "en") == "12.00\u00a0PLN"


def test_a_small_share_keeps_a_decimal() -> None:
    """7.4 % and 7 % differ, 63.4 % and 63 % hardly do."""
    assert percent(0.0741, "en") == "7.4\u00a0%"
    assert percent(0.634, "ru") == "63\u00a0%"
    assert percent(-0.2, "en", signed=True) == "−20\u00a0%"


def test_a_range_with_a_sign_is_written_in_words() -> None:
    """A dash beside a minus would be read as a third sign."""
    assert interval("91", "93", "en") == "91–93"
    assert interval("−0.08", "+0.04", "en") == "−0.08 to +0.04"
    assert interval("−0,08", "0,04", "ru") == "от −0,08 до 0,04"
    assert interval("5", "5", "ru") == "5"


def test_dates_are_written_in_words() -> None:
    """The month is named, so that nobody reads 5/11 as May."""
    assert day(date(2017, 11, 5), "en") == "5\u00a0Nov\u00a02017"
    assert day(date(2017, 11, 5), "ru") == "5\u00a0ноября\u00a02017"
    assert month(date(2017, 11, 5), "ru", year=True) == "ноя\u00a02017"


@pytest.mark.parametrize(("count", "form"), [(1, "ниша"), (2, "ниши"), (5, "ниш"), (11, "ниш"), (22, "ниши")])
def test_russian_nouns_agree_with_their_number(count: int, form: str) -> None:
    """One, few and many each have their form."""
    assert plural(count, ("ниша", "ниши", "ниш"), "ru") == form
