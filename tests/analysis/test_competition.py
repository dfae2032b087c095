import numpy as np
import pytest

from services.analysis.competition import competition, revenue_per_seller
from services.analysis.ledger import ledger, shelf
from services.analysis.quality import tidy
from tests.analysis import rows


def of_sellers(*sold: tuple[str | None, float], **fields: object):
    """Competition of one week in which each seller sold one product for so much."""
    records = [
        rows.observation(product_id=f"p{place}", seller_id=seller, revenue=money, **fields)
        for place, (seller, money) in enumerate(sold)
    ]
    kept, _ = tidy(rows.frame(records), rows.sunday(8))
    of = ledger(kept, rows.span(8), rows.sunday(8))
    return competition(of, shelf(of, 0, 8)), revenue_per_seller(of, shelf(of, 0, 8))


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
    """CR4 counts four, the list of the top shows five."""
    found, _ = of_sellers(*((f"s{n}", 10.0) for n in range(10)))

    assert found.cr4 == pytest.approx(0.4)
    assert found.hhi_lo == pytest.approx(0.1)
    assert len(found.top) == 5


def test_revenue_without_a_seller_widens_the_index() -> None:
    """Half unknown: from a quarter (very many sellers) to a half (one more)."""
    found, _ = of_sellers(("a", 50.0), (None, 50.0))

    assert (found.hhi_lo, found.hhi_hi) == (pytest.approx(0.25), pytest.approx(0.5))
    assert (found.unknown_share, found.sellers) == (pytest.approx(0.5), 1)


def test_no_seller_known_means_no_seller_figures() -> None:
    """Absent, while listings are still counted."""
    found, each = of_sellers((None, 50.0), (None, 0.0))

    assert (found.sellers, found.hhi_lo, found.cr4, each) == (None, None, None, None)
    assert (found.products, found.products_with_sales, found.share_with_sales) == (2, 1, 0.5)


def test_one_seller_is_a_monopoly() -> None:
    """HHI 1, one effective seller."""
    found, _ = of_sellers(("a", 10.0), ("a", 20.0))

    assert (found.hhi_lo, found.effective_sellers, found.sellers) == (1.0, 1.0, 1)
    assert found.top[0].products == 2


def test_listings_that_sold_nothing_leave_seller_figures_absent() -> None:
    """Offers without a sale are offers."""
    found, _ = of_sellers(("a", 0.0))

    assert (found.products, found.products_with_sales, found.sellers) == (1, 0, None)


def test_nothing_on_sale_is_no_competition() -> None:
    """Absent, not a niche without rivals."""
    kept, _ = tidy(rows.frame(), rows.sunday(8))
    of = ledger(kept, rows.span(8), rows.sunday(8))

    assert competition(of, shelf(of, 0, 8)) is None


def test_newcomers_hold_the_share_of_products_listed_in_26_weeks() -> None:
    """Unknown where no product tells; older or undated products are not new."""
    records = [
        rows.observation(product_id="new", day=rows.monday(35), listed_on=rows.monday(20), revenue=30.0),
        rows.observation(product_id="old", day=rows.monday(35), listed_on=rows.monday(2), revenue=50.0),
        rows.observation(product_id="undated", day=rows.monday(35), revenue=20.0),
    ]
    kept, _ = tidy(rows.frame(records), rows.sunday(40))
    of = ledger(kept, rows.span(40), rows.sunday(40))
    found = competition(of, shelf(of, 32, 40))

    assert found is not None
    assert found.newcomer_share == pytest.approx(0.3)
    assert of_sellers(("a", 1.0))[0].newcomer_share is None


def test_brands_are_those_with_sales() -> None:
    """A brand on the shelf that sells nothing competes for nothing."""
    records = [
        rows.observation(product_id="a", brand="x"),
        rows.observation(product_id="b", brand="y", revenue=0.0),
        rows.observation(product_id="c", brand=None),
    ]
    kept, _ = tidy(rows.frame(records), rows.sunday(8))
    of = ledger(kept, rows.span(8), rows.sunday(8))
    found = competition(of, shelf(of, 0, 8))

    assert found is not None
    assert found.brands == 1
    assert np.isfinite(found.share_with_sales)
