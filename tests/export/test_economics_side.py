from datetime import date

import pytest

from tests.export.analysed import economics
from tests.export.bare import bare
from tests.export.reported import facts, part, report


def test_the_waterfall_leads_from_the_price_to_the_margin() -> None:
    """What comes off is negative, and all of it with the price adds up to the margin."""
    rows = part(report(), "economics").rows
    amounts = [float(str(row["amount"])) for row in rows]

    assert [row["line"] for row in rows] == [
        "price", "commission", "logistics", "storage", "returns", "tax", "ads", "cost", "margin",
    ]  # fmt: skip
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1])
    assert all(amount < 0 for amount in amounts[1:-1])
    assert rows[0]["of_price"] == 1.0


def test_the_title_is_what_a_seller_asks_first() -> None:
    """The margin where it is known, else the highest cost, else that it is not known."""
    margin = part(report(), "economics")
    no_cost = economics().model_copy(update={"cost": None, "margin": None, "margin_share": None})
    loss = no_cost.model_copy(update={"break_even_cost": -0.4})

    assert margin.title == "A piece sold at $8.49 leaves $1.59, 19\u00a0% of the price"
    assert margin.note == "Tariff of 1\u00a0Jul\u00a02017."
    assert part(report(economics=no_cost), "economics").title == "At $8.49 a piece may cost $4.79 at most"
    assert "does not cover" in part(report(economics=loss), "economics").title


def test_missing_tariffs_are_named() -> None:
    """Each in words, in the language of the report; what hangs on them has no amount."""
    english = part(report(economics=bare().economics), "economics")
    russian = part(report("ru", economics=bare().economics), "economics")

    assert english.title == "What a piece sold at $8.49 leaves is unknown"
    assert english.note.startswith("Not known: commission, logistics, storage, share of returns, handling of a return")
    assert "себестоимость, продажи в штуках, дней от заказа до наличия, сезон" in russian.note
    assert [row["amount"] for row in english.rows[1:]] == [None] * 8
    assert "_" not in english.note


def test_the_first_batch_tells_pieces_money_and_day() -> None:
    """A day is a date, not a number."""
    section = part(report(), "batch")

    assert facts(section)["first_batch"] == 48
    assert section.rows[-1]["value"] == date(2017, 10, 6)


def test_without_a_price_there_is_no_economics() -> None:
    """Both tables say why."""
    document = report(economics=None)

    assert part(document, "economics").empty == part(document, "batch").empty
    assert "no listing has a price" in part(document, "batch").empty
