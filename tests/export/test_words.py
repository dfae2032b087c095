from string import Formatter
from typing import get_args

from contracts.analysis import OpportunityKind, RedFlag
from contracts.forecast import Tier
from contracts.model import FACTS, TERMS, shipped_weights
from contracts.score import Confidence, Evidence, Verdict
from services.analysis.badrows import REASONS
from services.analysis.forecasting import deep
from services.analysis.forecasting.smoothing import MEMBERS
from services.export import (
    demand_side,
    economics_side,
    facts,
    findings_side,
    forecast_side,
    leaderboard,
    market_side,
    price_side,
    quality_side,
    score_side,
    season_side,
)
from services.export.nouns import NOUNS
from services.export.tables import Column
from services.export.words import FLAG_KINDS, PHRASES, WORDS, Voice
from services.gateway.web import words_en as site

MODULES = (
    *(demand_side, economics_side, facts, findings_side, forecast_side, leaderboard, market_side, price_side),
    *(quality_side, score_side, season_side),
)
COLUMNS = [
    column
    for module in MODULES
    for columns in vars(module).values()
    if isinstance(columns, tuple)
    for column in columns
    if isinstance(column, Column)
]


def blanks(text: str) -> set[str | None]:
    """The names that a text has places for."""
    return {name for _, name, _, _ in Formatter().parse(text)} - {None}


def test_both_languages_say_everything() -> None:
    """Every word and sentence is there in both, with the same places for values."""
    for texts in (WORDS, PHRASES):
        assert texts["en"].keys() == texts["ru"].keys()
        assert {key: blanks(text) for key, text in texts["en"].items()} == {
            key: blanks(text) for key, text in texts["ru"].items()
        }
    assert NOUNS["en"].keys() == NOUNS["ru"].keys()
    assert {len(forms) for forms in NOUNS["ru"].values()} == {3}


def test_every_column_has_a_header_and_a_unit_in_words() -> None:
    """What a table holds is named in it."""
    missing = {f"column.{column.key}" for column in COLUMNS} | {
        f"unit.{column.unit}" for column in COLUMNS if column.unit
    }

    assert missing - WORDS["en"].keys() == set()


def test_every_code_of_the_contracts_has_a_word() -> None:
    """Nobody has to read a code where the shipped house speaks."""
    weights = shipped_weights()
    codes = {
        *(f"verdict.{each}" for each in get_args(Verdict)),
        *(f"confidence.{each}" for each in get_args(Confidence)),
        *(f"opening.{each}" for each in get_args(OpportunityKind)),
        *(f"term.{each}" for each in TERMS),
        *(f"fact.{each.name}" for each in weights.gates),
        *(f"fact.{each}" for each in weights.evidence),
        *(f"lack.{each}" for each in weights.evidence),
    }

    assert codes - WORDS["ru"].keys() == set()
    assert {f"fact.{each}" for each in FACTS} - WORDS["en"].keys() == set()


def test_every_code_of_an_analysis_has_a_word() -> None:
    """Why a row was left out, what a forecast is made of, what is missing of a price, and each red flag everywhere."""
    codes = {
        *(f"dropped.{each}" for each in REASONS),
        *(f"member.{each}" for each in (*MEMBERS, *deep.MEMBERS)),
        *(f"line.{each}" for each in ("price", *economics_side.TAKEN, "margin")),
        *(f"flag.{each}" for each in FLAG_KINDS),
        *(f"tier.{each}" for each in get_args(Tier)),
        *(f"month.{each}" for each in range(1, 13)),
    }

    assert codes - WORDS["ru"].keys() == set()
    assert {f"flag.{each}" for each in FLAG_KINDS} - site.EN.keys() == set()


def test_an_unknown_code_stands_readable() -> None:
    """A newer service may send a code that these words do not know yet."""
    assert Voice("en", "USD").word("flag", "new_danger") == "new danger"


def test_a_flag_says_what_was_measured_and_the_limit() -> None:
    """A share is written as one, money as money."""
    spike = RedFlag(code="spike", value=0.634, limit=0.5)
    small = RedFlag(code="small_turnover", value=38.4, limit=51.27)

    assert Voice("en", "USD").flag(spike) == "spike in two weeks: 63\u00a0% (limit 50\u00a0%)"
    assert Voice("ru", "RUB").flag(small) == "малый оборот: 38,40\u00a0₽ (предел 51,27\u00a0₽)"


def test_too_little_is_told_with_what_is_needed() -> None:
    """Who reads it knows how far off the niche is."""
    weeks = Evidence(fact="weeks", value=7.0, least=16.0, enough=False)
    share = Evidence(fact="active_share", least=0.6, enough=False)

    assert Voice("ru", "RUB").lack(weeks) == "полных недель 7, нужно 16"
    assert Voice("en", "USD").lack(share) == "weeks with sales unknown, 60\u00a0% needed"


def test_a_range_names_its_unit_once() -> None:
    """The unit stands at the outer end, on the side on which it belongs."""
    english, russian = Voice("en", "USD"), Voice("ru", "RUB")

    assert english.interval(157.2, 672.0, "money") == "$157–672"
    assert english.interval(73.5, 614.2, "money") == "$74–614"
    assert english.interval(-0.94, 1.62, "money") == "−$0.94 to $1.62"
    assert russian.interval(10.0, 14.0, "price") == "10,00–14,00\u00a0₽"
    assert english.interval(1.1, 5.3, "ratio", 1) == "1.1–5.3\u00a0×"
    assert russian.interval(91.2, 91.4, "points") == "91"
