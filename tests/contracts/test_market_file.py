"""What a settings file may say, and what its writer is told when it cannot be used."""

import re
from datetime import date

import pytest

from contracts.economics import Own, Tariff
from contracts.market import MarketSettings
from contracts.market_file import SETTINGS_TEMPLATE, SettingsError, parse_settings

TEMPLATE = SETTINGS_TEMPLATE.read_text(encoding="utf-8")
FILE = """\
pseudo_sellers = ["other"]

[own]
cost = 300          # a whole number is money too
ad_share = 0.1

[[tariff]]
since = 2026-01-01
commission = 0.2

[[tariff]]
since = 2026-01-01
niche = "/Food/Tea/ "
commission = 0.15
"""


def complaint(text: str) -> str:
    """What the writer of a bad file is told."""
    with pytest.raises(SettingsError) as caught:
        parse_settings(text)
    return str(caught.value)


def test_a_file_says_what_is_set_and_leaves_out_the_rest() -> None:
    """Sections may be missing, and slashes around a path say nothing."""
    start = date(2026, 1, 1)

    assert parse_settings(FILE) == MarketSettings(
        pseudo_sellers=("other",),
        own=Own(cost=300.0, ad_share=0.1),
        tariffs=(Tariff(since=start, commission=0.2), Tariff(since=start, niche="Food/Tea", commission=0.15)),
    )
    assert parse_settings("") == MarketSettings()


def test_the_template_sets_nothing_and_explains_everything() -> None:
    """It can be set as it is, and each line that is uncommented is one that the file may have."""
    lines = re.sub(r"^# (?=\w+ = |\[)", "", TEMPLATE, flags=re.MULTILINE)
    known = parse_settings(lines)

    assert parse_settings(TEMPLATE) == MarketSettings()
    assert known.pseudo_sellers
    assert known.own.model_dump(exclude_none=True).keys() == Own.model_fields.keys()
    assert [tariff.model_dump(exclude_none=True).keys() for tariff in known.tariffs] == [Tariff.model_fields.keys()]
    assert [line for line in lines.splitlines() if re.match(r"\w+ = |\[", line) and "# " not in line] == [
        'pseudo_sellers = ["unknown", "other"]'  # what it means stands above it
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "commission = 0.2",
            "comission = 0.2",
            (
                "line 9, [[tariff]] comission is not known, so it would change nothing; did you mean commission? use "
                "one of: since, niche, commission, logistics, storage, returns, return_handling, tax"
            ),
        ),
        (
            "commission = 0.2",
            "commission = 20",
            "line 9, [[tariff]] commission = 20 cannot be used: input should be less than 1; write another value",
        ),
        (
            "cost = 300 ",
            "cost = -3 ",
            "line 4, [own] cost = -3 cannot be used: input should be greater than or equal to 0; write another value",
        ),
        (
            "cost = 300 ",
            "cost = inf ",
            "line 4, [own] cost = inf cannot be used: input should be a finite number; write another value",
        ),
        (
            "cost = 300 ",
            'cost = "300" ',
            "line 4, [own] cost = '300' cannot be used: input should be a valid number; write another value",
        ),
        (
            "since = 2026-01-01\ncommission",
            "commission",
            (
                "line 7, [[tariff]] since is missing, so nobody knows from which day on it counts; "
                "add it, such as since = 2026-01-31"
            ),
        ),
        (
            'pseudo_sellers = ["other"]',
            'pseudo_sellers = "other"',
            "line 1, pseudo_sellers is 'other', which is no list; write pseudo_sellers = ['other']",
        ),
        (
            "ad_share = 0.1",
            'ad_share = 0.1\npseudo_sellers = ["other"]',
            (
                "line 6, [own] pseudo_sellers is not known, so it would change nothing; "
                "move it to the top of the file, above every section"
            ),
        ),
        (
            'pseudo_sellers = ["other"]',
            "currency = 5",
            "line 1, currency is not known, so it would change nothing; use one of: pseudo_sellers, own, tariff",
        ),
        (
            "[own]\n",
            "[[tarif]]\n",
            (
                "line 3, [[tarif]] is not known, so it would change nothing; "
                "did you mean tariff? use one of: pseudo_sellers, own, tariff"
            ),
        ),
        (
            "[own]\n",
            "own = 5\n[owns]\n",
            "line 3, [own] is 5, which is no section; write [own] and its keys below",
        ),
        (
            'niche = "/Food/Tea/ "\n',
            "",
            (
                "line 11, [[tariff]] counts from 2026-01-01 for every niche as the one of line 7 does, so nobody could "
                "tell which of them counts; give it another day or niche, or make one of both"
            ),
        ),
        (
            "since = 2026-01-01\ncommission",
            'since = 2026-01-01\nniche = "Food/Tea"\ncommission',
            (
                "line 12, [[tariff]] counts from 2026-01-01 for the niches of 'Food/Tea' as the one of line 7 does, so "
                "nobody could tell which of them counts; give it another day or niche, or make one of both"
            ),
        ),
        (
            "ad_share = 0.1",
            "ad_share = 10 %",
            (
                "the settings file is not TOML, so nothing can be set: Expected newline or end of document after a "
                "statement (at line 5, column 15); write a section as [own] or [[tariff]], a share as commission = "
                "0.15 and a day as since = 2026-01-31"
            ),
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(old: str, new: str, told: str) -> None:
    """Line, section, key, what is wrong, why it matters, and what to write instead."""
    assert old in FILE

    assert complaint(FILE.replace(old, new, 1)).splitlines()[0] == told


def test_a_single_bracket_is_told_to_be_doubled() -> None:
    """A tariff is one of several, so its section is a list."""
    assert complaint("[tariff]\nsince = 2026-01-01").endswith("no section; write [[tariff]] and its keys below")


def test_every_mistake_is_told_at_once() -> None:
    """One line for each, so that a file is put right in one go."""
    assert len(complaint(FILE.replace("cost", "cots").replace("commission", "fee")).splitlines()) == 3
