from typing import Any

import pytest

from contracts.competition import BrandShare
from contracts.niche import Niche
from services.analysis.brands import brand_sales, brand_share, named_after, words
from services.analysis.ledger import ledger, shelf
from tests.analysis import rows


def niche(name: str, **fields: Any) -> Niche:
    """A niche of that name."""
    usual: dict[str, Any] = {"id": "n", "market": "m", "kind": "query", "path": name, "name": name}
    return Niche(**(usual | fields))


def of_products(name: str, *products: tuple[str | None, float]) -> BrandShare | None:
    """The brand share of a niche of that name with products of (brand, revenue)."""
    records = [
        rows.observation(product_id=f"p{place}", brand=brand, revenue=money)
        for place, (brand, money) in enumerate(products)
    ]
    of = ledger(rows.frame(records), rows.span(8), rows.sunday(8))
    on = shelf(of, 0, 8)
    return brand_share(brand_sales(of, on), float(on.sold.sum()), niche(name))


def test_the_largest_brand_and_the_three_largest_have_their_share_of_all_revenue() -> None:
    """Revenue without a brand counts in the whole."""
    found = of_products("tea", ("a", 40.0), ("b", 20.0), ("c", 10.0), ("d", 10.0), (None, 20.0))

    assert found is not None
    assert (found.brand, found.share, found.top3) == ("a", pytest.approx(0.4), pytest.approx(0.7))


def test_spellings_of_a_brand_are_one_brand() -> None:
    """Case, accents and signs aside, under the spelling that sells most."""
    found = of_products("shampoo", ("L'Oréal", 30.0), ("LOREAL", 20.0), ("L’OREAL", 10.0), ("b", 40.0))

    assert found is not None
    assert (found.brand, found.share) == ("L'Oréal", pytest.approx(0.6))


@pytest.mark.parametrize(
    ("name", "brand"),
    [
        ("fresh clean threads men", "Fresh Clean Threads"),
        ("Кроссовки NIKE мужские", "Nike"),
        ("cola/Coca-Cola 2l", "Coca Cola"),
        ("Ёлочные игрушки Ёлкин", "елкин"),
        ("johnson & johnson baby", "Johnson&Johnson"),
    ],
)
def test_a_niche_named_after_the_brand_that_holds_it_is_navigational(name: str, brand: str) -> None:
    """Buyers who type a brand's name buy that brand, in English and in Russian."""
    found = of_products(name, (brand, 60.0), ("other one", 40.0))

    assert found is not None
    assert found.navigational is True


def test_a_brand_in_the_name_that_holds_little_is_none_of_it() -> None:
    """Under half of what has a brand, the niche is open to others."""
    found = of_products("nike shoes", ("nike", 40.0), ("b", 35.0), ("c", 25.0))

    assert found is not None
    assert found.navigational is False


def test_a_leader_whose_name_is_not_in_the_niche_is_a_leader() -> None:
    """A strong brand of a niche of goods; part of a word is no word."""
    assert not named_after(niche("running shoes"), "Nike")
    assert not named_after(niche("teapots"), "Tea")
    assert not named_after(niche("clean fresh threads"), "Fresh Clean")
    assert not named_after(niche("running shoes"), "!")
    assert named_after(niche("Shoes", path="Sport/Nike"), "nike")
    assert named_after(niche("Shoes", keywords=("boots", "nike air")), "nike")


def test_with_brands_of_less_than_half_known_nobody_can_tell() -> None:
    """Whether buyers look for the brand is absent, not denied."""
    found = of_products("nike shoes", ("nike", 40.0), (None, 60.0))

    assert found is not None
    assert (found.share, found.navigational) == (pytest.approx(0.4), None)


@pytest.mark.parametrize("nothing", ["Private", "National", "NO-NAME", "n/a", "Нет бренда", "без  бренда", "—", "  "])
def test_a_name_for_no_brand_is_no_brand(nothing: str) -> None:
    """Goods of these have nothing in common."""
    assert of_products("private tea", (nothing, 60.0)) is None


def test_without_a_brand_or_a_sale_there_is_no_share() -> None:
    """Absent where nothing is known."""
    assert of_products("tea", (None, 60.0)) is None
    assert of_products("tea", ("a", 0.0)) is None
    assert of_products("tea") is None


def test_words_have_no_case_accents_or_signs() -> None:
    """One form for however a name is written."""
    assert words("  Dr. Pepper’s_ЁЖ-й 7UP ") == "dr peppers еж и 7up"
    assert words("") == words("-- /") == ""
