from string import Formatter
from typing import Any

import pytest

from contracts.analysis import OpportunityKind
from contracts.competition import Entrants
from contracts.economics import Economics
from contracts.forecast import Forecast
from contracts.quality import Quality
from contracts.text import Lang
from services.analysis.badrows import REASONS
from services.analysis.phrases import NOUNS, PHRASES
from services.analysis.text import LINES
from tests.analysis.told import AHEAD, FLAGS, GAP, KNOWN, RATING, STOCK, findings, numbers, strangers, told, whole

EMPTY: dict[str, Any] = dict.fromkeys(("demand", "competition", "entrants", "unmet", "economics")) | {
    "quality": Quality(days=0, weeks=16, rows=0, products=0, flags=("no_rows",)),
    "forecast": Forecast(tier="fast", horizon=8, reason="no_sales"),
}
FAULTY = Quality(
    days=40,
    weeks=21,
    rows=800,
    products=9,
    freshness=31,
    missing=5,
    dropped={"after_as_of": 77, "duplicate": 4, "future": 3, "inconsistent": 12, "negative": 6, "price_outlier": 8},
    flags=("short_history", "stale", "gaps", "no_sellers", "pseudo_sellers"),
)
CASES: dict[str, dict[str, Any]] = {
    "all known": {},
    "openings": {"opportunities": (GAP, RATING, STOCK, AHEAD)},
    "other openings": {"opportunities": (AHEAD, STOCK)},
    "flags": {"red_flags": FLAGS[:4]},
    "other flags": {"red_flags": FLAGS[4:8]},
    "last flags": {"red_flags": FLAGS[8:], "opportunities": (RATING,)},
    "bad data": {"quality": FAULTY, "red_flags": FLAGS},
    "empty": EMPTY,
    "loss": {"economics": Economics(price=990.0, margin=-41.2, margin_share=-0.0416, break_even_cost=263.8)},
    "no cost": {"economics": Economics(price=990.0, break_even_cost=263.8, missing=("cost",))},
    "hopeless": {"economics": Economics(price=9.0, break_even_cost=-1.2, missing=("cost",))},
}


def test_both_languages_have_the_same_sentences() -> None:
    """Each sentence exists twice, with the same places for numbers; nouns have all their forms."""
    places = lambda phrase: {field for _, field, _, _ in Formatter().parse(phrase) if field}  # noqa: E731 - short
    english, russian = PHRASES["en"], PHRASES["ru"]

    assert english.keys() == russian.keys()
    assert {key: places(english[key]) for key in english} == {key: places(russian[key]) for key in russian}
    assert NOUNS["en"].keys() == NOUNS["ru"].keys()
    assert {len(forms) for forms in NOUNS["en"].values()} == {2}
    assert {len(forms) for forms in NOUNS["ru"].values()} == {3}


@pytest.mark.parametrize("changed", CASES.values(), ids=CASES)
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_every_number_of_a_text_is_one_that_was_given(lang: Lang, changed: dict[str, Any]) -> None:
    """Nothing is computed while telling, and no text is longer than a person reads."""
    found = findings(**changed)
    text = told(found, lang)

    assert strangers(text, found, lang) == set()
    assert text.conclusion
    assert text.next_step
    assert len(text.evidence) + len(text.risks) <= LINES
    assert "{" not in whole(text)


def test_a_number_from_elsewhere_would_be_noticed() -> None:
    """The check above is no formality: a figure of another niche is found out in either language."""
    other = findings(demand=KNOWN["demand"].model_copy(update={"revenue": 7357.2}))

    assert [strangers(told(other, lang), findings(), lang) for lang in PHRASES] == [{"7357"}, {"7357"}]


@pytest.mark.parametrize("changed", CASES.values(), ids=CASES)
def test_both_languages_tell_the_same_figures(changed: dict[str, Any]) -> None:
    """English and Russian name the same numbers, apart from how they are written."""
    found = findings(**changed)

    assert sorted(numbers(whole(told(found, "en")), "en")) == sorted(numbers(whole(told(found, "ru")), "ru"))


def test_a_text_tells_turnover_forecast_and_how_good_such_forecasts_were() -> None:
    """What was sold against before, what is expected with its interval, the error and what the band held."""
    assert told(findings(), "en").conclusion == (
        "Tea sold for $16,123 in the last 8 weeks, 12 % less than in the 8 before. The next 8 weeks are forecast 7.3 % "
        "above them (8 of 10 times −5.2 % to +21 %). Forecasts of past weeks were 15 % off (sMAPE). "
        "Of the past weeks forecast, 79 % lay inside the 80 % band."
    )
    assert told(findings(), "ru").conclusion.startswith(
        "Tea: за последние 8 недель продано на 16123 $, на 12 % меньше,"
    )


def test_of_what_is_known_the_most_important_comes_first() -> None:
    """Sellers, what a piece leaves, the season, newcomers and the reviews before them, then the rest."""
    evidence = told(findings(), "en").evidence
    starts = (
        "17 sellers;",
        "At $990 a piece leaves $216",
        "The season is clear",
        "4 of 11 newcomers",
        "Over 130 weeks",
    )

    assert len(evidence) == 8
    assert [sentence.startswith(start) for sentence, start in zip(evidence, starts, strict=False)] == [True] * 5
    assert "The first batch of 640 pieces takes $195,200." in evidence[1]
    assert "1,374 reviews (median); at 12.6 a week that takes 109 weeks." in evidence[3]


