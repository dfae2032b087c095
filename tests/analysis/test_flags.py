import pytest

from contracts.competition import BrandShare, Competition
from contracts.demand import Change, Demand, Season, Stock
from services.analysis.flags import EXTREME_SEASON, Compared, red_flags
from services.analysis.season import CLEAR


def sold(
    level: float = 100.0,
    change: float | None = 0.0,
    spike: float | None = 0.3,
    filled: float | None = None,
    sure: float = 0.0,
) -> Demand:
    """Demand at a level, changed so much (`sure` so far), with such a share in its best two weeks.

    `filled` is its change with the weeks off the shelf filled in.
    """
    return Demand(
        revenue=8 * level,
        level=level,
        change=None if change is None else Change(value=change, lo=change - sure, hi=change + sure, base=level),
        spike_share=spike,
        active_share=1.0,
        stock=Stock(out_share=0.1, inferred=False, products_out=3, returned=3, lost_revenue=9.0, change=filled),
    )


def seasonal(peak_ratio: float, strength: float = 0.9) -> Demand:
    """Demand with a season of such a peak."""
    season = Season(strength=strength, peak=48, trough=8, peak_ratio=peak_ratio, months=(1.0,) * 12)
    return sold().model_copy(update={"season": season})


def held(cr4: float | None, top3: float | None = None, *, navigational: bool | None = None) -> Competition:
    """Competition whose four largest sellers, or three largest brands, hold so much."""
    brand = None if top3 is None else BrandShare(brand="Acme", share=top3 - 0.1, top3=top3, navigational=navigational)
    return Competition(products=9, products_with_sales=9, share_with_sales=1.0, cr4=cr4, brand=brand)


REFERENCE = {"level": tuple(4.0 + point / 100 for point in range(101))}


def test_a_healthy_niche_raises_none() -> None:
    """All within limits: no flag."""
    assert (
        red_flags(sold(change=0.1, filled=0.1), held(0.5, 0.5, navigational=False), Compared(0.1, 0.1), REFERENCE) == ()
    )


@pytest.mark.parametrize(
    ("code", "flags"),
    [
        ("small_turnover", red_flags(sold(level=50.0), held(0.5), Compared(), REFERENCE)),
        ("falling_turnover", red_flags(sold(change=-0.21), held(0.5), Compared())),
        ("falling_revenue_per_seller", red_flags(sold(), held(0.5), Compared(revenue_per_seller=-0.3))),
        ("few_sellers_hold_most", red_flags(sold(), held(0.95), Compared())),
        ("few_brands_hold_most", red_flags(sold(), held(0.5, 0.95, navigational=False), Compared())),
        ("navigational", red_flags(sold(), held(0.5, 0.8, navigational=True), Compared())),
        ("price_war", red_flags(sold(), held(0.5), Compared(price=-0.15))),
        ("spike", red_flags(sold(spike=0.6), held(0.5), Compared())),
        ("stock_return", red_flags(sold(change=0.5, filled=0.02), held(0.5), Compared())),
        ("extreme_season", red_flags(seasonal(2.5), held(0.5), Compared())),
    ],
)
def test_each_flag_is_raised_by_its_own_number(code: str, flags: tuple) -> None:
    """One number beyond its limit raises one flag, which carries both."""
    (flag,) = flags

    assert flag.code == code
    assert flag.value != flag.limit


def test_a_limit_itself_is_not_beyond() -> None:
    """At the limit nothing is raised."""
    assert red_flags(sold(change=-0.2, spike=0.5), held(0.9, 0.9), Compared(-0.2, -0.1)) == ()
    assert red_flags(seasonal(EXTREME_SEASON), held(0.9), Compared()) == ()


def test_the_unknown_raises_no_flag() -> None:
    """No demand, no competition, no reference: nothing to warn of here (quality says what is missing)."""
    assert red_flags(None, None, Compared()) == ()
    assert red_flags(sold(change=None, spike=None), held(None), Compared(), {}) == ()
    assert red_flags(sold(change=0.5, filled=None), held(None), Compared()) == ()


def test_a_fall_that_chance_explains_is_no_flag() -> None:
    """Where other products of the same kind might have risen, the fall is not the niche's."""
    assert red_flags(sold(change=-0.3, sure=0.31), None, Compared()) == ()
    assert [flag.code for flag in red_flags(sold(change=-0.3, sure=0.29), None, Compared())] == ["falling_turnover"]


@pytest.mark.parametrize(("change", "filled"), [(0.5, 0.5), (0.5, 0.26), (0.22, 0.15), (0.1, 0.0), (-0.3, 0.0)])
def test_growth_that_stays_when_the_shelf_is_filled_is_growth(change: float, filled: float) -> None:
    """Only where at least half of a notable growth is gone was it a return to the shelf."""
    codes = {flag.code for flag in red_flags(sold(change=change, filled=filled), None, Compared())}

    assert "stock_return" not in codes


def test_a_season_that_noise_could_make_is_not_extreme() -> None:
    """A high peak counts only where the season is clear."""
    assert red_flags(seasonal(3.0, strength=CLEAR - 0.01), None, Compared()) == ()
