"""One piece and one batch, by hand; and what holds for every tariff."""

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.demand import Season
from contracts.economics import Economics, Own, Tariff
from contracts.market import MarketSettings
from contracts.price import Price
from services.analysis.economics import economics
from services.analysis.ledger import ledger, shelf
from services.analysis.weeks import BASE
from tests.analysis.rows import frame, shop, span, sunday

DAY = date(2026, 3, 1)
RATES: dict[str, Any] = {
    "commission": 0.2,
    "logistics": 60.0,
    "storage": 8.0,
    "returns": 0.25,
    "return_handling": 30.0,
    "tax": 0.05,
}
FULL = Tariff(since=date(2026, 1, 1), **RATES)
MINE = Own(cost=300.0, ad_share=0.1, lead_days=45)
SEASON = Season(strength=0.8, peak=50, trough=5, peak_ratio=2.0, months=(1.0,) * 12)
NOTHING = ledger(frame(), span(0), sunday(0))
EMPTY = shelf(NOTHING, -BASE, 0)


def asked(price: float = 1000.0) -> Price:
    """A niche whose median listing asks this."""
    return Price(quantiles={"p50": price})


def one(price: float = 1000.0, own: Own | None = MINE, *tariffs: Tariff, season: Season | None = SEASON) -> Economics:
    """The economics of one piece in a niche of which only the price is known."""
    settings = MarketSettings(tariffs=tariffs or (FULL,))
    found = economics(NOTHING, EMPTY, asked(price), season, settings, own, "Food/Tea", DAY)
    assert found is not None
    return found


def test_one_piece_by_hand() -> None:
    """At a quarter returned, a kept piece takes 4/3 deliveries and 1/3 of a return."""
    found = one()

    assert (found.commission, found.tax, found.ads) == (200.0, 50.0, 100.0)
    assert (found.logistics, found.returns, found.storage) == (pytest.approx(80), pytest.approx(10), 8.0)
    assert found.break_even_cost == pytest.approx(1000 - 200 - 50 - 100 - 80 - 10 - 8)
    assert found.margin == pytest.approx(252)
    assert (found.margin_share, found.roi) == (pytest.approx(0.252), pytest.approx(0.84))
    assert found.break_even_price == pytest.approx((80 + 10 + 8 + 300) / (1 - 0.35))
    assert found.since == FULL.since


def test_without_a_price_there_is_nothing_to_say() -> None:
    """No listing with a price, or a price of zero; the seller's own price takes its place."""
    settings = MarketSettings(tariffs=(FULL,))

    def found(price: Price | None, own: Own | None) -> Economics | None:
        return economics(NOTHING, EMPTY, price, None, settings, own, "Tea", DAY)

    assert found(None, None) is found(asked(0.0), None) is found(Price(quantiles={}), None) is None
    assert (own := found(None, Own(price=990.0))) is not None
    assert own.price == 990.0
    assert (own := found(asked(), Own(price=990.0))) is not None
    assert own.price == 990.0


def test_nothing_known_but_the_price_names_all_that_is_missing() -> None:
    """Absent inputs make absent what hangs on them, and none of them is taken for zero."""
    found = economics(NOTHING, EMPTY, asked(), None, MarketSettings(), None, "Tea", DAY)

    assert found is not None
    assert found.model_dump(exclude_none=True).keys() == {"price", "missing"}
    assert found.missing == (*RATES, "ad_share", "cost", "units", "lead_days", "season")


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("commission", {"commission"}),
        ("logistics", {"logistics"}),
        ("storage", {"storage"}),
        ("returns", {"logistics", "returns"}),
        ("return_handling", {"returns"}),
        ("tax", {"tax"}),
    ],
)
def test_a_rate_that_is_not_known_takes_its_part_and_every_sum_with_it(name: str, gone: set[str]) -> None:
    """The parts that do not hang on it stay."""
    sums = {"margin", "margin_share", "roi", "break_even_price", "break_even_cost"}
    whole, found = one(), one(1000.0, MINE, FULL.model_copy(update={name: None}))

    lost = whole.model_dump(exclude_none=True).keys() - found.model_dump(exclude_none=True).keys()
    assert lost == gone | sums
    assert name in found.missing


def test_where_nothing_comes_back_its_handling_need_not_be_known() -> None:
    """No returns cost nothing at any price of handling."""
    found = one(1000.0, MINE, FULL.model_copy(update={"returns": 0.0, "return_handling": None}))

    assert (found.returns, found.logistics) == (0.0, 60.0)
    assert "return_handling" not in found.missing


