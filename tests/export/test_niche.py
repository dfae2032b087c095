from services.export.tables import Quantity
from services.export.words import Voice
from tests.export.analysed import analysis
from tests.export.bare import bare
from tests.export.reported import facts, part, report


def test_the_summary_has_the_niche_rank_among_all_scored_ones() -> None:
    """A rank says little without how many were ranked."""
    summary = facts(part(report(), "summary"))

    assert (summary["rank"], summary["ranked"]) == (2, 25)
    assert summary["revenue_8w"] == 2031.25


def test_a_score_of_another_analysis_is_not_shown_beside_these_numbers() -> None:
    """Between analysis and score the niche is reported without one."""
    document = report(id="newer")

    assert facts(part(document, "summary"))["opportunity"] is None
    assert part(document, "verdict").rows == ()
    assert "no score yet" in part(document, "points").empty


def test_every_section_that_lacks_data_says_why() -> None:
    """An empty table never stands without a sentence."""
    bare = {"demand": None, "competition": None, "price": None, "entrants": None, "series": (), "opportunities": ()}
    bare |= {"red_flags": (), "snapshots": (), "texts": ()}
    forecast = analysis().forecast.model_copy(update={"points": (), "coverage": (), "reason": "no_sales"})

    for lang in ("en", "ru"):
        document = report(lang, **bare, forecast=forecast)

        empty = [section for section in document.sections if not section.rows]
        assert len(empty) >= 10
        assert [section.key for section in empty if not section.empty] == []


def test_the_title_of_demand_is_its_finding() -> None:
    """It tells the change and what the forecast expects, and only the first where there is no forecast."""
    forecast = analysis().forecast.model_copy(update={"points": (), "reason": "short_history"})

    start = "Продажи выросли на 179\u00a0% к 8 неделям до них; прогноз ждёт"
    assert part(report("ru"), "demand").title.startswith(start)
    alone = part(report(forecast=forecast), "demand")
    assert alone.title == "Sales rose 179\u00a0% on the 8 weeks before"
    assert alone.note.endswith("There is no forecast: under 12 weeks since the first sale.")


def test_history_and_forecast_are_one_table() -> None:
    """A known week has no forecast and a week to come no revenue; neither is unknown."""
    section = part(report(), "demand")

    assert len(section.rows) == 44 + 8
    assert "p50" not in section.rows[43]
    assert "revenue" not in section.rows[44]


def test_an_opening_tells_its_evidence() -> None:
    """Prices, shares and their ratio with its interval."""
    row = part(report(), "openings").rows[0]

    assert row["where"] == "$10.00–14.00"
    assert str(row["note"]).startswith(
        "7.5\u00a0% of the listings earn 22\u00a0% of the revenue: 2.9\u00a0× their share, 95 % interval 1.1–5.3\u00a0×"
    )


def test_the_text_is_in_the_language_of_the_report() -> None:
    """Its first sentence opens the report."""
    assert report("ru").lead == ("Turkey: 2\u202f031\u00a0$, +179\u00a0%.",)
    assert [row["part"] for row in part(report("ru"), "text").rows] == [
        "conclusion", "evidence", "evidence", "risk", "next_step",
    ]  # fmt: skip


def test_a_niche_without_a_score_has_no_rank_rather_than_an_unknown_one() -> None:
    """The word says that there is none, not that somebody forgot it."""
    section = part(report(id="newer"), "summary")
    voice = Voice("en", "USD")

    words = {row["fact"]: voice.absent(row, section.columns[1]) for row in section.rows if row["value"] is None}

    assert words == {"rank": "no rank", "opportunity": "not scored", "growth": "not scored", "entry": "not scored"}


def test_newcomers_that_cannot_be_seen_are_named_with_the_remedy() -> None:
    """A source without listing dates is no market without newcomers."""
    section = part(report(entrants=None), "competition")

    assert "import a column of them" in section.note
    assert "entrants" not in facts(section)


def test_one_price_is_no_range() -> None:
    """Half of the prices do not lie between a price and itself."""
    asked = analysis().price
    assert asked is not None
    same = asked.model_copy(update={"quantiles": dict.fromkeys(asked.quantiles, 2.9312)})

    assert part(report(price=same), "prices").title == "The middle price is $2.93"
    assert part(report("ru", price=same), "prices").title == "Средняя по порядку цена — 2,93\N{NO-BREAK SPACE}$"


def test_a_small_p_is_not_written_as_zero() -> None:
    """A p of 0.000 would say that chance is impossible."""
    bought = analysis().demand
    assert bought is not None
    assert bought.mann_kendall is not None
    for p, written in ((0.25, "0.250"), (0.00104, "0.001"), (0.00004, "< 0.001"), (0.0, "< 0.001")):
        test = bought.mann_kendall.model_copy(update={"p": p})
        section = part(report(demand=bought.model_copy(update={"mann_kendall": test})), "tests")
        (value,) = (row["value"] for row in section.rows if row["fact"] == "p")

        assert isinstance(value, Quantity)
        said = Voice("en", "USD").figure(value.value, value.kind, value.digits)
        assert said.replace("\u00a0", " ") == written


def test_absent_findings_are_words_and_never_zeros() -> None:
    """In a niche of which little is known no table is blank, and no figure that is absent is a number."""
    of = bare()
    document = report(**{name: getattr(of, name) for name in type(of).model_fields})

    for key in ("season", "months", "stock", "rating", "brand", "barrier", "modes", "segments", "sellers"):
        section = part(document, key)
        assert section.rows == ()
        assert section.empty
    assert part(document, "season").empty.startswith("Season: unknown. It takes two years")
    for key in ("tests", "competition", "batch"):
        assert None in facts(part(document, key)).values()
    assert facts(part(document, "batch")) == dict.fromkeys(facts(part(document, "batch")))


def test_a_test_of_trend_shows_its_correction() -> None:
    """The corrected p stands beside the plain one, with what autocorrelation did to the variance."""
    tests = facts(part(report(), "tests"))

    assert (tests["p"], tests["plain_p"], tests["inflation"]) == (0.553, 0.417, 1.86)


def test_a_change_of_level_tells_its_week_and_both_levels() -> None:
    """From nothing there is no ratio, which is said."""
    section = part(report(), "changes")
    (row,) = section.rows

    assert section.title == "Changes of level: 1, the last on 23\u00a0Oct\u00a02017"
    assert (row["before"], row["after"], round(float(str(row["times"])), 2)) == (148.2, 603.4, 4.07)


def test_a_forecast_names_its_members_and_its_errors() -> None:
    """What it is the mean of, what it missed by, and what share of weeks its bands held."""
    section = part(report(), "errors")

    assert section.note == "The forecast is the mean of: Theta, SES, Holt, damped trend."
    assert facts(section) == {"mase": 0.91, "smape": 34.72, "folds": 31, "horizon": 8}
    assert [row["held"] for row in part(report(), "coverage").rows] == [0.48, 0.78, 0.93]
