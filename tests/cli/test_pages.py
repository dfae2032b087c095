"""What a person reads of a niche, of a backtest and of the demo."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.chassis.settings import Settings
from services.cli.demo_page import Shown, print_demo
from services.cli.niche_page import print_niche
from services.cli.proof import print_proof
from services.cli.render import Printer
from services.cli.texts import Lang, speak, word
from tests.export.analysed import analysis
from tests.export.bare import bare

Captured = pytest.CaptureFixture[str]

NICHE = {"id": "n1", "name": "Turkey", "market": "shop", "kind": "category"}
SCORE: dict[str, Any] = {
    "niche_name": "Turkey",
    "niche_id": "n1",
    "as_of": "2017-11-05",
    "verdict": "enter",
    "confidence": "high",
    "growth": {"score": 100.0, "lo": 99.0, "hi": 100.0},
    "entry": {"score": 85.2, "lo": 83.0, "hi": 87.0},
    "opportunity": {"score": 92.4, "lo": 91.0, "hi": 93.0},
    "terms": [
        {"name": "level", "group": "growth", "raw": 5.5, "unit": "log money", "weight": -0.2, "points": -3.1},
        {"name": "revenue_per_listing", "group": "entry", "unit": "log money", "weight": 1.0, "points": 0.0},
    ],
    "gates": [{"name": "sellers", "value": 2.0, "limit": 3.0, "cap": 40.0, "passed": False, "points": -52.0}],
}
ANALYSIS: dict[str, Any] = json.loads(analysis().to_json())
ROW = {"rank": 1, "score": SCORE, "currency": "USD"}
FIGURES: dict[str, Any] = {"outcome": "growth", "hit": 0.49, "chance": 0.25, "n": 9}
PROOF: dict[str, Any] = {
    "cuts": [16, 18, 20],
    "table": [
        {**FIGURES, "score": "growth", "rho": 0.253, "lo": 0.21, "hi": 0.29},
        {**FIGURES, "score": "random", "rho": -0.01, "lo": -0.05, "hi": 0.04, "ahead": 0.26},
    ],
    "verdict": [{"code": "x", "holds": None, "en": "Too few launches.", "ru": "Мало новинок."}],
}


def printed(capsys: Captured, analysis: dict[str, Any]) -> str:
    """The page of a niche with an ordinary space between numbers and units."""
    print_niche(Printer("table"), {"niche": NICHE, "score": ROW, "analysis": analysis})
    return capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")


def test_a_niche_is_told_from_its_answer_to_its_evidence(capsys: Captured) -> None:
    """Verdict, terms, the gate that failed, the text of one's language, warnings, openings, and all findings."""
    out = printed(capsys, ANALYSIS)

    told = (
        "enter",
        "Revenue per listing",
        "\N{MINUS SIGN}52.0",
        "Turkey: $2,031, +179 %.",
        "- HHI 0.10.",
        "- spike in two weeks: 63 % (limit 50 %)",
        f"! {word('flag', 'spike')}: 63 % (limit 50 %)",
        "+ Price gap: $10.00–14.00, $56 a week",
        "Trend tests",
        "Who sells: 32 sellers",
        "A piece sold at $8.49 leaves $1.59",
        "For example, left out",
    )
    places = [out.find(each) for each in told]
    assert -1 not in places
    assert places == sorted(places)


def test_a_finding_stands_with_its_interval(capsys: Captured) -> None:
    """The number, and the range that it may lie in."""
    lines = [line.split("  ") for line in printed(capsys, ANALYSIS).splitlines()]
    told = {line[1]: [part.strip() for part in line[2:] if part] for line in lines if len(line) > 2 and not line[0]}

    assert told["Last 8 weeks against the 8 before"] == ["+179 %", "(+120 to +244 %)"]
    assert told["Newcomers' share of revenue"] == ["unknown"]


@pytest.mark.parametrize(("lang", "unknown"), [("en", "unknown"), ("ru", "неизвестно")])
def test_what_is_not_known_is_said_on_the_terminal(capsys: Captured, lang: Lang, unknown: str) -> None:
    """Season, stock, ratings, brands, reviews and the parts of a price: each says so, and none is a zero."""
    speak(lang)
    out = printed(capsys, json.loads(bare().to_json()))

    assert out.count(unknown) >= 20
    assert "None" not in out
    assert "nan" not in out


