import numpy as np
import pytest

from contracts.demand import Stock
from contracts.price import Unmet
from services.analysis.ledger import ledger, shelf
from services.analysis.unmet import LIMIT, PRIOR_REVIEWS, shrunk, unmet
from tests.analysis import rows

STOCK = Stock(out_share=0.1, inferred=False, products_out=2, returned=1, lost_revenue=12.5)


def of_listings(*listings: tuple[float, float | None, int | None], stock: Stock | None = None) -> Unmet | None:
    """What is not met by listings of (revenue, rating, reviews)."""
    records = [
        rows.observation(product_id=f"p{place:02}", revenue=money, rating=rating, reviews=reviews)
        for place, (money, rating, reviews) in enumerate(listings)
    ]
    of = ledger(rows.frame(records), rows.span(8), rows.sunday(8))
    return unmet(of, shelf(of, 0, 8), stock)


def test_a_rating_counts_as_if_reviews_of_the_mean_stood_beside_it() -> None:
    """The definition, by hand: as many reviews as the prior stand halfway, very many stand by themselves."""
    mean = (0.5 * 4.0 + 1.0 * 5.0) / 1.5
    found = shrunk(np.array([4.0, 5.0]), np.array([PRIOR_REVIEWS, 1e12]))

    assert found.tolist() == pytest.approx([(4.0 + mean) / 2, 5.0])


def test_the_gap_is_the_share_of_revenue_that_badly_rated_listings_have() -> None:
    """Many reviews make a rating sure; the mean is weighed by revenue, the share is of all revenue."""
    found = of_listings((30.0, 4.0, 10**9), (50.0, 4.9, 10**9), (20.0, None, None))

    assert found is not None
    assert found.rating is not None
    assert found.rating.mean == pytest.approx((30 * 4.0 + 50 * 4.9) / 80)
    assert (found.rating.below, found.rating.listings) == (1, 2)
    assert found.rating.below_share == pytest.approx(0.3)
    assert (found.rating.limit, found.rating.prior_reviews) == (LIMIT, PRIOR_REVIEWS)


def test_one_angry_buyer_makes_no_gap() -> None:
    """A single review of one star among well-rated listings is drawn up to them."""
    found = of_listings((10.0, 1.0, 1), *((10.0, 4.8, 400) for _ in range(9)))

    assert found is not None
    assert found.rating is not None
    assert found.rating.below == 0


def test_shrinking_brings_ratings_nearer_to_the_truth() -> None:
    """Against true ratings that differ by 0.1 to 0.35 stars, the error of raw ratings falls in each case."""
    for apart in (0.1, 0.2, 0.35):
        random = np.random.default_rng(1)
        truth = 4.5 + apart * random.normal(size=3000)
        reviews = np.ceil(random.lognormal(3, 1.8, 3000))
        shown = np.clip(truth + random.normal(size=3000) / np.sqrt(reviews), 1, 5).round(1)

        assert ((shrunk(shown, reviews) - truth) ** 2).mean() < 0.7 * ((shown - truth) ** 2).mean()


def test_a_rating_without_a_count_has_the_usual_one() -> None:
    """The median of those that tell, and as many as the prior where none tells."""
    told = of_listings((10.0, 4.0, 400), (10.0, 4.9, 400), (10.0, 4.2, None))
    same = of_listings((10.0, 4.0, 400), (10.0, 4.9, 400), (10.0, 4.2, 400))
    untold = of_listings((10.0, 4.0, None), (10.0, 4.8, None))

    assert told == same
    assert untold == of_listings((10.0, 4.0, int(PRIOR_REVIEWS)), (10.0, 4.8, int(PRIOR_REVIEWS)))


def test_a_rating_that_nobody_gave_is_none() -> None:
    """Zero stars, stars of zero reviews, stars beyond five, and listings without a sale do not count."""
    assert of_listings((10.0, 0.0, 0), (10.0, 5.0, 0), (10.0, 92.0, 50), (0.0, 3.0, 50)) is None


def test_what_is_out_of_stock_is_told_without_ratings() -> None:
    """Each half is absent by itself."""
    found = of_listings((10.0, None, None), stock=STOCK)

    assert found == Unmet(rating=None, out_of_stock=0.1, lost_revenue=12.5)


def test_where_neither_is_known_nothing_is() -> None:
    """Absent, not met."""
    assert of_listings((10.0, None, None)) is None
    assert of_listings() is None
