"""The shop's market with niches that a page has to bear: long names, markup in one, few weeks, one seller, a spike."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.embedded import shop

LONG = "Наборы для вышивания бриллиантовой мозаикой на подрамнике с акриловыми красками"
UNBROKEN = "Elektrizitätsversorgungsunternehmensschutzbekleidung"
MARKUP = '<b onclick="alert(1)">Tea & "cups"</b>'
NEW = "Only just begun"
OWNED = "One seller has it all"
SPIKE = "Sold in two weeks"
NAMES = (LONG, UNBROKEN, MARKUP, NEW, OWNED, SPIKE)
NICHES = shop.NICHES + len(NAMES)
_NEW_WEEKS = 3


def rows() -> Iterator[str]:
    """The lines of these niches, in the words of the shop's export."""
    for week in range(shop.WEEKS):
        day = shop.FIRST_DAY + timedelta(weeks=week)
        for name in NAMES:
            if name == NEW and week < shop.WEEKS - _NEW_WEEKS:
                continue
            for product in range(shop.PRODUCTS):
                seller = 0 if name == OWNED else product
                units = 900 if name == SPIKE and week >= shop.WEEKS - 2 else 40 + week + product
                quoted = name.replace('"', '""')
                yield f'{day};"{quoted}-{product}";"{quoted}";seller {seller};{100 + product};{units}'


def write(path: Path) -> Path:
    """Write the whole market as a file of sales."""
    table = shop.write(path)
    table.write_text("\n".join([table.read_text(encoding="utf-8"), *rows()]), encoding="utf-8")
    return table
