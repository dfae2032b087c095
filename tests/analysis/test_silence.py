import numpy as np
import pytest

from services.analysis.silence import OffShelf, inferred, told


def silent(sold: list[int], beside: float = 50.0) -> OffShelf:
    """What is inferred of a product that sold for 10 in some weeks, in a niche that sells steadily beside it."""
    revenue = 10.0 * np.array([sold])
    return inferred(revenue, revenue[0] + beside)


def test_a_steady_sellers_silence_is_a_stock_out() -> None:
    """Sold every week, silent for three, back: these three weeks."""
    seen = silent([1] * 16 + [0] * 3 + [1] * 8)

    assert seen.out[0].tolist() == [0.0] * 16 + [1.0] * 3 + [0.0] * 8
    assert seen.known.all()


@pytest.mark.parametrize(
    "sold",
    [
        [1] * 16 + [0] + [1] * 8,  # one week is chance
        [1, 0, 0, 1] * 5 + [0] * 4 + [1] * 3,  # it never sold in six of eight weeks
        [0] * 20 + [1] * 6,  # it came late
        [1] * 16 + [0] * 14 + [1] * 8,  # so long is a season
        [1] * 16 + [0] * 9,  # so long to the end: it is gone
        [1] * 4 + [0] * 6 + [1],  # eight weeks before are not known
        [0] * 30,
    ],
)
def test_other_silences_tell_nothing(sold: list[int]) -> None:
    """What chance, a season, a launch or an end explains is no stock-out."""
    assert not silent(sold).out.any()


def test_who_sells_less_often_must_be_silent_for_longer() -> None:
    """Three weeks are too few of who sold in 12 of 16, four are enough."""
    often = [1, 1, 1, 0] * 4

    assert not silent([*often, 1, 1, 1, 0, 0, 0, 1]).out.any()
    assert silent([*often, 1, 1, 1, *[0] * 5, 1]).out.sum() == 5


def test_the_end_of_a_season_is_no_stock_out() -> None:
    """When the rest of the niche sells less than half of what it did, silence says nothing of the shelf."""
    revenue = np.zeros((1, 24))
    revenue[0, :18] = 10.0

    assert inferred(revenue, revenue[0] + 50.0).out.any()
    assert not inferred(revenue, revenue[0] + np.repeat([50.0, 20.0], [18, 6])).out.any()


def test_sellers_who_are_never_out_are_seldom_taken_to_be() -> None:
    """Of those that sell in 60 to 95 of 100 weeks, at most one in twenty within eight weeks."""
    random = np.random.default_rng(1)
    for often in (0.6, 0.8, 0.95):
        revenue = (random.random((4000, 45)) < often).astype(float)
        seen = inferred(revenue, revenue.sum(axis=0))
        assert seen.off[:, -8:].any(axis=1).mean() < 0.05


def test_flags_tell_from_the_first_sale_to_the_end() -> None:
    """Off the shelf before the first sale or for good after the last is not out of stock; unknown weeks are unknown."""
    flags = np.array([[0.0, 1.0, 0.25, np.nan, 1.0, *[1.0] * 10], [1.0, 1.0, *[0.0] * 13]])
    sold = flags > 0
    seen = told(flags, sold)

    assert seen.out[0, :5].tolist() == [0.0, 0.0, 0.75, 0.0, 0.0]
    assert seen.known[0, :5].tolist() == [False, True, True, False, True]
    assert seen.off[0].sum() == 1
    assert not seen.out[1].any()
    assert seen.known[1].tolist() == [True] * 2 + [False] * 13


def test_eight_weeks_to_the_end_are_still_out() -> None:
    """Nine are gone."""
    flags = np.array([[1.0] * 10 + [0.0] * 8])

    assert told(flags, flags > 0).out.sum() == 8
    longer = np.hstack([flags, [[0.0]]])
    assert not told(longer, longer > 0).out.any()
