"""Data that lack something: what is not known is told as such, and moves nothing else."""

from datetime import date, timedelta

import pytest

from contracts.analysis import Analysis
from services.analysis.analysis import analyze
from services.analysis.reference import measure
from tests.analysis import rows

WEEKS = 30


def shop(**fields: object) -> list[dict[str, object]]:
    """Three products that sell ten pieces at one in every week."""
    return [
        row
        for name in ("a", "b", "c")
        for row in rows.series([10.0] * WEEKS, product_id=name, seller_id=f"s{name}", **fields)
    ]


def found(records: list[dict[str, object]], **fields: object) -> Analysis:
    """The analysis at the end of the weeks."""
    return analyze(rows.frame(records), *rows.question(WEEKS, **fields))


def late(row: dict[str, object], week: int = 24) -> bool:
    """Whether a row lies in or after a week."""
    return row["day"] >= rows.monday(week)


def test_units_that_were_not_counted_are_no_zero() -> None:
    """Revenue without pieces in the last weeks: their pieces are not known, those before are."""
    here = found([{**row, "units": None} if late(row) else row for row in shop()])

    assert here.demand is not None
    assert (here.demand.revenue, here.demand.units) == (240.0, None)
    assert "units_8w" not in here.facts
    assert [point.units for point in here.series[-8:]] == [30.0] * 2 + [None] * 6
    assert [view.units for view in here.snapshots] == [None, 240.0]
    assert here.economics is not None
    assert here.economics.first_batch is None


def test_weeks_that_nobody_saw_are_no_fall_of_sellers() -> None:
    """Three of the last eight weeks unknown, else all alike: revenue per seller did not fall."""
    here = found([{**row, "has_data": False} if late(row, WEEKS - 3) else row for row in shop()])

    assert "falling_revenue_per_seller" not in {flag.code for flag in here.red_flags}
    assert here.demand is not None
    assert here.demand.level == pytest.approx(30.0)


def test_the_same_eight_weeks_stand_there_once() -> None:
    """Of a market that ended four months ago, "now" is told by its last weeks, and 90 days ago by no others."""
    views = found(shop(), as_of=rows.sunday(WEEKS) + timedelta(days=120)).snapshots

    assert [view.as_of for view in views] == [rows.sunday(WEEKS)]


def test_zero_is_no_price() -> None:
    """Neither beside others nor alone."""
    free = [{**row, "price": 0.0, "revenue": None} if row["product_id"] == "a" else row for row in shop()]

    assert [view.price for view in found(free).snapshots] == [1.0, 1.0]


def test_the_base_of_a_change_is_money_that_was_made() -> None:
    """However steep the change, which is held at a hundredfold."""
    here = found(rows.series([2.0] * 22 + [20_000.0] * 8))

    assert here.demand is not None
    assert here.demand.change is not None
    assert (here.demand.change.base, here.demand.change.value) == (2.0, pytest.approx(99.0))


@pytest.mark.parametrize("day", [rows.monday(5) + timedelta(days=1), date(1970, 1, 6)])
def test_a_row_that_cannot_be_true_moves_no_week(day: date) -> None:
    """A negative one on a Tuesday makes no daily market of a weekly one, and one of 1970 no history."""
    frame = rows.frame([*shop(), rows.observation(product_id="z", day=day, units=-1.0)])
    _, span = measure(frame, "m", rows.sunday(WEEKS))

    assert (span.first, span.last) == (rows.START, rows.sunday(WEEKS))


def test_a_row_without_a_brand_hides_none() -> None:
    """One week of "unknown" or "нет бренда", and the product has the brand of its other weeks."""
    for nobody in ("unknown", "нет бренда", None):
        here = found([{**row, "brand": "Acme" if late(row, 1) else nobody} for row in shop()])
        assert here.competition is not None
        assert here.competition.brand is not None
        assert (here.competition.brand.brand, here.competition.brands) == ("Acme", 1)


def test_growth_has_the_band_of_its_forecast() -> None:
    """Noisy weeks make it wide whatever the products do; with too few past forecasts there is none."""
    noisy = [20.0 + 15.0 * (week % 3 - 1) + 5.0 * (week % 5 - 2) for week in range(60)]
    frame = rows.frame([row for name in "abcd" for row in rows.series(noisy, product_id=name)])
    wide = analyze(frame, *rows.question(60)).demand
    short = analyze(rows.frame(rows.series(noisy[:20])), *rows.question(20)).demand

    assert wide is not None
    assert wide.growth is not None
    assert wide.growth.lo is not None
    assert wide.growth.hi is not None
    assert wide.growth.lo < wide.growth.value < wide.growth.hi
    assert wide.growth.hi - wide.growth.lo > 0.05
    assert short is not None
    assert short.growth is not None
    assert (short.growth.lo, short.growth.hi) == (None, None)
