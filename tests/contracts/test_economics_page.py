"""docs/economics.md says what the code does."""

import re
from datetime import date
from pathlib import Path

import pytest

from contracts.economics import Own, Tariff
from contracts.market_file import parse_settings
from contracts.price import Price
from services.analysis.economics import economics, tariff
from services.analysis.ledger import ledger, shelf
from tests.analysis.rows import frame, span, sunday

PAGE = (Path(__file__).parents[2] / "docs" / "economics.md").read_text(encoding="utf-8")


def example() -> str:
    """The one file that the page shows."""
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    return text


def test_every_key_is_explained() -> None:
    """A row of the table for each that the file may have, and none for another."""
    rows = re.findall(r"^\| (?:`\[+(\w+)\]+` )?`(\w+)` \|", PAGE, re.MULTILINE)

    own, tariffs = ([("own", name) for name in Own.model_fields], [("tariff", name) for name in Tariff.model_fields])
    assert rows == [("", "pseudo_sellers"), *own, *tariffs]


def test_the_example_gives_the_numbers_that_the_page_tells() -> None:
    """It can be set as it stands, and the worked sum is right."""
    settings = parse_settings(example())
    of = ledger(frame(), span(0), sunday(0))
    asked = Price(quantiles={"p50": 1000.0})

    found = economics(of, shelf(of, 0, 0), asked, None, settings, None, "Toys", date(2026, 3, 1))

    assert found is not None
    assert (found.commission, found.tax, found.ads, found.storage) == (200.0, 50.0, 100.0, 8.0)
    assert (found.logistics, found.returns) == (pytest.approx(80), pytest.approx(10))
    assert (found.break_even_cost, found.margin) == (pytest.approx(552), pytest.approx(252))
    assert (found.margin_share, found.roi) == (pytest.approx(0.252), pytest.approx(0.84))
    assert found.break_even_price == pytest.approx(612.31, abs=0.005)


def test_tea_in_august_pays_what_the_page_says() -> None:
    """Its own commission, the newest logistics, and all the rest as everybody."""
    found = tariff(parse_settings(example()).tariffs, "Food/Tea/Green", date(2026, 8, 1))

    assert found is not None
    assert (found.commission, found.logistics, found.tax, found.since) == (0.15, 75.0, 0.05, date(2026, 7, 1))
