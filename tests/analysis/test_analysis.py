import json
from datetime import timedelta

import polars as pl
import pytest

from contracts.analysis import Analysis, AnalyzeParams
from contracts.message import FileRef
from services.analysis.analysis import analyze, completed
from tests.analysis import rows

FILE = FileRef(key="references/x.json", sha256="0" * 64, size=2)


def test_an_analysis_has_all_its_parts() -> None:
    """A year of a shop's sales: nothing is missing but what the source lacks."""
    found = analyze(rows.frame(rows.shop(52)), *rows.question(52))

    assert found.demand is not None
    assert found.demand.revenue == pytest.approx(sum(point.revenue for point in found.series[-8:]))
    assert found.competition is not None
    assert (found.competition.sellers, found.competition.products, found.competition.brands) == (6, 12, 2)
    assert found.price is not None
    assert len(found.price.segments) == 2
    assert len(found.forecast.points) == 8
    assert {len(values) for values in found.draws.values()} == {200}
    assert found.draws.keys() == {term.name for term in found.terms}
    assert found.opportunities_count == len(found.opportunities)
    assert len(found.snapshots) == 2
    assert found.entrants is None


def test_an_analysis_survives_its_journey_as_json() -> None:
    """Written and read again it is the same: no NaN, no infinity, nothing lost."""
    found = analyze(rows.frame(rows.shop(40)), *rows.question(40))

    assert Analysis.from_json(found.to_json()) == found


def test_the_same_question_has_the_same_bytes() -> None:
    """Whatever the order of the rows: an answer is a function of what was observed."""
    records = rows.shop(40)

    assert (
        analyze(rows.frame(records), *rows.question(40)).to_json()
        == analyze(rows.frame(records[::-1]), *rows.question(40)).to_json()
    )


@pytest.mark.parametrize("as_of", [rows.sunday(40), rows.sunday(40) - timedelta(days=3)])
def test_rows_after_the_day_change_nothing(as_of: object) -> None:
    """Altered sevenfold, the future leaves every byte; removed, only the count of rows left out changes."""
    known = {"rating": 4.2, "reviews": 30, "in_stock": True, "listed_on": rows.START}
    frame = rows.frame([*rows.shop(52, **known), *rows.series([None] * 45 + [9.0], product_id="later", seller_id="l")])
    future = pl.col("day") > as_of
    others = {
        **{name: pl.col(name) * 7 for name in ("price", "units", "revenue", "reviews")},
        **{name: pl.lit("another") for name in ("seller_id", "brand", "source")},
        "rating": pl.lit(1.0),
        "in_stock": pl.lit(value=False),
        "listed_on": pl.col("day"),
    }
    altered = frame.with_columns(
        pl.when(future).then(other).otherwise(pl.col(n)).alias(n) for n, other in others.items()
    )
    asked = rows.question(40, as_of=as_of, span=None)
    found = analyze(frame, *asked)

    assert analyze(altered, *asked).to_json() == found.to_json()
    without = analyze(frame.filter(~future), *asked)
    assert without.quality.dropped == {}
    assert without.model_copy(update={"quality": found.quality}) == found


def test_the_market_may_know_weeks_that_the_niche_does_not() -> None:
    """A niche that has no rows in the market's last weeks sold nothing in them."""
    frame = rows.frame(rows.series([5.0] * 20))

    assert analyze(frame, *rows.question(40)).demand is None
    assert analyze(frame, *rows.question(40, span=rows.span(20))).demand is not None


@pytest.mark.parametrize(
    "records",
    [
        [],
        [rows.observation()],
        [rows.observation(revenue=None, units=None, price=None)],
        [rows.observation(has_data=False)],
        [rows.observation(units=-5.0)],
        rows.series([7.0] * 40),
        rows.series([0.0] * 40),
        rows.series([7.0] * 5),
        rows.series([1e-9] * 39 + [1e12]),
        rows.series([7.0] * 40, seller_id=None, brand=None),
        rows.shop(3),
        rows.shop(40, has_data=False),
    ],
    ids=[
        "empty", "one row", "no numbers", "no data", "negative", "constant", "zeros", "short", "explosion", "nameless",
        "three weeks", "shop without data",
    ],
)  # fmt: skip
def test_hostile_niches_have_an_honest_answer(records: list[dict[str, object]]) -> None:
    """Whatever the rows: an analysis that can be written as JSON, with absent instead of made-up numbers."""
    for asked in (rows.question(40), rows.question(40, span=None)):
        found = analyze(rows.frame(records), *asked)
        body = found.to_json()

        json.loads(body, parse_constant=lambda constant: pytest.fail(f"{constant} in the JSON"))
        assert len(found.terms) == 7
        assert all(text.conclusion and text.next_step for text in found.texts)


def test_unknown_sellers_are_absent_everywhere() -> None:
    """No zero sellers in facts, terms or competition."""
    found = analyze(rows.frame(rows.series([7.0] * 40, seller_id=None)), *rows.question(40))

    assert {"sellers", "hhi", "cr4"}.isdisjoint(found.facts)
    assert {term.name for term in found.terms if term.raw is None} == {"revenue_per_seller", "concentration"}
    assert found.competition is not None
    assert found.competition.sellers is None
    assert "no_sellers" in found.quality.flags


def test_facts_are_what_gates_look_at() -> None:
    """Weeks, money and counts as the findings have them."""
    found = analyze(rows.frame(rows.shop(40)), *rows.question(40))

    assert found.demand is not None
    assert found.facts["weeks"] == 40
    assert found.facts["revenue_8w"] == pytest.approx(found.demand.revenue)
    assert found.facts["active_share"] == 1.0
    assert (found.facts["products"], found.facts["sellers"]) == (12, 6)
    assert 0 < found.facts["hhi"] < 1


def test_a_reference_gives_the_limit_of_a_small_turnover() -> None:
    """The same niche is small in a rich market and not in a poor one."""
    frame = rows.frame(rows.series([7.0] * 40))
    rich, poor = {"level": tuple([9.0] * 101)}, {"level": tuple([1.0] * 101)}

    assert "small_turnover" in {flag.code for flag in analyze(frame, *rows.question(40, reference=rich)).red_flags}
    assert analyze(frame, *rows.question(40, reference=poor)).red_flags == analyze(frame, *rows.question(40)).red_flags


def test_scoring_hears_what_it_needs_in_a_small_message() -> None:
    """Terms, draws, facts and flags of the analysis; the rest is in the file."""
    found = analyze(rows.frame(rows.shop(52)), *rows.question(52, params=AnalyzeParams(model=FILE)))
    event = completed(found, FILE, FILE, FILE)

    assert (event.terms, event.draws, event.facts) == (found.terms, found.draws, found.facts)
    assert event.flags == found.red_flags
    assert event.quality_flags == found.quality.flags
    assert len(event.to_json()) < 64 * 1024
