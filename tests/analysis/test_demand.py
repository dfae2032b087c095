import numpy as np
import pytest

from contracts.demand import Demand
from services.analysis.demand import change, demand, series, side_by_side
from services.analysis.draws import drawn_terms, resample
from services.analysis.ledger import Ledger, ledger, shelf
from services.analysis.outlook import outlooks
from services.analysis.points import points
from services.analysis.quality import tidy
from services.analysis.stock import stock
from services.analysis.trends import trends
from tests.analysis import rows


def made(records: list[dict[str, object]], weeks: int) -> Ledger:
    """A ledger of the first so many weeks."""
    kept = tidy(rows.frame(records), rows.sunday(weeks)).rows
    return ledger(kept, rows.span(weeks), rows.sunday(weeks))


def found(of: Ledger) -> Demand | None:
    """Demand as an analysis finds it."""
    weeks = len(of.numbers)
    on = shelf(of, weeks - 8, weeks)
    (own,) = points(of.weekly[None], [of], [on])
    drawn = drawn_terms(of, on, resample(len(of.products), "n"), own, "n")
    (trend,) = trends(of.weekly[None], of.numbers)
    (ahead,) = outlooks(of.weekly[None], of.numbers, 8)
    return demand(of, own.terms, drawn, trend, stock(of), ahead)


def test_demand_of_a_niche_that_doubled() -> None:
    """Eight weeks at 10, eight at 20: 160 in all, +100 %, each week of the last equal."""
    here = found(made(rows.series([10.0] * 8 + [20.0] * 8), 16))

    assert here is not None
    assert (here.revenue, here.units, here.level) == (160.0, 160.0, pytest.approx(20.0))
    assert here.change is not None
    assert (here.change.value, here.change.base) == (pytest.approx(1.0), pytest.approx(10.0))
    assert here.growth is not None
    assert here.growth.base == pytest.approx(20.0)
    assert (here.spike_share, here.active_share) == (pytest.approx(0.25), 1.0)


def test_a_change_has_the_interval_of_its_draws() -> None:
    """The 2.5th and 97.5th percentile, as relative changes."""
    here = change(np.log(1.5), np.log(np.linspace(1.0, 2.0, 201)), 100.0)

    assert here is not None
    assert (here.value, here.lo, here.hi) == (
        pytest.approx(0.5),
        pytest.approx(0.025, rel=1e-2),
        pytest.approx(0.975, rel=1e-2),
    )
    assert change(float("nan"), np.zeros(3), 1.0) is None


def test_no_sales_no_demand() -> None:
    """Absent, not zero, when eight weeks sold nothing or are not there."""
    assert found(made(rows.series([10.0] * 8 + [0.0] * 8), 16)) is None
    assert found(made(rows.series([10.0] * 5), 5)) is None
    assert found(made([], 16)) is None


def test_trends_and_stock_stand_beside_the_demand() -> None:
    """What the series and the shelf tell is told with it, and a late start counts all weeks in the active share."""
    here = found(made(rows.series([None] * 10 + [5.0, 6.0] * 10), 30))

    assert here is not None
    assert here.mann_kendall is not None
    assert here.slope is not None
    assert here.season is None
    assert here.changes == ()
    assert here.stock is not None
    assert here.stock.change == pytest.approx(0.0)
    assert here.active_share == pytest.approx(20 / 30)


def test_earlier_views_stand_beside_as_far_as_history_reaches() -> None:
    """90 days need 21 weeks, 360 days 60; what is not there is absent."""
    of = made(rows.series([float(week) for week in range(1, 31)]), 30)
    ((now, then),) = side_by_side([of], rows.sunday(30))

    assert now.revenue == sum(range(23, 31))
    assert then.as_of == rows.sunday(17)
    assert then.revenue == sum(range(10, 18))
    assert (then.products, then.sellers, then.price) == (1, 1, 1.0)
    assert [len(views) for views in side_by_side([made(rows.series([1.0] * 70), 70)], rows.sunday(70))] == [3]
    assert side_by_side([made(rows.series([1.0] * 5), 5)], rows.sunday(5)) == [()]


def test_a_series_begins_with_the_first_sale() -> None:
    """Unknown weeks are left out, sold-out ones are zero."""
    of = made([*rows.series([None, 2.0, None, 3.0]), rows.observation(day=rows.monday(4), has_data=False)], 5)

    assert [(point.week, point.revenue) for point in series(of)] == [
        (rows.monday(1), 2.0),
        (rows.monday(2), 0.0),
        (rows.monday(3), 3.0),
    ]
