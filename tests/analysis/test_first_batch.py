"""How many pieces to order first, and until when."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.economics import Economics, Own
from contracts.market import MarketSettings
from contracts.price import Price
from services.analysis.economics import economics, order_by
from services.analysis.ledger import ledger, shelf
from services.analysis.span import Span
from tests.analysis.rows import frame, observation, series, span, sunday


def batch(rows: Sequence[dict[str, Any]], **own: Any) -> Economics:
    """The economics of a niche of eight weeks, without any tariff."""
    of = ledger(frame(rows), span(8), sunday(8))
    asked = Price(quantiles={"p50": 10.0})
    found = economics(of, shelf(of, 0, 8), asked, None, MarketSettings(), Own(**own), "Tea", sunday(8))
    assert found is not None
    return found


def test_the_first_batch_is_of_the_median_listing_that_sells() -> None:
    """Three listings sell 1, 3 and 9 a week, two sell nothing: 3 a week for so many weeks, at the cost of each."""
    sales = (1.0, 3.0, 9.0, 0.0, 0.0)
    rows = [row for item, units in enumerate(sales) for row in series([units] * 8, product_id=f"{item}")]

    found = batch(rows, cost=2.5, cover_weeks=5)

    assert (found.first_batch, found.first_batch_capital) == (15, 37.5)
    assert "units" not in found.missing


@pytest.mark.parametrize(("weeks", "pieces"), [(None, 1), (8, 1), (9, 2), (24, 3)])
def test_a_batch_is_of_whole_pieces_and_lasts_eight_weeks_unless_asked(weeks: int | None, pieces: int) -> None:
    """A piece sold in eight weeks; a fraction of one is a whole one, the last bits of a number are not."""
    found = batch([observation(units=1.0)], cover_weeks=weeks)

    assert (found.first_batch, found.first_batch_capital) == (pieces, None)


@pytest.mark.parametrize("units", [None, 0.0, -1.0])
def test_without_sales_of_a_listing_no_batch_is_known(units: float | None) -> None:
    """Units that nobody tells, or none: nobody orders zero pieces."""
    found = batch([observation(units=units)], cost=1.0)

    assert (found.first_batch, found.first_batch_capital) == (None, None)
    assert "units" in found.missing


def test_a_week_without_data_is_no_week_without_sales() -> None:
    """Pieces a week are over the weeks that are known: here six of eight."""
    rows = series([2.0, 2.0, None, None, 2.0, 2.0, 2.0, 2.0])
    days = [row["day"] for row in rows]
    gaps = tuple(day for week in range(8) if (day := days[0] + timedelta(weeks=week)) not in days)
    of = ledger(frame(rows), Span(days[0], sunday(8), gaps), sunday(8))

    found = economics(
        of, shelf(of, 0, 8), Price(quantiles={"p50": 1.0}), None, MarketSettings(), None, "Tea", sunday(8)
    )

    assert found is not None
    assert found.first_batch == 16


@pytest.mark.parametrize(
    ("peak", "as_of", "lead", "last"),
    [
        (50, date(2026, 3, 1), 45, date(2026, 12, 6) - timedelta(days=45)),  # Monday of week 50 is 7 December
        (10, date(2026, 3, 1), 0, date(2026, 3, 1)),  # that week begins tomorrow
        (10, date(2026, 3, 2), 0, date(2027, 3, 7)),  # it has begun: the next year's
        (50, date(2026, 10, 22), 45, date(2026, 10, 22)),  # the last day in time
        (50, date(2026, 10, 23), 45, date(2027, 12, 12) - timedelta(days=45)),  # a day too late
        (53, date(2027, 1, 10), 0, date(2027, 12, 26)),  # 2027 has no week 53: its last one begins on the 27th
        (50, date(9999, 12, 31), 0, None),  # the calendar ends
        (1, date(1, 1, 1), 730, date(4, 1, 1) - timedelta(days=730) - timedelta(days=4)),
    ],
)
def test_the_last_day_to_order_for_the_next_peak(peak: int, as_of: date, lead: int, last: date | None) -> None:
    """Goods ordered on that day lie on the shelf the day before the peak's Monday."""
    assert order_by(peak, as_of, lead) == last
