import re
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from contracts.commands import COMMANDS
from services.gateway.web.locale import NOUNS, WORDS, Locale, chosen

GATEWAY = Path(__file__).parents[3] / "services" / "gateway"
EN, RU = Locale("en", ZoneInfo("UTC")), Locale("ru", ZoneInfo("UTC"))


def named(text: str) -> set[str | None]:
    """What is put into a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_say_the_same_things():
    """No key is in one language only, and what is put into a text in one is put into it in the other."""
    assert WORDS["en"].keys() == WORDS["ru"].keys()
    assert NOUNS["en"].keys() == NOUNS["ru"].keys()
    assert {key for key, text in WORDS["en"].items() if named(text) != named(WORDS["ru"][key])} == set()
    assert {len(forms) for forms in NOUNS["en"].values()} == {2}
    assert {len(forms) for forms in NOUNS["ru"].values()} == {3}


def test_russian_is_written_in_russian():
    """Every text of it has Cyrillic letters, but for names and abbreviations."""
    latin = {key for key, text in WORDS["ru"].items() if not re.search("[а-яё]", text)}

    assert latin == {"site.api", "board.hhi", "board.flag"}


def test_every_word_is_said_somewhere():
    """A key is in a template or in the code, or is made of a vocabulary's name and a code."""
    code = "\n".join(path.read_text() for folder in ("templates", "web") for path in (GATEWAY / folder).glob("*.*"))
    code = "\n".join(line for line in code.splitlines() if not re.match(r'    "[a-z_0-9.]+": ', line))
    made = ("verdict.", "flag.", "gate.", "lack.", "kind.", "month.", "problem.", "state.")

    assert {
        key for key in WORDS["en"] if not re.search(f"['\"]{re.escape(key)}['\"]", code) and not key.startswith(made)
    } == set()


def test_every_command_has_a_name_for_people():
    """A run's title is no code."""
    assert {name for name in COMMANDS if f"kind.{name}" not in WORDS["en"]} == set()


@pytest.mark.parametrize(
    ("count", "english", "russian"),
    [
        (1, "1 niche", "1 ниша"),
        (2, "2 niches", "2 ниши"),
        (5, "5 niches", "5 ниш"),
        (11, "11 niches", "11 ниш"),
        (21, "21 niches", "21 ниша"),
        (112, "112 niches", "112 ниш"),
        (1000, "1,000 niches", "1 000 ниш"),
    ],
)
def test_counts_agree_with_their_nouns(count: int, english: str, russian: str):
    """The forms are those of CLDR."""
    assert EN.count(count, "niche").replace("\xa0", " ") == english
    assert re.sub("[\xa0\u202f]", " ", RU.count(count, "niche")) == russian


def test_numbers_are_written_as_people_of_that_language_do():
    """Thousands, decimals, minus, money and shares."""
    assert (EN.number(-1234.5, 1), RU.number(-1234.5, 1)) == ("−1,234.5", "−1\u202f234,5")
    assert (EN.money(2031.4, "USD"), RU.money(2031.4, "USD")) == ("$2,031", "2\u202f031\xa0$")
    assert (EN.money(-9.5, "USD"), EN.money(70000, "PLN")) == ("−$9.50", "70,000\xa0PLN")
    assert (EN.percent(-0.345, signed=True), RU.percent(0.055)) == ("−34\xa0%", "5,5\xa0%")


def test_ages_are_told_in_units_that_are_felt():
    """Days for weeks, months for a year and a half, years beyond."""
    assert [EN.age(days) for days in (8, 59, 60, 729, 3306)] == [
        "8\xa0days",
        "59\xa0days",
        "2\xa0months",
        "24\xa0months",
        "9\xa0years",
    ]


def test_durations_are_told_in_seconds_and_minutes():
    """Tenths only where they are felt."""
    assert [EN.seconds(value) for value in (0.25, 20.4, 125)] == ["0.2\xa0s", "20\xa0s", "2\xa0min 5\xa0s"]


@pytest.mark.parametrize(
    ("asked", "accepted", "lang"),
    [
        ("ru", "en", "ru"),
        ("en", "ru", "en"),
        (None, "ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        (None, "de, ru;q=0.2, en;q=0.4", "en"),
        (None, "de", "en"),
        (None, "", "en"),
        ("xx", "ru;q=nonsense, *", "en"),
    ],
)
def test_the_language_is_the_one_that_is_asked_for(asked: str | None, accepted: str, lang: str):
    """The address goes before the browser, the browser before the house."""
    assert chosen(asked, accepted, "en") == lang
