import pytest

from contracts.competition import Entrants
from services.export.words import Voice
from tests.export.analysed import competition, price
from tests.export.reported import facts, part, report


def test_concentration_is_told_in_every_measure() -> None:
    """The four and the ten largest, and Gini with and without sellers of no sales."""
    told = facts(part(report(), "competition"))

    assert (told["cr4"], told["cr10"]) == (0.57, 0.81)
    assert (told["gini"], told["gini_all"]) == (0.58, 0.62)
    assert (told["sellers"], told["sellers_listed"]) == (32, 35)


@pytest.mark.parametrize(
    ("navigational", "code", "said"),
    [
        (True, "yes", "buyers look for this brand by name"),
        (False, "no", "Of the last 8 weeks' revenue"),
        (None, "unknown", "nobody can say whether it is a brand niche"),
    ],
)
def test_a_brand_niche_is_told_as_one(navigational: bool | None, code: str, said: str) -> None:  # noqa: FBT001 - a case
    """Yes, no, and not known are three answers."""
    brand = competition().brand
    assert brand is not None
    found = brand.model_copy(update={"navigational": navigational})
    section = part(report(competition=competition().model_copy(update={"brand": found})), "brand")

    assert section.rows[0]["navigational"] == code
    assert said in section.note
    assert section.title == "The brand Nordvik holds 34\u00a0%"


def test_the_review_barrier_tells_how_long_it_takes() -> None:
    """Without a second count of reviews the pace is unknown, and so is the time."""
    barrier = competition().review_barrier
    assert barrier is not None
    still = barrier.model_copy(update={"pace": None, "weeks": None})
    found = competition().model_copy(update={"review_barrier": still})

    assert facts(part(report(), "barrier"))["review_weeks"] == 33.45
    assert facts(part(report(competition=found), "barrier"))["review_weeks"] is None


def test_no_newcomer_has_no_share_rather_than_an_unknown_one() -> None:
    """Of none, none reached anything: nobody forgot to count."""
    section = part(report(entrants=Entrants(weeks=26, n=0, ok=0)), "competition")
    row = section.rows[-1]

    assert row["value"] is None
    assert Voice("en", "USD").absent(row, section.columns[1]) == "none"
    assert "in the last 26\u00a0weeks" in section.note


def test_prices_tell_where_listings_gather() -> None:
    """One price and several are counted in words."""
    one = price().model_copy(update={"modes": price().modes[:1]})

    assert part(report("ru"), "modes").title == "Предложения собираются здесь: 2\u00a0цены"
    assert part(report(price=one), "modes").title == "Listings gather around 1\u00a0price"
    assert facts(part(report(), "prices"))["variation"] == 0.57
