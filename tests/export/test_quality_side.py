from datetime import date

from tests.export.analysed import quality
from tests.export.reported import facts, part, report


def test_quality_names_its_sources_and_its_days() -> None:
    """A reader sees whose numbers they are, and of when."""
    section = part(report(), "quality")
    days = {row["fact"]: row["value"] for row in section.rows}

    assert section.note == "Short history, prices far off dropped. From: completejourney."
    assert (days["first_day"], days["last_day"]) == (date(2017, 1, 2), date(2017, 10, 30))
    assert facts(section)["sellers"] == 32


def test_rows_left_out_are_shown_as_they_were() -> None:
    """What was wrong stands beside what it was held against; nothing is there where nothing was compared."""
    negative, outlier = part(report(), "examples").rows

    assert (outlier["reason"], outlier["product"], outlier["wrong"], outlier["against"]) == (
        "price_outlier", "p-04", 849.0, 8.49,
    )  # fmt: skip
    assert outlier["seller"] is None
    assert "against" not in negative


def test_no_examples_say_whether_any_row_was_left_out() -> None:
    """None were kept, or there were none."""
    kept = quality().model_copy(update={"examples": ()})
    clean = kept.model_copy(update={"dropped": {}})

    assert part(report(quality=kept), "examples").empty == "No example was kept of the rows left out."
    assert part(report(quality=clean), "examples").empty == "No row was left out."
