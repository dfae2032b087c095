"""A small market of the test's own: weekly sales of some niches, told in the words of a seller's export."""

import math
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

MARKET = "shop"
NICHES = 40
WEEKS = 60
FIRST_DAY = date(2024, 1, 1)
LAST_DAY = FIRST_DAY + timedelta(weeks=WEEKS - 1)
LAST_FULL_DAY = LAST_DAY + timedelta(days=6)
PRODUCTS = 4
ROWS = NICHES * WEEKS * PRODUCTS
HEADER = "Week;SKU;Category;Seller;Price;Qty"
BAD = {
    "soon;x;Niche 00;seller 0;100;5": ("Week", "the day cannot be read"),
    "2024-01-01;x;;seller 0;100;5": ("Category", "the niche is missing"),
    "2024-01-01;x;Niche 00;seller 0;100;-5": ("Qty", "a return: units are below zero"),
}
"""Lines that no import can use, each with the column and the reason that it is refused for."""


def name(number: int) -> str:
    """The name of a niche."""
    return f"Niche {number:02}"


def rows(first: int = 0, last: int = WEEKS) -> Iterator[str]:
    """The lines of these weeks: every niche sells in each of them, at its own level and with its own growth."""
    for niche in range(NICHES):
        chance = random.Random(niche)  # noqa: S311 - an example, not a secret
        for week in range(last):
            for product in range(PRODUCTS):
                units = 60 + niche + (niche - 20) * week / WEEKS + 5 * math.sin(week / 8) + chance.gauss(0, 3)
                if week >= first:
                    day = FIRST_DAY + timedelta(weeks=week)
                    yield f"{day};{niche}-{product};{name(niche)};seller {product % 3};{100 + product};{units:.0f}"


def write(path: Path, first: int = 0, last: int = WEEKS) -> Path:
    """Write these weeks as a file of sales."""
    path.write_text("\n".join([HEADER, *rows(first, last)]), encoding="utf-8")
    return path