@pytest.mark.parametrize(
    ("opening", "said", "step"),
    [
        (GAP, "At $7.49 to $9.99, 15 % of the offers make 32 % of the revenue", "Look at the offers at $7.49 to $9.99"),
        (RATING, "44 % of the revenue goes to goods under 4.5 stars: 23 of 49 listings.", "Read the reviews"),
        (STOCK, "7 products ran out that would have sold for $188 a week, 9.3 % of the turnover.", "See first which"),
        (
            AHEAD,
            "The season peaks in week 51 of the year, 6 weeks ahead: 1.9 times",
            "To be on the shelf for the peak, ",
        ),
    ],
)
def test_an_opening_is_told_first_and_is_the_next_step(opening: OpportunityKind, said: str, step: str) -> None:
    """Where something is open, a person is sent there."""
    text = told(findings(opportunities=(opening,)), "en")

    assert text.evidence[0].startswith(said)
    assert text.next_step.startswith(step)


def test_a_season_without_a_lead_time_is_planned() -> None:
    """The day to order by is told only where it is known."""
    step = told(findings(opportunities=(AHEAD,), economics=None), "en").next_step

    assert step == "Plan the order for the peak in week 51 first."


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.code)
def test_every_red_flag_has_its_sentence(flag: Any) -> None:
    """In both languages, with its value; where nothing is open it is the next step."""
    for lang in PHRASES:
        text = told(findings(red_flags=(flag,)), lang)
        assert len(text.risks) == 1
        assert text.next_step == PHRASES[lang]["do_risk"]


def test_a_brand_niche_is_no_opening_to_pursue() -> None:
    """Whose name buyers look for is told, and stops the reader before any opening."""
    text = told(findings(red_flags=FLAGS[:1], opportunities=(GAP,)), "en")

    assert text.risks == ("Buyers look for a brand here: Acme holds 81 % of the revenue.",)
    assert text.next_step == "Check the first risk before any stock is bought."


def test_risks_name_value_and_limit() -> None:
    """A reader sees how far beyond, and what a return to the shelf leaves of growth."""
    risks = told(findings(red_flags=(FLAGS[2], FLAGS[3])), "en").risks

    assert risks[0] == "Turnover falls: −27 % against the 8 weeks before (limit −20 %)."
    assert risks[1] == "Growth of 51 % is a return of goods to the shelf; without it there is +4.3 %."


def test_what_the_data_lack_is_one_sentence() -> None:
    """History, age, gaps, sellers, and how many rows were left out for which reason; later rows are no fault."""
    (line,) = told(findings(quality=FAULTY), "en").risks

    assert line == (
        "About the data: only 21 weeks of history, a season cannot be told from a trend; they are 31 days old; 5 weeks "
        "without a single row; sellers are not told, so competition is unknown; sales of pseudo sellers belong to "
        "nobody; rows left out: from the future (3), negative numbers (6), revenue far from price × units (12), "
        "duplicates (4), price over 10 times off its median (8)."
    )


def test_every_reason_has_words() -> None:
    """Whatever is left out can be said."""
    assert set(REASONS) - PHRASES["en"].keys() == {"after_as_of"}


def test_a_season_that_cannot_be_known_is_not_kept_quiet() -> None:
    """Under two years of sales the text says that the season is unknown."""
    demand = KNOWN["demand"].model_copy(update={"season": None})
    text = told(findings(demand=demand), "ru")

    assert text.risks == ("О данных: сезон неизвестен: нужны два полных года продаж.",)
    assert "сезон" not in " ".join(text.evidence).casefold()


def test_a_loss_sends_a_person_to_cheaper_goods() -> None:
    """A piece that loses money is told with the cost that it may have."""
    text = told(findings(**CASES["loss"], opportunities=(GAP,)), "en")

    assert "At $990 a piece loses $41.20; to leave anything it must cost under $264." in text.evidence
    assert text.next_step == "Find goods that cost under $264 a piece first."


def test_a_niche_without_sales_or_rows_is_told_what_to_import() -> None:
    """No made-up number; what is missing, and what to do."""
    empty = told(findings(**EMPTY), "en")
    silent = told(findings(**(EMPTY | {"quality": Quality(days=9, weeks=16, rows=9, products=1)})), "ru")

    assert empty.conclusion == "Tea: no observations up to 5 Nov 2017."
    assert empty.next_step == "Import observations of at least 8 full weeks."
    assert silent.conclusion == "Tea: за последние 8 недель до 5 ноября 2017 продаж не видно."
    assert (silent.evidence, silent.risks) == ((), ())


@pytest.mark.parametrize(("sellers", "words"), [(1, "1 продавец;"), (2, "2 продавца;"), (5, "5 продавцов;")])
def test_sellers_are_counted_in_agreement(sellers: int, words: str) -> None:
    """1 продавец, 2 продавца, 5 продавцов."""
    who = KNOWN["competition"].model_copy(update={"sellers": sellers})

    assert words in whole(told(findings(competition=who), "ru"))


@pytest.mark.parametrize(("ok", "said"), [(1, "дошла 1 из 3 новинок"), (2, "дошли 2 из 3"), (0, "дошло 0 из 3")])
def test_the_verb_of_newcomers_agrees_with_their_number(ok: int, said: str) -> None:
    """One newcomer has one form, two another."""
    came = Entrants(weeks=26, n=3, ok=ok, share=ok / 3, lo=0.1, hi=0.9)

    assert f"До медианного товара {said}" in whole(told(findings(entrants=came), "ru"))