def test_without_a_cost_the_cost_that_is_left_is_told() -> None:
    """It is what the price leaves when all others have taken theirs."""
    found = one(1000.0, Own(ad_share=0.1))

    assert found.break_even_cost == pytest.approx(552)
    assert (found.cost, found.margin, found.roi, found.break_even_price) == (None, None, None, None)
    assert found.missing == ("cost", "units", "lead_days")


def test_a_price_that_does_not_cover_the_rest_leaves_less_than_nothing() -> None:
    """A loss is a number, and shares that take all of a price have no break-even price."""
    poor = one(100.0)
    greedy = one(1000.0, Own(cost=1.0, ad_share=0.9), FULL)

    assert poor.break_even_cost is not None
    assert poor.break_even_cost < 0
    assert poor.margin == pytest.approx(poor.break_even_cost - 300)
    assert greedy.margin is not None
    assert greedy.break_even_price is None


def test_goods_that_cost_nothing_have_no_return_on_them() -> None:
    """A share of zero is no number; the margin still is."""
    found = one(1000.0, Own(cost=0.0, ad_share=0.1))

    assert (found.margin, found.roi) == (found.break_even_cost, None)


def test_own_figures_take_the_place_of_the_settings_one_by_one() -> None:
    """What an analysis does not say is as the market's settings have it."""
    settings = MarketSettings(own=Own(cost=300.0, ad_share=0.1, lead_days=45), tariffs=(FULL,))
    found = economics(NOTHING, EMPTY, asked(), SEASON, settings, Own(cost=200.0), "Tea", DAY)

    assert found is not None
    assert (found.cost, found.ads) == (200.0, 100.0)
    assert found.order_by == one().order_by


@pytest.mark.parametrize(
    "rows",
    [
        [],
        shop(8)[:1],
        [row | {"units": None} for row in shop(8)],
        [row | {"units": 0.0} for row in shop(8)],
        [row | {"units": -1.0} for row in shop(8)],
        [row | {"units": 1e300} for row in shop(8)],
        [row | {"units": math.nan} for row in shop(8)],
    ],
)
def test_rows_of_any_badness_have_an_answer(rows: list[dict[str, Any]]) -> None:
    """Nothing is raised, and what is there can be told as JSON."""
    of = ledger(frame(rows), span(8), sunday(8))

    found = economics(of, shelf(of, 0, 8), asked(1e308), SEASON, MarketSettings(tariffs=(FULL,)), MINE, "Tea", DAY)

    assert found is not None
    assert Economics.from_json(found.to_json()) == found


money, share = st.floats(0, 1e6), st.floats(0, 0.3)
tariffs = st.builds(
    lambda **rates: Tariff(since=date(2026, 1, 1), **rates),
    commission=share, logistics=money, storage=money, returns=st.floats(0, 0.9), return_handling=money, tax=share,
)  # fmt: skip
owns = st.builds(lambda cost, ads: Own(cost=cost, ad_share=ads), st.floats(0.01, 1e6), share)


@given(tariffs, owns, st.floats(0.01, 1e6))
def test_break_even_leaves_nothing(rates: Tariff, own: Own, price: float) -> None:
    """The margin is zero at the break-even price, and at the break-even cost."""
    found = one(price, own, rates)
    assert found.break_even_price is not None
    assert found.break_even_cost is not None

    again = one(found.break_even_price, own, rates).margin
    assert again == pytest.approx(0, abs=1e-9 * (1 + found.break_even_price))
    if found.break_even_cost >= 0:
        cost = Own(cost=min(found.break_even_cost, 1e9), ad_share=own.ad_share)
        assert one(price, cost, rates).margin == pytest.approx(0, abs=1e-9 * (1 + price))


@given(tariffs, owns, st.floats(0.01, 1e6), st.sampled_from([*RATES, "cost", "ad_share"]), st.floats(0, 0.04))
def test_whoever_takes_more_leaves_less(rates: Tariff, own: Own, price: float, name: str, more: float) -> None:
    """The margin falls with every rate and cost, and rises with the price."""

    def more_of(given: Any) -> Any:
        return given.model_copy(update={name: getattr(given, name) + more}) if hasattr(given, name) else given

    usual = one(price, own, rates).margin
    dearer = one(price, more_of(own), more_of(rates)).margin
    richer = one(price * 1.5, own, rates).margin

    assert usual is not None
    assert dearer is not None
    assert richer is not None
    assert dearer <= usual + 1e-6
    assert richer >= usual - 1e-6
