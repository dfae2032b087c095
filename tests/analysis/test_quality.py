from datetime import timedelta

import polars as pl
import pytest

from contracts.quality import BadRow, Quality
from services.analysis.badrows import REASONS
from services.analysis.quality import EXAMPLES, Tidied, qualities, tidy
from tests.analysis import rows
from tests.analysis.test_badrows import messy


def quality(tidied: Tidied, weeks: int, days_later: int = 0) -> Quality:
    """The quality of the niche `n` in a market of so many weeks, asked for so many days after them."""
    (found,) = qualities(tidied, ["n"], rows.span(weeks), rows.sunday(weeks) + timedelta(days=days_later))
    return found


def test_a_later_price_does_not_make_an_earlier_one_odd() -> None:
    """The median is of the past alone."""
    early = rows.frame([rows.observation(price=1.0), rows.observation(price=20.0, revenue=200.0, day=rows.monday(1))])
    late = rows.frame([rows.observation(price=1.0, day=rows.monday(week)) for week in range(2, 9)])
    found = tidy(pl.concat([early, late]), rows.sunday(2))

    assert found.rows.height == 2
    assert found.dropped == {"n": {"after_as_of": 7}}
    assert found.examples == {}


def test_rows_after_the_day_change_only_their_count() -> None:
    """Altered or removed, later rows leave the same rows, the same counts by other reasons, the same examples."""
    frame, as_of = messy(), rows.sunday(20)
    later = pl.col("day") > as_of
    altered = frame.with_columns(
        pl.when(later).then(-7 * pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in ("price", "units", "revenue")
    )
    found = tidy(frame, as_of)
    without = tidy(frame.filter(~later), as_of)

    changed = tidy(altered, as_of)
    assert changed.rows.equals(found.rows)
    assert (changed.dropped, changed.examples) == (found.dropped, found.examples)
    assert without.rows.equals(found.rows)
    assert without.examples == found.examples
    rest = {niche: {why: n for why, n in of.items() if why != "after_as_of"} for niche, of in found.dropped.items()}
    assert without.dropped == rest


def test_nobody_has_seen_the_day_after_the_one_on_which_he_asks() -> None:
    """A row from there is an error, even where the analysis itself is for a later day."""
    many = rows.frame(rows.series([10.0] * 10))
    found = tidy(many, rows.sunday(4), asked_on=rows.sunday(8))
    ahead = tidy(many, rows.sunday(9), asked_on=rows.sunday(8))

    assert found.dropped == {"n": {"future": 2, "after_as_of": 4}}
    assert [row.day for row in found.examples["n"]] == [rows.monday(8), rows.monday(9)]
    assert ahead.dropped == {"n": {"future": 2}}
    assert ahead.rows.height == 8


def test_bad_rows_are_shown_with_what_is_wrong_in_them() -> None:
    """The value, what it was held against, and whose it is: a few of each reason, the same in any order of rows."""
    many = [
        *rows.series([10.0] * 8),
        *(rows.observation(product_id=f"x{n}", units=-1.0 - n) for n in range(5)),
        rows.observation(product_id="y", price=2.0, units=3.0, revenue=60.0),
        rows.observation(price=30.0, units=1.0, revenue=30.0, day=rows.monday(9), seller_id="t"),
    ]
    found = tidy(rows.frame(many), rows.sunday(12))
    shown = found.examples["n"]

    assert found.dropped["n"] == {"negative": 5, "inconsistent": 1, "price_outlier": 1}
    assert [row.why for row in shown].count("negative") == EXAMPLES
    assert BadRow(why="inconsistent", product="y", seller="s", day=rows.monday(0), value=60.0, limit=6.0) in shown
    assert BadRow(why="price_outlier", product="p", seller="t", day=rows.monday(9), value=30.0, limit=1.0) in shown
    assert tidy(rows.frame(many[::-1]), rows.sunday(12)).examples == found.examples


def test_quality_says_what_the_analysis_stands_on() -> None:
    """Days, weeks, products, sellers, freshness and gaps, as a person counts them."""
    found = quality(tidy(rows.frame(rows.series([1.0, None, 1.0, 1.0])), rows.sunday(4)), 4, 20)

    assert (found.days, found.weeks, found.rows, found.products, found.sellers) == (3, 4, 3, 1, 1)
    assert (found.first_day, found.last_day, found.sources) == (rows.monday(0), rows.monday(3), ("test",))
    assert (found.freshness, found.missing) == (20, 1)
    assert set(found.flags) == {
        "short_history", "stale", "gaps", "no_listing_dates", "no_stock_data", "no_reviews"
    }  # fmt: skip


def test_no_rows_is_said() -> None:
    """An empty niche has a quality too, and so has one of bad rows only."""
    empty = quality(tidy(rows.frame(), rows.sunday(4)), 4)
    bad = quality(tidy(rows.frame([rows.observation(units=-1.0)]), rows.sunday(4)), 4)

    assert (empty.rows, empty.flags, empty.last_day) == (0, ("no_rows",), None)
    assert (bad.rows, bad.flags, bad.dropped) == (0, ("no_rows", "negatives"), {"negative": 1})
    assert len(bad.examples) == 1


@pytest.mark.parametrize(
    ("flag", "record"),
    [
        ("duplicates", rows.observation()),
        ("negatives", rows.observation(revenue=-1.0, product_id="q")),
        ("inconsistent", rows.observation(revenue=1000.0, product_id="q")),
        ("future_rows", rows.observation(day=rows.monday(90))),
        ("price_outliers", rows.observation(day=rows.monday(9), seller_id="t", price=20.0, revenue=200.0)),
        ("pseudo_sellers", rows.observation(product_id="q", seller_id="loose")),
    ],
)
def test_what_was_wrong_is_flagged(flag: str, record: dict[str, object]) -> None:
    """One bad row among good ones raises its own flag and no other."""
    good = rows.series([10.0] * 30, in_stock=True, reviews=3, listed_on=rows.START)
    sift = lambda records: tidy(rows.frame(records), rows.sunday(30), rows.sunday(30), ("loose",))  # noqa: E731 - short

    assert quality(sift(good), 30).flags == ()
    assert quality(sift([*good, record]), 30).flags == (flag,)


def test_a_niche_has_the_same_quality_alone_and_among_others() -> None:
    """A market in one go says of each niche what the niche's own rows say; a niche without rows is there too."""
    frame, as_of, niches = messy(weeks=20), rows.sunday(20), ("n0", "n1", "n2", "none")
    together = qualities(tidy(frame, as_of, pseudo=("loose",)), niches, rows.span(20), as_of)
    for niche, found in zip(niches, together, strict=True):
        alone = tidy(frame.filter(pl.col("niche_id") == niche), as_of, pseudo=("loose",))
        assert qualities(alone, (niche,), rows.span(20), as_of) == (found,)
        assert Quality.from_json(found.to_json()) == found
    assert together[-1].flags == ("no_rows",)
    assert "pseudo_sellers" in together[0].flags
    assert together[0].sellers == 3


def test_reasons_are_told_in_one_order() -> None:
    """The count of rows by reason is in the order of `REASONS`, so that the same rows give the same bytes."""
    for counts in tidy(messy(), rows.sunday(20), rows.sunday(22)).dropped.values():
        assert list(counts) == [why for why in REASONS if why in counts]