def test_the_points_are_shown_down_to_their_sum(capsys: Captured) -> None:
    """Base, terms, what the gates took off, and the score that they add up to."""
    score = {**SCORE, "base": 50.0, "opportunity": {"score": 40.0, "lo": 38.0, "hi": 40.0}}

    print_niche(Printer("table"), {"niche": NICHE, "score": {**ROW, "score": score}})

    points = [line.split()[-1] for line in capsys.readouterr().out.splitlines() if "   " in line]
    minus = "\N{MINUS SIGN}"
    assert points[1:6] == ["50.0", f"{minus}3.1", "0.0", f"{minus}52.0", "40.0"]


def test_an_insufficient_niche_says_of_what_there_is_too_little(capsys: Captured) -> None:
    """A dash would be a riddle: the fact, its value and what is needed."""
    evidence = [{"fact": "weeks", "value": 9.0, "least": 16.0, "enough": False}]
    score = {"niche_name": "Roses", "verdict": "insufficient", "evidence": evidence}

    print_niche(Printer("table"), {"niche": NICHE, "score": {"score": score, "currency": "USD"}})

    assert "Too little to score: full weeks 9, 16 needed" in capsys.readouterr().out


def test_terms_of_a_niche_that_was_not_scored_have_no_points(capsys: Captured) -> None:
    """Zeros would say that its terms were weighed and found to be average."""
    terms = [{"name": "level", "group": "growth", "raw": 5.0, "unit": "log money", "weight": 0.0, "points": 0.0}]
    score = {"niche_name": "Roses", "verdict": "insufficient", "terms": terms}

    print_niche(Printer("table"), {"niche": NICHE, "score": {"score": score, "currency": "USD"}})

    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("Level of turnover"))
    dash = "\N{EN DASH}"
    assert line.split()[3:] == ["growth", "$148", dash, dash, dash]


def test_a_niche_speaks_russian_to_who_asked_for_it(capsys: Captured) -> None:
    """Codes, titles and the text of the analysis."""
    speak("ru")

    out = printed(capsys, ANALYSIS)
    assert "Что отброшено" in out
    assert "44 недели." in out
    assert "Выручка на товар" in out


def test_a_backtest_says_of_each_claim_whether_it_holds(capsys: Captured) -> None:
    """A claim that was not tested is told as such, in the reader's language."""
    print_proof(Printer("table"), PROOF)

    out = capsys.readouterr().out
    assert "not tested: Too few launches." in out
    assert "-0.01" in out


def demo(followed: float | None, market: float | None) -> Shown:
    """What the demo found when one niche was recommended."""
    return Shown(
        as_of=date(2017, 11, 5),
        market={"name": "Complete Journey"},
        batch={"failed": 0},
        rows=[ROW],
        followed={"n1": followed},
        market_followed=market,
        proof=PROOF,
        agents=[{"agent_id": "scout_niche", "name": "Анализ ниш", "state": "idle", "metrics": {"trends_updated": 1}}],
        reports=[Path("reports/top.xlsx")],
    )


def test_the_demo_says_what_it_knew_and_what_it_proves(capsys: Captured) -> None:
    """The past alone in the header, one date is no evidence beside the result, the proof below."""
    print_demo(Printer("table"), demo(1.55, 0.06), Settings(home=Path("here")), 41.2)

    out = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert "Scored from sales up to 5 Nov 2017 only; the last column happened afterwards." in out
    assert "+155 %" in out
    assert "Of 1 niche marked “enter”, 1 then grew faster than the market. One date is no evidence" in out
    assert "3 past days; growth of revenue ρ +0.25 (+0.21 to +0.29)" in out
    assert "1 trend updated" in out
    assert "reports/top.xlsx" in out
    assert "41 s" in out


def test_the_demo_makes_nothing_up_where_weeks_are_missing(capsys: Captured) -> None:
    """What is not known is a dash and a sentence."""
    print_demo(Printer("table"), demo(None, None), Settings(home=Path("here")), 1)

    assert "What then happened is not known" in capsys.readouterr().out
