"""The competitions' series as right-aligned arrays, and what others reached on them.

They are no part of the project: `DATA` lies beside it, and what it holds is said in its own README.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DATA = Path(__file__).parents[3] / "shared" / "data"


class DataAbsent(Exception):
    """The benchmark's data are not there."""


@dataclass(frozen=True)
class Task:
    """Series [series, periods], whose last column is the last one known, and the truth [series, horizon] after it.

    `season` is what the methods are told; `naive_season` what the competition's Naive2 and MASE use.
    """

    name: str
    ids: tuple[str, ...]
    train: Floats
    test: Floats
    season: int
    naive_season: int

    @property
    def horizon(self) -> int:
        return int(self.test.shape[1])

    def cut(self, n: int | None) -> Self:
        """The first `n` series; all of them for `None`."""
        return replace(self, ids=self.ids[:n], train=self.train[:n], test=self.test[:n])

    def inner(self) -> Self:
        """The hold-out within the training part: its own last periods are the truth, and the test part is not seen."""
        train, test = self.train[:, : -self.horizon], self.train[:, -self.horizon :]
        return replace(self, name=f"{self.name}, inner hold-out", train=train, test=test)


def right_aligned(series: Sequence[Floats]) -> Floats:
    """Series of different lengths as one array [series, longest]: NaN before each begins."""
    longest = max(map(len, series), default=0)
    out = np.full((len(series), longest), np.nan)
    for row, one in zip(out, series, strict=True):
        row[longest - len(one) :] = one
    return out


def m4_weekly(data: Path = DATA) -> Task:
    """M4 Weekly: 359 series, 13 weeks to forecast; scored without a season (Makridakis et al. 2020)."""
    return _task("M4 Weekly", _read(data / "m4" / "m4_weekly.parquet"), season=52, naive_season=1)


def m3_monthly(data: Path = DATA) -> Task:
    """M3 Monthly: 1,428 series, 18 months to forecast (Makridakis and Hibon 2000)."""
    frame = _read(data / "m3" / "m3.parquet").filter(pl.col("period") == "MONTHLY")
    return _task("M3 Monthly", frame, season=12, naive_season=12)


def m4_published(data: Path = DATA) -> pl.DataFrame:
    """What the competition published of every method: `method`, `who`, `smape`, `mase`, `owa`, best first."""
    frame = pl.read_csv(_there(data / "m4" / "m4_published_results.csv"), infer_schema_length=None)
    scores = [pl.col(f"{name}_Weekly").alias(name) for name in ("smape", "mase", "owa")]
    return frame.select("method", "who", pl.col("owa_Total").alias("total"), *scores).sort("owa")


def m3_published(task: Task, data: Path = DATA) -> dict[str, Floats]:
    """The published forecasts of every method that forecast all series of the task [series, horizon]."""
    wanted = pl.DataFrame({"id": list(task.ids), "row": np.arange(len(task.ids))})
    frame = _read(data / "m3" / "m3_published_forecasts.parquet").join(wanted, on="id")
    found = {}
    for (method,), rows in frame.group_by("method"):
        made = np.full(task.test.shape, np.nan)
        made[rows["row"].to_numpy(), rows["h"].to_numpy() - 1] = rows["f"].to_numpy()
        if not np.isnan(made).any():
            found[str(method)] = made
    return found


def _task(name: str, frame: pl.DataFrame, season: int, naive_season: int) -> Task:
    parts = {}
    for split in ("train", "test"):
        rows = frame.filter(pl.col("split") == split).sort("t").group_by("id", maintain_order=True).agg("y").sort("id")
        parts[split] = ([str(one) for one in rows["id"]], [one.to_numpy() for one in rows["y"]])
    ids, train = parts["train"]
    assert ids == parts["test"][0]
    return Task(name, tuple(ids), right_aligned(train), right_aligned(parts["test"][1]), season, naive_season)


def _read(path: Path) -> pl.DataFrame:
    frame = pl.read_parquet(_there(path))
    return frame.with_columns(pl.col(pl.Categorical).cast(pl.String))


def _there(path: Path) -> Path:
    if not path.exists():
        raise DataAbsent(f"{path} is not there: this benchmark needs the data in {path.parents[1]}")
    return path
