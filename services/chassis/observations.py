"""Observations on disk: one immutable Parquet part per import, sorted so that one niche costs what it weighs."""

import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from contracts.observation import OBSERVATION_COLUMNS, OBSERVATION_KEY, ColumnType

_TYPES: dict[ColumnType, type[pl.DataType]] = {
    "text": pl.String,
    "day": pl.Date,
    "number": pl.Float64,
    "count": pl.Int64,
    "flag": pl.Boolean,
}

COLUMNS = {name: _TYPES[column.type] for name, column in OBSERVATION_COLUMNS.items()}
"""The columns of observations, in order, by the type that a frame holds them in; unknown is null."""

ROW_GROUP = 8192
"""Rows per group: a reader skips each group whose niches are all before or after the one it wants."""


def write_part(frame: pl.DataFrame) -> bytes:
    """Write observations as one part: Parquet, zstd, sorted by niche.

    Raises:
        ValueError: a column of `COLUMNS` is absent or of another type.
    """
    wrong = [name for name, kind in COLUMNS.items() if frame.schema.get(name) != kind]
    if wrong:
        raise ValueError(f"observations need {', '.join(wrong)} with the types of COLUMNS; they have {frame.schema}")
    buffer = io.BytesIO()
    frame.select(list(COLUMNS)).sort(OBSERVATION_KEY).write_parquet(
        buffer, compression="zstd", statistics=True, row_group_size=ROW_GROUP
    )
    return buffer.getvalue()


def read_niches(paths: Sequence[Path], niche_ids: Sequence[str]) -> pl.DataFrame:
    """Read some niches from a market's parts, oldest import first; where they overlap the newest wins."""
    # An equation skips the groups of other niches, a list does not.
    one, niche = len(niche_ids) == 1, pl.col("niche_id")
    wanted = niche == niche_ids[0] if one else niche.is_in(list(niche_ids))
    return _newest([pl.scan_parquet(path).filter(wanted) for path in paths])


def read_market(paths: Sequence[Path]) -> pl.DataFrame:
    """Read a whole market from its parts, oldest import first; where they overlap the newest wins."""
    return _newest([pl.scan_parquet(path) for path in paths])


def _newest(parts: list[pl.LazyFrame]) -> pl.DataFrame:
    if not parts:
        return pl.DataFrame(schema=COLUMNS)
    if len(parts) == 1:
        return parts[0].select(list(COLUMNS)).collect()
    rows = pl.concat([part.select(list(COLUMNS)) for part in parts]).collect()
    return rows.unique(OBSERVATION_KEY, keep="last", maintain_order=True).sort(OBSERVATION_KEY)
