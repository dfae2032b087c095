"""A file that someone brings becomes a table, or an error that says what to do."""

import io

import polars as pl
import polars.selectors as cs
from polars.exceptions import PolarsError

from services.trend.delimited import read_delimited
from services.trend.errors import TableError
from services.trend.table import Table, broken_rows, numbered


def read_table(content: bytes, filename: str) -> Table:
    """Read a CSV or a Parquet file, told apart by its first bytes and its name.

    Raises:
        TableError: the file is empty, has only a header, is no table, or is damaged.
    """
    if content.startswith(b"PAR1") or (content and filename.lower().endswith((".parquet", ".pq"))):
        table = _read_parquet(content, filename)
    else:
        table = read_delimited(content, filename)
    if not table.height:
        raise TableError(
            f"{filename} has a header but no rows",
            f"its columns are {', '.join(table.columns)}",
            "Export it again for a period with sales.",
        )
    return table


def _read_parquet(content: bytes, filename: str) -> Table:
    try:
        frame = pl.read_parquet(io.BytesIO(content)).select(~(cs.nested() | cs.binary() | cs.object()))
    except (PolarsError, OSError) as exc:
        raise TableError(
            f"{filename} cannot be read as Parquet", str(exc).partition("\n")[0], "Export it again, or use CSV."
        ) from exc
    return Table(numbered(frame), broken_rows())
