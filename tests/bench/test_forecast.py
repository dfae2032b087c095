"""The forecast benchmarks: their scores by hand, what was published, and the whole on a small cut."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench.forecast import published, report
from bench.forecast.__main__ import main
from bench.forecast.contest import Line
from bench.forecast.data import Task, right_aligned
from bench.forecast.metrics import Score, held, mase, score, smape
from bench.forecast.naive import indices, naive2, seasonal

PATTERN = np.array([0.5, 1.0, 1.5, 1.0])


def long(y: np.ndarray, horizon: int, prefix: str) -> pl.DataFrame:
    """Series of one length as the competitions' files have them, the last periods being the test part."""
    n, periods = y.shape
    frame = pl.DataFrame(
        {
            "id": np.repeat([f"{prefix}{row}" for row in range(n)], periods),
            "split": np.tile(np.where(np.arange(periods) < periods - horizon, "train", "test"), n),
            "t": np.tile(np.arange(1, periods + 1), n),
            "y": y.ravel(),
        }
    )
    return frame.with_columns(pl.col("id", "split").cast(pl.Categorical), pl.col("t").cast(pl.Int32))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Files like those beside the project, with a few invented series."""
    rng = np.random.default_rng(0)
    (tmp_path / "m4").mkdir()
    (tmp_path / "m3").mkdir()
    weekly = np.abs(np.cumsum(rng.normal(0, 3, (6, 133)), axis=1)) + 50
    long(weekly, 13, "W").write_parquet(tmp_path / "m4" / "m4_weekly.parquet")
    rows = [("Theta", 0.971, 0.897, "M4"), ("Com", 0.926, 0.898, "M4"), ("Naive2", 1.0, 1.0, "M4")]
    rows += [("7", 0.7, 0.9, "Best, W."), ("8", 0.8, 0.8, "Winner, A.")]
    scores = {name: [9.0] * len(rows) for name in ("smape_Weekly", "mase_Weekly")}
    columns = ("method", "owa_Weekly", "owa_Total", "who")
    results = {name: list(values) for name, values in zip(columns, zip(*rows, strict=True), strict=True)} | scores
    pl.DataFrame(results).write_csv(tmp_path / "m4" / "m4_published_results.csv")
    monthly = 100 * np.tile(PATTERN, (5, 27)) * rng.lognormal(0, 0.1, (5, 108))
    frame = long(monthly, 18, "N").with_columns(pl.lit("MONTHLY").cast(pl.Categorical).alias("period"))
    frame.write_parquet(tmp_path / "m3" / "m3.parquet")
    methods = ("NAIVE2", "THETA", "COMB S-H-D", "ForecastPro")
    forecasts = [
        {"method": method, "id": f"N{row}", "h": step + 1, "f": monthly[row, 90 + step] * (1 + 0.1 * place)}
        for place, method in enumerate(reversed(methods), start=1)
        for row in range(5)
        for step in range(18)
    ]
    pl.DataFrame(forecasts).write_parquet(tmp_path / "m3" / "m3_published_forecasts.parquet")
    return tmp_path


def test_scores_by_hand() -> None:
    """Errors 1 and 2 against 10 and 10, after steps of 2: each score by its definition."""
    truth, made = np.array([[10.0, 10.0]]), np.array([[9.0, 12.0]])
    train = np.array([[np.nan, 4.0, 6.0, 8.0]])

    assert smape(truth, made) == pytest.approx((200 / 19 + 400 / 22) / 2)
    assert mase(truth, made, train, 1) == pytest.approx(1.5 / 2)
    assert held(truth, made - 1, made + 1) == 0.5
    task = Task("", ("a",), train, truth, 1, 1)
    base = naive2(train, 2, 1)
    assert base.tolist() == [[8.0, 8.0]]
    both = (smape(truth, made) / smape(truth, base), 0.75)
    assert score(task, made) == Score(smape(truth, made), 0.75, pytest.approx(sum(both) / 2))


def test_naive2_repeats_a_season_and_only_a_real_one() -> None:
    """A pure pattern is repeated to the digit; a series without one ends where it ended."""
    y = np.tile(10 * PATTERN, 6)
    walk = np.cumsum(np.ones(24))

    assert indices(y, 4) == pytest.approx(PATTERN)
    assert (seasonal(y, 4), seasonal(walk, 12), seasonal(y[:8], 4), seasonal(np.ones(24), 4)) == (True,) + (False,) * 3
    np.testing.assert_allclose(naive2(y[None], 5, 4)[0], 10 * PATTERN[[0, 1, 2, 3, 0]])


def test_a_series_ends_in_the_last_column() -> None:
    """Shorter ones begin later, and the inner hold-out never touches the test part."""
    found = right_aligned([np.array([1.0, 2.0, 3.0]), np.array([4.0])])
    np.testing.assert_array_equal(found, [[1, 2, 3], [np.nan, np.nan, 4]])
    task = Task("T", ("a", "b"), found, np.array([[9.0], [9.0]]), 1, 1)

    assert task.inner().test.tolist() == [[3.0], [4.0]]
    assert task.inner().train.shape == (2, 2)
    assert task.cut(1).ids == ("a",)


def test_others_are_told_from_their_files(data: Path) -> None:
    """The best, the winner overall, Theta, Comb and Naive2, with what their own files say."""
    weekly, monthly = published.m4(data, None, False), published.m3(data, 3, False)

    assert [line.name for line in weekly.lines][:2] == [
        "best of 5 published: Best, W. (all 6)",
        "winner overall: Winner, A. (all 6)",
    ]
    assert [line.score.owa for line in weekly.lines] == [0.7, 0.8, 0.971, 0.926, 1.0]
    assert monthly.lines[0].name == "best of 4 published: ForecastPro"
    assert monthly.lines[0].score.smape == pytest.approx(200 * 0.1 / 2.1)
    assert monthly.lines[-1].score.owa == 1.0
    assert published.m3(data, None, True).lines == published.m4(data, None, True).lines == []


def test_the_table_leaves_empty_what_is_not_there() -> None:
    """Coverage in percent and series a second where a method has them, and nothing where not."""
    with_all = Line("ours", Score(7.0, 2.0, 0.75), (0.8, 0.95), 1234.5)
    head, ours, theirs = report.table([with_all, Line("theirs", Score(9.1612, 2.777, 1.0))]).splitlines()

    assert head.split() == ["sMAPE", "MASE", "OWA", "in", "80", "%", "in", "95", "%", "series/s"]
    assert ours.split() == ["ours", "7.000", "2.000", "0.750", "80.0", "95.0", "1,234"]
    assert theirs.split() == ["theirs", "9.161", "2.777", "1.000"]


@pytest.mark.parametrize("contest", ["m4", "m3"])
def test_the_whole_runs_on_a_small_cut(contest: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both tiers, the members and what was published stand in one table, and each stage is told as it begins."""
    assert main([contest, "--only", "4", "--data", str(data)]) == 0

    out, err = capsys.readouterr()
    assert "4 series" in out
    lines = {line.split("  ")[0]: line.split() for line in out.splitlines()}
    assert float(lines["scout deep"][2]) > 0
    assert len(lines["scout deep"]) == len(lines["scout fast"]) == 8
    assert "published Theta" in out
    assert "its member ces" in out
    assert err.splitlines()[-1] == "bench: deep: bands"


def test_absent_data_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the competition's data there is a sentence and not a traceback."""
    assert main(["m3", "--data", str(tmp_path)]) == 1
    assert "m3.parquet is not there" in capsys.readouterr().err
