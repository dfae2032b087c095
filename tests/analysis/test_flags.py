import pytest

from contracts.findings import Change, Competition, Demand
from services.analysis.flags import Compared, red_flags


def sold(level: float = 100.0, change: float | None = 0.0, spike: float | None = 0.3) -> Demand:
    """Demand at a level, changed so much, with such a share in its best two weeks."""
    return Demand(
        revenue=8 * level,
        level=level,
        change=None if change is None else Change(value=change, lo=change, hi=change, base=level),
        spike_share=spike,
        active_share=1.0,
    )


def held(cr4: float | None) -> Competition:
    """Competition whose four largest hold so much."""
    return Competition(products=9, products_with_sales=9, share_with_sales=1.0, cr4=cr4)


REFERENCE = {"level": tuple(4.0 + point / 100 for point in range(101))}


def test_a_healthy_niche_raises_none() -> None:
    """All within limits: no flag."""
    assert red_flags(sold(), held(0.5), Compared(0.1, 0.1), REFERENCE) == ()


@pytest.mark.parametrize(
    ("code", "flags"),
    [
        ("small_turnover", red_flags(sold(level=50.0), held(0.5), Compared(), REFERENCE)),
        ("falling_turnover", red_flags(sold(change=-0.21), held(0.5), Compared())),
        ("falling_revenue_per_seller", red_flags(sold(), held(0.5), Compared(revenue_per_seller=-0.3))),
        ("few_sellers_hold_most", red_flags(sold(), held(0.95), Compared())),
        ("price_war", red_flags(sold(), held(0.5), Compared(price=-0.15))),
        ("spike", red_flags(sold(spike=0.6), held(0.5), Compared())),
    ],
)
def test_each_flag_is_raised_by_its_own_number(code: str, flags: tuple) -> None:
    """One number beyond its limit raises one flag, which carries both."""
    (flag,) = flags

    assert flag.code == code
    assert flag.value != flag.limit


def test_a_limit_itself_is_not_beyond() -> None:
    """At the limit nothing is raised."""
    assert red_flags(sold(change=-0.2, spike=0.5), held(0.9), Compared(-0.2, -0.1)) == ()


def test_the_unknown_raises_no_flag() -> None:
    """No demand, no competition, no reference: nothing to warn of here (quality says what is missing)."""
    assert red_flags(None, None, Compared()) == ()
    assert red_flags(sold(change=None, spike=None), held(None), Compared(), {}) == ()
