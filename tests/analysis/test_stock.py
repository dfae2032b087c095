from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from services.analysis import stock as stock_file
from services.analysis.ledger import Ledger, ledger
from services.analysis.quality import tidy
from services.analysis.stock import stock
from tests.analysis import rows

STEADY = [10.0] * 32


def made(*products: list[float | None], records: list[dict[str, Any]] | None = None) -> Ledger:
    """A ledger of products by what each sold in the last weeks."""
    weeks = len(products[0])
    sales = [row for item, sold in enumerate(products) for row in rows.series(sold, product_id=f"p{item}")]
    kept = tidy(rows.frame([*sales, *(records or [])]), rows.sunday(weeks)).rows
    return ledger(kept, rows.span(weeks), rows.sunday(weeks))


def flagged(*products: list[float]) -> Ledger:
    """A ledger whose rows say that what sold nothing could not be bought."""
    records = [
        rows.observation(product_id=f"p{item}", day=rows.monday(week), revenue=sold, units=sold, in_stock=sold > 0)
        for item, series in enumerate(products)
        for week, sold in enumerate(series)
    ]
    return made([None] * len(products[0]), records=records)


AWAY = [10.0] * 16 + [0.0] * 8 + [10.0] * 8


@pytest.mark.parametrize("make", [made, flagged])
def test_a_return_from_a_stock_out_is_not_growth(make: Any) -> None:
    """Half more was sold, but only because the third product was there again."""
    of = make(STEADY, STEADY, AWAY)
    here = stock(of)

    assert of.weekly[-8:].sum() / of.weekly[-16:-8].sum() == pytest.approx(1.5)
    assert here is not None
    assert here.inferred == (make is made)
    assert here.change == pytest.approx(0.0)
    assert (here.returned, here.products_out, here.out_share, here.lost_revenue) == (1, 0, 0.0, 0.0)


@pytest.mark.parametrize("make", [made, flagged])
def test_growth_stays_growth(make: Any) -> None:
    """Products that sell half more grow by half, whether one of them was away before or not."""
    grown = [10.0] * 24 + [15.0] * 8
    away = [10.0] * 18 + [0.0] * 6 + [15.0] * 8

    for last in (grown, away):
        here = stock(make(grown, grown, last))
        assert here is not None
        assert here.change == pytest.approx(0.5)


@pytest.mark.parametrize("make", [made, flagged])
def test_what_is_out_loses_what_it_sold_before(make: Any) -> None:
    """One of two products off the shelf for four of eight weeks: a quarter, and half its pace a week."""
    here = stock(make(STEADY, [20.0] * 28 + [0.0] * 4))

    assert here is not None
    assert (here.out_share, here.products_out, here.returned) == (pytest.approx(0.25), 1, 0)
    assert here.lost_revenue == pytest.approx(10.0)
    assert here.change == pytest.approx(0.0)


def test_half_a_week_off_the_shelf_is_half_a_loss() -> None:
    """Days of a week count by their share, and sales by the days on which they could be made."""
    of = flagged(STEADY)
    assert of.in_stock is not None
    partly = of.in_stock.copy()
    partly[0, -8:] = 0.5
    revenue = of.revenue.copy()
    revenue[0, -8:] = 5.0
    here = stock(replace(of, in_stock=partly, revenue=revenue))

    assert here is not None
    assert here.out_share == pytest.approx(0.5)
    assert here.lost_revenue == pytest.approx(5.0)
    assert here.change == pytest.approx(0.0)


@pytest.mark.parametrize("make", [made, flagged])
def test_who_came_late_or_went_for_good_was_not_out(make: Any) -> None:
    """Before its first sale a product is not missed, and after nine silent weeks no more."""
    late = stock(make(STEADY, [0.0] * 22 + [10.0] * 10))
    gone = stock(make(STEADY, [10.0] * 23 + [0.0] * 9))

    for here in (late, gone):
        assert here is not None
        assert (here.out_share, here.products_out, here.returned, here.lost_revenue) == (0.0, 0, 0, 0.0)
    assert late is not None
    assert late.change == pytest.approx(160 / 100 - 1)


def test_what_cannot_be_told_is_absent() -> None:
    """No product, no steady seller, under eight weeks: no stock; under sixteen weeks no change."""
    assert stock(made([None] * 20)) is None
    assert stock(made([10.0, None, None, None] * 6)) is None
    assert stock(made([10.0] * 7)) is None
    short = stock(made([10.0] * 15))
    assert short is not None
    assert short.change is None


def test_unknown_weeks_are_left_out() -> None:
    """A week in which nobody looked is not one off the shelf."""
    of = made(STEADY, STEADY)
    known, revenue = of.known.copy(), of.revenue.copy()
    known[-6:-3] = False
    revenue[:, -6:-3] = 0.0
    here = stock(replace(of, known=known, revenue=revenue))

    assert here is not None
    assert (here.out_share, here.change) == (0.0, pytest.approx(0.0))


def test_flags_that_nobody_sets_any_more_are_not_asked() -> None:
    """Where the last sixteen weeks have none, silence tells."""
    of = flagged(STEADY, AWAY)
    assert of.in_stock is not None
    old = of.in_stock.copy()
    old[:, -16:] = np.nan
    here = stock(replace(of, in_stock=old))

    assert here is not None
    assert here.inferred
    assert here.returned == 1


def test_very_many_products_are_looked_at_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes out does not depend on how many at once."""
    of = made(STEADY, AWAY, [20.0] * 28 + [0.0] * 4, STEADY, [10.0] * 27 + [0.0] * 5)
    whole = stock(of)
    monkeypatch.setattr(stock_file, "_AT_ONCE", 2)

    assert whole is not None
    assert whole.products_out == 2
    assert stock(of) == whole
