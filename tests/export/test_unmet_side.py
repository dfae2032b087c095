from contracts.price import Unmet
from tests.export.analysed import demand
from tests.export.reported import facts, part, report


def test_stock_outs_that_were_inferred_are_told_as_such() -> None:
    """A guess is not a count: the note says which it is."""
    known = demand().stock
    assert known is not None
    counted = demand().model_copy(update={"stock": known.model_copy(update={"inferred": False})})

    assert "The source tells no stock" in part(report(), "stock").note
    assert "from the stock that the source tells" in part(report(demand=counted), "stock").note
    assert facts(part(report(), "stock")) == {
        "out_share": 0.081, "products_out": 3, "lost_revenue": 31.6, "returned": 1, "stock_change": 1.41,
    }  # fmt: skip


def test_what_demand_does_not_tell_of_stock_unmet_need_does() -> None:
    """A niche whose demand is not known may still have goods off the shelf."""
    section = part(report(demand=None), "stock")

    assert facts(section)["out_share"] == 0.081
    assert facts(section)["returned"] is None


def test_a_rating_gap_tells_revenue_and_limit() -> None:
    """How a few reviews were weighed stands beside it."""
    section = part(report(), "rating")

    assert section.title == "31\u00a0% of revenue is in listings rated under 4.5"
    assert section.note.endswith("which weighs 12 reviews.")
    assert part(report(unmet=Unmet(out_of_stock=0.1)), "rating").empty.startswith("Ratings: unknown.")
