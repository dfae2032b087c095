"""Parts of observations: read by niche, and where they overlap the newest wins."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from services.chassis.observations import COLUMNS, ROW_GROUP, read_market, read_niches, write_part

DAY = date(2025, 3, 3)


def rows(niche: str, count: int = 1, **fields: Any) -> list[dict[str, Any]]:
    """So many observations of a niche, one product a day."""
    return [
        {
            "niche_id": niche,
            "product_id": f"p{place}",
            "day": DAY + timedelta(days=place % 300),
            "price": (place * 7919 % 104729) / 1000,
            "has_data": True,
            "source": "test",
            "import_id": "first",
        }
        | fields
        for place in range(count)
    ]


def part(folder: Path, name: str, records: list[dict[str, Any]]) -> Path:
    """Write observations as a part and return where."""
    path = folder / f"{name}.parquet"
    path.write_bytes(write_part(pl.DataFrame(records, schema=COLUMNS)))
    return path


def test_one_niche_read_alone_is_the_market_filtered(tmp_path):
    """Reading by niche changes what it costs, not what is read."""
    first = part(tmp_path, "1", rows("b", 30) + rows("a", 20))
    second = part(tmp_path, "2", rows("a", 25, import_id="second") + rows("c", 5))

    alone = read_niches([first, second], ["a"])

    assert alone.equals(read_market([first, second]).filter(pl.col("niche_id") == "a"))
    assert alone.height == 25


def test_the_newest_import_wins_where_parts_overlap(tmp_path):
    """A row that is imported again with the same niche, product, seller and day replaces the one before."""
    old = part(tmp_path, "old", rows("a", 3, price=1.0, seller_id="s"))
    new = part(tmp_path, "new", rows("a", 2, price=2.0, seller_id="s", import_id="second"))

    assert read_market([old, new])["price"].to_list() == [2.0, 2.0, 1.0]
    assert read_market([new, old])["price"].to_list() == [1.0, 1.0, 1.0]


def test_unknown_sellers_are_one_seller_when_parts_overlap(tmp_path):
    """A table without sellers that is imported twice does not count twice."""
    old, new = (part(tmp_path, name, rows("a", price=price)) for name, price in (("old", 1.0), ("new", 2.0)))

    assert read_niches([old, new], ["a"])["price"].to_list() == [2.0]


def test_sellers_of_one_product_are_kept_apart(tmp_path):
    """Two sellers of one product on one day are two observations."""
    both = [part(tmp_path, seller, rows("a", seller_id=seller)) for seller in ("s", "t")]

    assert read_market(both)["seller_id"].to_list() == ["s", "t"]


def test_a_niche_does_not_read_the_pages_of_others(tmp_path):
    """Damage in another niche's rows goes unseen, since they are never read."""
    path = part(tmp_path, "1", [row for niche in "abc" for row in rows(niche, ROW_GROUP)])
    content = bytearray(path.read_bytes())
    start, stop = (int(len(content) * share) for share in (0.72, 0.9))
    content[start:stop] = bytes(stop - start)
    path.write_bytes(content)

    assert read_niches([path], ["a"]).height == ROW_GROUP
    with pytest.raises(Exception, match=r".+"):
        read_market([path])


def test_no_parts_are_no_observations():
    """A market without imports is an empty table with all columns."""
    assert read_market([]).schema == pl.Schema(COLUMNS)
    assert read_niches([], ["a"]).is_empty()


def test_a_part_must_have_the_columns_and_types_of_observations():
    """What is written is what readers rely on; the error names the column."""
    with pytest.raises(ValueError, match="observations need day with"):
        write_part(pl.DataFrame(rows("a"), schema=COLUMNS).with_columns(pl.col("day").cast(pl.String)))
