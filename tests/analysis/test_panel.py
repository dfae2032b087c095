import numpy as np
import polars as pl
import pytest

from services.analysis import panel
from services.analysis.market import coded, market_terms
from services.analysis.panel import TooLittleHistoryError, build_panel, cuts_of
from services.analysis.terms import UNITS
from tests.analysis import rows

WEEKS = 30


def market() -> pl.DataFrame:
    """Two niches; a product is launched in one of them in week 17."""
    return rows.frame(
        [
            *rows.shop(WEEKS, niche_id="n"),
            *rows.series([50.0 + week for week in range(WEEKS)], niche_id="one", product_id="x"),
            *rows.series([None] * 17 + [3.0] * 13, product_id="new", listed_on=rows.monday(17)),
            *rows.series([None] * 25 + [3.0] * 5, product_id="too new", listed_on=rows.monday(25)),
        ]
    )


def test_cuts_leave_a_past_and_an_outcome() -> None:
    """A year of weeks is cut at 16, 18 and so on to 44."""
    assert cuts_of(52, 8) == tuple(range(16, 45, 2))
    assert cuts_of(24, 8) == (16,)
    assert cuts_of(23, 8) == ()


def test_a_panel_has_a_row_for_each_cut_and_niche() -> None:
    """Terms of the past as of each cut, and the growth that followed."""
    found = build_panel(market(), {"one": "One"})

    assert found.cuts == (16, 18, 20, 22)
    assert (found.table.height, found.niches) == (8, 2)
    row = found.table.filter((pl.col("cut") == 18) & (pl.col("niche_id") == "one")).row(0, named=True)
    assert row["name"] == "One"
    assert row["cut_day"] == rows.sunday(18)
    assert row["growth"] == pytest.approx(np.log(np.mean(range(68, 76)) / np.mean(range(60, 68))))
    assert row["level"] == pytest.approx(np.log(np.mean(range(60, 68))))


def test_a_cut_has_the_terms_of_an_analysis_of_that_day() -> None:
    """The backtest judges what the product shows."""
    found = build_panel(market(), {}).table.filter(pl.col("cut") == 20)
    then = market_terms(coded(market().filter(pl.col("day") <= rows.sunday(20))), rows.sunday(20))

    for name in UNITS:
        np.testing.assert_allclose(found[name].to_numpy(), then.terms[name])


def test_a_launch_counts_at_the_cut_before_it_with_eight_weeks_of_revenue() -> None:
    """A product whose eight weeks are not over yet is no launch."""
    found = build_panel(market(), {}).launches

    assert found.rows(named=True) == [{"cut": 16, "niche_id": "n", "product_id": "new", "revenue": 24.0}]


def test_a_market_without_listing_dates_has_no_launches() -> None:
    """An empty table with its columns, not an error."""
    found = build_panel(market().with_columns(listed_on=pl.lit(None, dtype=pl.Date)), {}).launches

    assert found.is_empty()
    assert found.columns == ["cut", "niche_id", "product_id", "revenue"]


def test_no_term_sees_the_future() -> None:
    """Future rows removed, then altered: every cell stays."""
    leakage = build_panel(market(), {}).leakage

    assert leakage.columns == (*UNITS, "eligible")
    assert leakage.cells == 4 * 2 * 8 * 2
    assert leakage.max_difference < 1e-9


def test_a_planted_leak_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were terms built a week too late, the test would show it."""
    late = lambda rows_, day, floor=None: market_terms(rows_, day + panel.timedelta(weeks=1), floor)  # noqa: E731 - short
    monkeypatch.setattr(panel, "market_terms", late)

    assert build_panel(market(), {}).leakage.max_difference > 0.01


def test_a_short_market_says_what_a_backtest_needs() -> None:
    """What, why, and what to do."""
    with pytest.raises(TooLittleHistoryError, match="has 10 full weeks, a backtest needs 24: import a longer history"):
        build_panel(rows.frame(rows.series([1.0] * 10)), {})
    with pytest.raises(TooLittleHistoryError, match="has 0 full weeks"):
        build_panel(rows.frame(), {})
