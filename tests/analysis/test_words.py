from datetime import date

import pytest

from contracts.text import Lang
from services.analysis.words import MINUS, SPACE, THIN, counted, day, money, number, percent

NICHE = {"en": ("niche", "niches"), "ru": ("ниша", "ниши", "ниш")}


@pytest.mark.parametrize(
    ("count", "form"),
    [
        *[(count, "ниш") for count in (0, 5, 11, 12, 14, 25, 100, 111, 112)],
        *[(count, "ниша") for count in (1, 21, 101)],
        *[(count, "ниши") for count in (2, 4, 22, 122)],
    ],
)
def test_russian_nouns_agree_with_their_number(count: int, form: str) -> None:
    """1 ниша, 2 ниши, 5 ниш, and the teens are all many."""
    assert counted(count, NICHE["ru"], "ru") == f"{count}{SPACE}{form}"


@pytest.mark.parametrize(("count", "form"), [(0, "niches"), (1, "niche"), (2, "niches"), (21, "niches")])
def test_english_nouns_have_one_and_other(count: int, form: str) -> None:
    """Only one is one."""
    assert counted(count, NICHE["en"], "en") == f"{count}{SPACE}{form}"


@pytest.mark.parametrize(("lang", "text"), [("en", "1,234,567.9"), ("ru", f"1{THIN}234{THIN}567,9")])
def test_thousands_and_decimals_are_of_the_language(lang: Lang, text: str) -> None:
    """Comma and point in English, narrow space and comma in Russian."""
    assert number(1234567.89, lang, 1) == text


def test_a_minus_is_a_minus_and_zero_has_none() -> None:
    """Not a hyphen; what rounds to zero is zero."""
    assert number(-3.0, "en") == f"{MINUS}3"
    assert number(-0.001, "en", 2) == "0.00"


@pytest.mark.parametrize(
    ("value", "currency", "lang", "text"),
    [
        (2030.8, "USD", "en", "$2,031"),
        (2030.8, "USD", "ru", f"2{THIN}031{SPACE}$"),
        (9.5, "USD", "en", "$9.50"),
        (-9.5, "USD", "en", f"{MINUS}$9.50"),
        (70000, "RUB", "ru", f"70{THIN}000{SPACE}₽"),
        (99.0, "XTS", "en", f"99.00{SPACE}XTS"),
    ],
)
def test_money_is_written_where_its_readers_put_the_sign(value: float, currency: str, lang: Lang, text: str) -> None:
    """Cents only under a hundred; an unknown currency stands as its code."""
    assert money(value, currency, lang) == text


def test_a_percentage_has_a_decimal_only_when_small() -> None:
    """1.2 % and 63 %."""
    assert percent(0.0123, "en") == f"1.2{SPACE}%"
    assert percent(0.628, "ru") == f"63{SPACE}%"
    assert percent(0.0, "ru") == f"0{SPACE}%"


def test_days_are_in_words() -> None:
    """5 Nov 2017 and 5 ноября 2017."""
    assert day(date(2017, 11, 5), "en").replace(SPACE, " ") == "5 Nov 2017"
    assert day(date(2017, 11, 5), "ru").replace(SPACE, " ") == "5 ноября 2017"
