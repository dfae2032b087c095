from datetime import date

import pytest
from pydantic import ValidationError

from contracts.message import FileRef
from contracts.observation import OBSERVATION_COLUMNS, OBSERVATION_KEY, ImportReport, Mapping, Rejection, Upload

FILE = FileRef(key="uploads/" + "0" * 64 + ".csv", sha256="0" * 64, size=10)


def test_an_upload_is_a_file_or_a_market_that_scout_knows() -> None:
    """Exactly one of the two; the error says which fields to choose from."""
    assert Upload(market="tea-shop", file=FILE).builtin is None
    assert Upload(market="demo", builtin="complete-journey").file is None

    for wrong in ({}, {"file": FILE, "builtin": "complete-journey"}):
        with pytest.raises(ValidationError, match=r"either file .* or builtin"):
            Upload(market="tea-shop", **wrong)


@pytest.mark.parametrize("market", ["", "Tea Shop", "-tea", "чай", "t" * 65])
def test_a_market_is_named_by_a_slug(market: str) -> None:
    """It stands in addresses: lower case letters, digits and hyphens."""
    with pytest.raises(ValidationError, match="market"):
        Upload(market=market, file=FILE)


@pytest.mark.parametrize("tz", ["Moscow", "", "../etc/passwd", "UTC+3"])
def test_a_time_zone_must_exist(tz: str) -> None:
    """A day depends on it, so an unknown one is refused at the door, with an example of a known one."""
    with pytest.raises(ValidationError, match="is no time zone; name one like Europe/Moscow"):
        Upload(market="tea-shop", file=FILE, tz=tz)


def test_a_mapping_refuses_what_it_does_not_know() -> None:
    """A misspelt field is an error, not a column that stays unread."""
    assert Mapping(day="Дата", decimal=",").to_json() == '{"day":"Дата","decimal":","}'.encode()
    with pytest.raises(ValidationError, match="dya"):
        Mapping.from_json('{"dya": "Date"}')


def test_a_report_leaves_out_what_is_not_known_and_is_read_back_whole() -> None:
    """What travels is what was told."""
    report = ImportReport(
        id="i",
        market="tea-shop",
        market_name="Tea shop",
        currency="RUB",
        tz="Europe/Moscow",
        grain="day",
        source="sales.csv",
        part=FILE,
        niches=FILE,
        niche_count=2,
        rows=10,
        kept=6,
        merged=3,
        rejected_count=1,
        rejected=(Rejection(why="the day is missing", column="Дата", count=1, examples=(4,)),),
        first_day=date(2026, 1, 5),
        last_day=date(2026, 11, 23),
    )

    assert ImportReport.from_json(report.to_json()) == report
    assert b"null" not in report.to_json()


def test_the_key_of_observations_is_made_of_their_columns() -> None:
    """A key names columns that exist; of them only the seller may be unknown."""
    assert [name for name in OBSERVATION_KEY if not OBSERVATION_COLUMNS[name].required] == ["seller_id"]
