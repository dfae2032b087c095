"""What was measured, as the reports write it."""

import pytest

from services.cli.figures import shown, span
from services.cli.measured import fact, lack, raw
from services.cli.texts import speak

HARD = "\N{NO-BREAK SPACE}"


def test_a_logarithm_is_undone_before_a_person_sees_it() -> None:
    """A ratio has its ×, an amount its sign; what is not known stays so."""
    assert raw(0.0, "log ratio", "USD") == f"1.00{HARD}×"
    assert raw(5.0, "log money", "GBP") == "£148"
    assert raw(0.5, "hhi", "USD") == "0.50"
    assert raw(None, "hhi", "USD") is None


def test_a_share_is_told_in_percent_and_an_amount_with_its_sign() -> None:
    """Facts and what there is too little of read alike in a report and on a terminal."""
    little = {"fact": "active_share", "value": 0.56, "least": 0.6, "enough": False}

    assert fact("revenue_8w", 181.5, "USD") == "$182"
    assert lack(little, "USD") == f"weeks with sales 56{HARD}%, 60{HARD}% needed"


@pytest.mark.parametrize(("lang", "said"), [("en", "−0.08 to +0.04"), ("ru", "от −0,08 до +0,04")])
def test_a_signed_range_is_told_in_words(lang: str, said: str) -> None:
    """Russian needs both words."""
    speak("ru" if lang == "ru" else "en")

    assert span(-0.08, 0.04, 2) == said
    assert shown([-0.08, 0.04], "signed_range") == said
