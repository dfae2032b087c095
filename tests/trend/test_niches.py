"""Niches come from a column of the file, or each product is its own."""

from contracts.niche import niche_id
from tests.trend.sales import bring, lines


def test_the_niche_column_makes_the_niches():
    """Kind is what the upload says the column holds, and rows carry the niche's id."""
    found = bring(lines("date,sku,price,category", "2025-01-01,a,1,Tea", "2025-01-01,b,1, Coffee "), kind="subject")

    assert [(niche.name, niche.kind, niche.path) for niche in found.niches] == [
        ("Coffee", "subject", "Coffee"),
        ("Tea", "subject", "Tea"),
    ]
    assert found.frame.sort("product_id")["niche_id"].to_list() == [
        niche_id("shop", "subject", "Tea"),
        found.niches[0].id,
    ]


def test_without_a_niche_column_each_product_is_a_niche_named_by_its_most_common_title():
    """A typing error in one row does not rename a product; a product without a title goes by its id."""
    found = bring(
        lines(
            "date,sku,price,title", "2025-01-01,a,1,Teh", "2025-01-02,a,1,Tea", "2025-01-03,a,1,Tea", "2025-01-01,b,1,"
        )
    )

    assert [(niche.name, niche.path, niche.kind, niche.articles) for niche in found.niches] == [
        ("Tea", "a", "custom", ("a",)),
        ("b", "b", "custom", ("b",)),
    ]
    assert found.frame["niche_id"].n_unique() == 2
