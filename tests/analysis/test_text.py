import re
from string import Formatter

import pytest

from contracts.analysis import Analysis
from contracts.findings import Entrants, Forecast, Lang, Quality, Text
from services.analysis.analysis import analyze
from services.analysis.phrases import EN, NOUNS, RU
from services.analysis.text import Findings, text
from services.analysis.words import SPACE, THIN
from tests.analysis import rows


def told(analysis: Analysis, lang: Lang) -> Text:
    """The text of one language, its special spaces made plain."""
    (found,) = (text for text in analysis.texts if text.lang == lang)
    return Text.from_json(found.model_dump_json().replace(SPACE, " ").replace(THIN, ""))


def whole(text: Text) -> str:
    """All sentences in one."""
    return " ".join((text.conclusion, *text.evidence, *text.risks, text.next_step))


def test_both_languages_say_the_same_with_the_same_numbers() -> None:
    """Each sentence exists twice, with the same places for numbers; nouns have all their forms."""
    places = lambda phrase: {field for _, field, _, _ in Formatter().parse(phrase) if field}  # noqa: E731 - short

    assert EN.keys() == RU.keys()
    assert {key: places(EN[key]) for key in EN} == {key: places(RU[key]) for key in RU}
    assert NOUNS["en"].keys() == NOUNS["ru"].keys()
    assert {len(forms) for forms in NOUNS["en"].values()} == {2}
    assert {len(forms) for forms in NOUNS["ru"].values()} == {3}


def test_a_text_tells_turnover_and_forecast() -> None:
    """What was sold against before, then what is expected, with its interval."""
    analysis = analyze(rows.frame(rows.series([10.0] * 8 + [20.0] * 8)), rows.question(16))

    assert told(analysis, "en").conclusion.startswith(
        "Tea sold for $160 in the last 8 weeks, 100 % more than in the 8 before. The next 8 weeks are forecast"
    )
    assert told(analysis, "ru").conclusion.startswith(
        "Tea: за последние 8 недель продано на 160 $, на 100 % больше, чем за 8 недель до них. Прогноз"
    )


def test_every_number_of_a_text_is_one_of_the_analysis() -> None:
    """English and Russian name the same figures, apart from how they are written."""
    analysis = analyze(rows.frame(rows.shop(40)), rows.question(40))
    figures = {
        lang: sorted(
            re.findall(r"\d+(?:\.\d+)?", whole(told(analysis, lang)).replace(",", "." if lang == "ru" else ""))
        )
        for lang in ("en", "ru")
    }

    assert figures["en"] == figures["ru"]
    assert len(figures["en"]) > 10


@pytest.mark.parametrize(("sellers", "words"), [(1, "1 продавец;"), (2, "2 продавца;"), (5, "5 продавцов;")])
def test_sellers_are_counted_in_agreement(sellers: int, words: str) -> None:
    """1 продавец, 2 продавца, 5 продавцов."""
    records = [one for n in range(sellers) for one in rows.series([10.0] * 16, product_id=f"p{n}", seller_id=f"s{n}")]
    text = told(analyze(rows.frame(records), rows.question(16)), "ru")

    assert words in whole(text)


def test_risks_name_value_and_limit() -> None:
    """A reader sees how far beyond."""
    text = told(analyze(rows.frame(rows.series([20.0] * 8 + [10.0] * 8)), rows.question(16)), "en")

    assert "Turnover falls: −50 % against the 8 weeks before (limit −20 %)." in text.risks
    assert "Short history: 16 weeks; a season cannot be told from a trend." in text.risks
    assert text.next_step == "Check the first risk before any stock is bought."


def test_what_was_dropped_is_said() -> None:
    """How many rows, and why."""
    records = [*rows.series([10.0] * 16), rows.observation(units=-1.0, product_id="q"), rows.observation()]
    text = told(analyze(rows.frame(records), rows.question(16)), "en")

    assert "2 rows dropped: negative numbers 1, duplicates 1." in text.risks


def test_an_opening_is_the_next_step() -> None:
    """Where a gap is found, a person is sent there first."""
    records = [
        rows.observation(
            product_id=f"{asked}-{item}", seller_id=f"s{item}", price=asked, units=sold, revenue=asked * sold, day=day
        )
        for asked, sold in ((1.0, 10.0), (2.0, 10.0), (3.0, 40.0), (4.0, 2.0), (5.0, 2.0))
        for item in range(8)
        for day in (rows.monday(week) for week in range(16))
    ]
    text = told(analyze(rows.frame(records), rows.question(16)), "en")

    assert text.next_step.startswith("Look at the offers at $")
    assert any(sentence.startswith("At $") and "times their share" in sentence for sentence in text.evidence)


def test_a_niche_without_sales_or_rows_is_told_what_to_import() -> None:
    """No made-up number; what is missing, and what to do."""
    empty = told(analyze(rows.frame(), rows.question(16)), "en")
    silent = told(analyze(rows.frame(rows.series([5.0] * 8 + [0.0] * 8)), rows.question(16)), "ru")

    assert empty.conclusion == "Tea: no observations up to 23 Apr 2017."
    assert empty.next_step == "Import observations of at least 8 full weeks."
    assert silent.conclusion == "Tea: за последние 8 недель до 23 апреля 2017 продаж не видно."


def test_only_the_languages_asked_for_are_told() -> None:
    """Nobody pays for what he does not read."""
    asked = rows.AnalyzeParams(lang=("ru",))

    assert [text.lang for text in analyze(rows.frame(), rows.question(16, params=asked)).texts] == ["ru"]


@pytest.mark.parametrize(("ok", "said"), [(1, "дошла 1 из 3 новинок"), (2, "дошли 2 из 3"), (0, "дошло 0 из 3")])
def test_the_verb_of_newcomers_agrees_with_their_number(ok: int, said: str) -> None:
    """One newcomer has one form, two another."""
    empty = Quality(days=0, weeks=0, rows=0, products=0)
    found = Findings(
        name="Tea",
        currency="USD",
        as_of=rows.sunday(8),
        quality=empty,
        demand=None,
        forecast=Forecast(tier="fast", horizon=8),
        competition=None,
        entrants=Entrants(weeks=26, n=3, ok=ok, share=ok / 3, lo=0.1, hi=0.9),
        opportunities=(),
        red_flags=(),
    )

    assert f"До медианного товара {said}" in whole(text(found, "ru")).replace(SPACE, " ")
