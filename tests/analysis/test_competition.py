import numpy as np
import pytest

from contracts.niche import Niche
from services.analysis.competition import competition, revenue_per_seller
from services.analysis.ledger import ledger, shelf
from tests.analysis import rows

TEA = Niche(id="n", market="m", kind="category", path="Grocery/Tea", name="Tea")


def of_sellers(*sold: tuple[str | None, float], **fields: object):
    """Competition of one week in which each seller sold one product for so much."""
    records = [
        rows.observation(product_id=f"p{place}", seller_id=seller, revenue=money, **fields)
        for place, (seller, money) in enumerate(sold)
    ]
    of = ledger(rows.frame(records), rows.span(8), rows.sunday(8))
    return competition(of, shelf(of, 0, 8), TEA), revenue_per_seller(of, shelf(of, 0, 8))


def test_shares_of_50_30_and_20_give_the_textbook_index() -> None:
    """HHI .38, 2.63 effective sellers, the four largest hold all."""
    found, each = of_sellers(("a", 50.0), ("b", 30.0), ("c", 20.0))

    assert found.hhi_lo == found.hhi_hi == pytest.approx(0.38)
    assert found.effective_sellers == pytest.approx(1 / 0.38)
    assert found.cr4 == pytest.approx(1.0)
    assert (found.sellers, found.unknown_share) == (3, 0.0)
    assert each == found.revenue_per_seller == pytest.approx(100 / 3)
    assert [(one.seller, pytest.approx(one.share)) for one in found.top] == [("a", 0.5), ("b", 0.3), ("c", 0.2)]


def test_the_four_largest_of_ten_equal_sellers_hold_40_percent() -> None:
    """CR4 counts four, CR10 all of these ten, the list of the top shows five."""
    found, _ = of_sellers(*((f"s{n}", 10.0) for n in range(10)))

    assert (found.cr4, found.cr10) == (pytest.approx(0.4), pytest.approx(1.0))
    assert found.hhi_lo == pytest.approx(0.1)
    assert found.gini == found.gini_all == pytest.approx(0.0)
    assert len(found.top) == 5


def test_sellers_without_sales_are_listed_and_make_shares_less_equal() -> None:
    """Two of four sell equally: equal among themselves, while half of all listed hold everything."""
    found, _ = of_sellers(("a", 50.0), ("b", 50.0), ("c", 0.0), ("d", 0.0))

    assert (found.sellers, found.sellers_listed) == (2, 4)
    assert (found.gini, found.gini_all) == (pytest.approx(0.0), pytest.approx(0.5))


def test_huge_revenues_have_shares_too() -> None:
    """Their squares would be beyond what a number can hold."""
    found, _ = of_sellers(("a", 1e300), ("b", 1e300))

    assert (found.hhi_lo, found.gini) == (pytest.approx(0.5), pytest.approx(0.0))


def test_revenue_without_a_seller_widens_the_index() -> None:
    """Half unknown: from a quarter (very many sellers) to a half (one more)."""
    found, _ = of_sellers(("a", 50.0), (None, 50.0))

    assert (found.hhi_lo, found.hhi_hi) == (pytest.approx(0.25), pytest.approx(0.5))
    assert (found.unknown_share, found.sellers) == (pytest.approx(0.5), 1)


def test_no_seller_known_means_no_seller_figures() -> None:
    """Absent, while listings are still counted."""
    found, each = of_sellers((None, 50.0), (None, 0.0))

    assert (found.sellers, found.sellers_listed, found.hhi_lo, found.cr4, each) == (None, None, None, None, None)
    assert (found.products, found.products_with_sales, found.share_with_sales) == (2, 1, 0.5)


def test_one_seller_is_a_monopoly() -> None:
    """HHI 1, one effective seller, and nobody to be unequal to."""
    found, _ = of_sellers(("a", 10.0), ("a", 20.0))

    assert found.gini is found.gini_all is None
    assert (found.hhi_lo, found.effective_sellers, found.sellers) == (1.0, 1.0, 1)
    assert found.top[0].products == 2


def test_listings_that_sold_nothing_leave_seller_figures_absent() -> None:
    """Offers without a sale are offers."""
    found, _ = of_sellers(("a", 0.0))

    assert (found.products, found.products_with_sales, found.sellers, found.sellers_listed) == (1, 0, None, 1)


def test_nothing_on_sale_is_no_competition() -> None:
    """Absent, not a niche without rivals."""
    of = ledger(rows.frame(), rows.span(8), rows.sunday(8))

    assert competition(of, shelf(of, 0, 8), TEA) is None


def test_newcomers_hold_the_share_of_products_listed_in_26_weeks() -> None:
    """Unknown where no product tells; older or undated products are not new, nor are those listed anew."""
    records = [
        rows.observation(product_id="new", day=rows.monday(35), listed_on=rows.monday(20), revenue=30.0),
        rows.observation(product_id="again", day=rows.monday(5), revenue=1.0),
        rows.observation(product_id="old", day=rows.monday(35), listed_on=rows.monday(2), revenue=50.0),
        rows.observation(product_id="again", day=rows.monday(35), listed_on=rows.monday(20), revenue=10.0),
        rows.observation(product_id="undated", day=rows.monday(35), revenue=10.0),
    ]
    of = ledger(rows.frame(records), rows.span(40), rows.sunday(40))
    found = competition(of, shelf(of, 32, 40), TEA)

    assert found is not None
    assert found.newcomer_share == pytest.approx(0.3)
    assert of_sellers(("a", 1.0))[0].newcomer_share is None


def test_brands_are_those_with_sales() -> None:
    """A brand on the shelf that sells nothing competes for nothing, and no name is no brand."""
    records = [
        rows.observation(product_id="a", brand="x"),
        rows.observation(product_id="b", brand="y", revenue=0.0),
        rows.observation(product_id="c", brand="No name"),
        rows.observation(product_id="d", brand=None),
    ]
    of = ledger(rows.frame(records), rows.span(8), rows.sunday(8))
    found = competition(of, shelf(of, 0, 8), TEA)

    assert found is not None
    assert found.brands == 1
    assert found.brand is not None
    assert (found.brand.brand, found.brand.share) == ("x", pytest.approx(1 / 3))
    assert np.isfinite(found.share_with_sales)
