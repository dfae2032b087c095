"""Days as people write them, read column by column, and whether they are days or weeks."""

import re
from datetime import date

import polars as pl

from contracts.observation import Grain
from services.trend.figures import text

EARLIEST = date(1990, 1, 1)
"""No sale before it is believed: it is how tables write an unknown day."""

_YEAR_FIRST = r"^(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:$|[T ])"
_COMPACT = r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})$"
_YEAR_LAST = r"^(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})[./-](?P<y>\d{4}|\d{2})(?:$|[, T])"
_OFFSET = r"\d:\d{2}(:\d{2}(\.\d+)?)? ?(Z|[+-]\d{2}:?\d{2})$"
_MONTHS = 12
_WEEK_DAYS = 7
_FEW = 4  # so many different days, all a whole number of weeks apart, make a table of weeks


def days(values: pl.Series, tz: str, date_format: str | None = None) -> pl.Series:
    """Read days; null where nothing is said and where it is no day (compare with `figures.text`).

    ISO days and times, `20250131`, `31.01.2025` and `1/31/2025` are read. Whether a slash puts the day or the month
    first is decided by the whole column; where nothing settles it (see `ambiguous`), such a day is not known. A time
    with an offset is taken to the day in `tz`; one without is a time of the market already. `date_format` (as in
    `%d.%m.%Y`) reads nothing but what it fits.
    """
    if isinstance(values.dtype, pl.Datetime):
        values = (values.dt.convert_time_zone(tz) if values.dtype.time_zone else values).dt.date()
    if values.dtype == pl.Date:
        return _believed(values)
    if values.dtype.is_float():
        values = values.cast(pl.Int64, strict=False)
    said = text(values)
    different = said.drop_nulls().unique()
    read = different.to_frame("said").with_columns(_parse(different, tz, date_format).alias("day"))
    joined = said.to_frame("said").join(read, on="said", how="left", maintain_order="left")
    return _believed(joined["day"].alias(values.name))


def ambiguous(values: pl.Series) -> str | None:
    """A value like 1/2/2025 of a text column in which no value tells the day from the month; `None` if one does."""
    if values.dtype != pl.String:
        return None
    said = text(values).drop_nulls().unique().sort().alias("v").to_frame()
    last = pl.col("v").str.extract_groups(_YEAR_LAST).struct
    a, b = last.field("a").cast(pl.Int32, strict=False), last.field("b").cast(pl.Int32, strict=False)
    marked = said.with_columns(a, b).filter(last.field("mark") != ".")
    settled = marked.select(((pl.col("a") > _MONTHS) | (pl.col("b") > _MONTHS)).any()).item()
    unlike = marked.filter(pl.col("a") != pl.col("b"))["v"]
    return None if settled or unlike.is_empty() else str(unlike[0])


def grain(seen: pl.Series, known: Grain = "day") -> Grain:
    """Whether a table speaks of days or of weeks, from its days; with too few to tell, as `known` of its market."""
    different = seen.unique().sort()
    steps = different.diff().drop_nulls().dt.total_days()
    if not (steps % _WEEK_DAYS == 0).all():
        return "day"
    return "week" if different.len() >= _FEW else known


def _believed(values: pl.Series) -> pl.Series:
    return values.set(values < EARLIEST, None)


def _parse(said: pl.Series, tz: str, date_format: str | None) -> pl.Series:
    return _guess(said, tz) if date_format is None else _follow(said, date_format)


def _follow(said: pl.Series, date_format: str) -> pl.Series:
    if re.search("%[HIMSTRXcps]", date_format):
        return said.str.to_datetime(date_format, strict=False, time_unit="us").dt.date()
    whole = said.str.to_date(date_format, strict=False)
    return whole.fill_null(said.str.extract("^(.*?)[T ,]").str.to_date(date_format, strict=False))


def _guess(said: pl.Series, tz: str) -> pl.Series:
    v = pl.col("v")
    frame = (
        said.alias("v")
        .to_frame()
        .with_columns(
            v.str.extract_groups(_YEAR_FIRST).alias("first"),
            v.str.extract_groups(_COMPACT).alias("compact"),
            v.str.extract_groups(_YEAR_LAST).alias("last"),
        )
    )
    last = pl.col("last").struct
    a, b = last.field("a").cast(pl.Int32, strict=False), last.field("b").cast(pl.Int32, strict=False)
    marked = frame.filter(last.field("mark") != ".").select(
        (a > _MONTHS).sum().alias("a"), (b > _MONTHS).sum().alias("b")
    )
    day_first = marked["a"][0] > marked["b"][0]
    unsettled = (last.field("mark") != ".") & (a != b) & (marked["a"][0] == marked["b"][0] == 0)
    year = last.field("y")
    century = pl.when(unsettled).then(None).when(year.str.len_chars() == 2).then(pl.lit("20") + year).otherwise(year)  # noqa: PLR2004 - 25 is 2025
    dotted = (last.field("mark") == ".") | pl.lit(day_first)
    month = pl.when(dotted).then(last.field("b")).otherwise(last.field("a"))
    day = pl.when(dotted).then(last.field("a")).otherwise(last.field("b"))
    parts = (_day(*(pl.col(name).struct.field(part) for part in ("y", "m", "d"))) for name in ("first", "compact"))
    plain = pl.coalesce(*parts, _day(century, month, day))
    return frame.select(pl.coalesce(_with_offset(v, tz), plain).alias("day"))["day"]


def _day(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    written = pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")
    return written.str.to_date("%Y-%m-%d", strict=False)


def _with_offset(v: pl.Expr, tz: str) -> pl.Expr:
    # %#z takes Z, +03 and +03:00; the date and the time may have a T or a blank between them
    written = pl.when(v.str.contains(_OFFSET)).then(v.str.replace(" ", "T", literal=True).str.replace(" ", ""))
    instants = [
        written.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC")
        for form in ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z")
    ]
    return pl.coalesce(*instants).dt.convert_time_zone(tz).dt.date()
