"""Figures as people of each language write them."""

import pytest

from services.cli.figures import change, day, money, number, seconds, shown, signed, span
from services.cli.texts import speak


@pytest.mark.parametrize(
    ("lang", "written"), [("en", ["$2,031", "1,234.5", "5 Nov 2017", "+6 %"]),
                          ("ru", ["2 031 $", "1 234,5", "5 ноября 2017", "+6 %"])]
)  # fmt: skip
def test_separators_signs_and_dates_follow_the_language(lang: str, written: list[str]) -> None:
    """Thin spaces and a comma in Russian, commas and a point in English; spaces there never break a line."""
    speak("ru" if lang == "ru" else "en")
    spaces = str.maketrans("\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}", "  ")

    assert [
        text.translate(spaces) for text in (money(2031, "USD"), number(1234.5, 1), day("2017-11-05"), change(0.06))
    ] == written


def test_a_negative_number_has_a_minus_sign_and_zero_has_none() -> None:
    """A hyphen is no minus, and what rounds to zero is not below it."""
    assert number(-8) == "\N{MINUS SIGN}8"
    assert number(-0.2) == "0"
    assert money(-3, "USD") == "\N{MINUS SIGN}$3"


def test_a_range_is_joined_by_a_dash_only_while_it_has_no_sign() -> None:
    """91-93 reads well with a dash, a signed range does not."""
    assert span(91, 93) == "91\N{EN DASH}93"
    assert span(-0.08, 0.04, 2) == "\N{MINUS SIGN}0.08 to +0.04"
    assert signed(0.25) == "+0.25"


def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    """Absent is not zero."""
    assert shown(None, "score") == "\N{EN DASH}"
    assert shown(0, "score") == "0"


def test_long_times_are_told_in_minutes() -> None:
    """Seconds up to a minute, then minutes and seconds."""
    assert seconds(48).replace("\N{NO-BREAK SPACE}", " ") == "48 s"
    assert seconds(61).replace("\N{NO-BREAK SPACE}", " ") == "1 min 1 s"
