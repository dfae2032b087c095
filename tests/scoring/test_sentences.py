"""The verdict in words."""

from string import Formatter

import pytest

from services.scoring.phrases import EN, RU
from services.scoring.sentences import sentence


def fields(text: str) -> set[str | None]:
    """What is filled in."""
    return {field for _, field, _, _ in Formatter().parse(text)} - {None}


@pytest.mark.parametrize("code", sorted(EN | RU))
def test_both_languages_say_every_sentence_with_the_same_numbers(code: str) -> None:
    """Nobody is told less for reading the other language."""
    missing = {"growth.holds": set(), "growth.open": set()}.get(code, set())

    assert fields(EN[code]) - missing == fields(RU[code])


def test_numbers_are_written_as_each_language_writes_them() -> None:
    """A true minus, a decimal comma in Russian, no minus before a zero, and the numbers themselves beside the text."""
    told = sentence("term.hurts", outcome="growth", term="level", loss=-0.034, lo=-0.06, hi=-0.001)

    assert told.en == (
        "Growth: the level of turnover does harm; it adds −0.03 to ρ [−0.06 to +0.00]. Take its weight away."
    )
    assert told.ru == ("Рост: уровень оборота — вредит; добавляет к ρ −0,03 [−0,06…+0,00]. Уберите этот вес.")
    assert told.params["loss"] == -0.034
