"""The forecast speed benchmark: its windows, its table, and the whole on a small cut."""

import numpy as np
import pytest

from bench.forecast import speed
from bench.forecast.data import DataAbsent, Task
from bench.forecast.metrics import Score


def task() -> Task:
    """Three weekly series, one of them shorter."""
    rng = np.random.default_rng(0)
    y = np.abs(np.cumsum(rng.normal(0, 3, (3, 413)), axis=1)) + 50
    y[2, :250] = np.nan
    return Task("M4 Weekly", ("a", "b", "c"), y[:, :400], y[:, 400:], 52, 1)


def test_windows_end_with_the_test_part_and_do_not_overlap() -> None:
    """The end of every long series first, then what lies before it."""
    found = speed.windows(task(), 100, 120)

    assert found.ids == ("a-0", "b-0", "c-0", "a-1", "b-1", "a-2", "b-2")
    np.testing.assert_array_equal(found.train[0], task().train[0, -120:])
    np.testing.assert_array_equal(found.test[:3], task().test)
    np.testing.assert_array_equal(found.test[3], task().train[0, -133:-120])
    assert speed.windows(task(), 2, 120).ids == ("a-0", "b-0")


def test_the_whole_runs_on_a_small_cut(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Both contenders are timed and scored on the same windows, and the table says what was measured."""
    monkeypatch.setattr(speed, "m4_weekly", task)

    assert speed.main(["--rounds", "2", "--series", "3", "--periods", "170"]) == 0
    out, err = capsys.readouterr()
    assert "3 windows of 170 periods of M4 Weekly" in out
    assert [line.split("  ")[0] for line in out.splitlines()[-2:]] == ["scout fast         ".strip(), speed.THEIRS]
    assert "round 2 of 2" in err


def test_the_table_compares_within_a_round() -> None:
    """A slow moment counts for both: the ratio is the median of the rounds' ratios."""
    score = Score(1.0, 2.0, 0.9)
    text = speed.table(
        {speed.OURS: [1.0, 2.0, 1.0], speed.THEIRS: [9.0, 20.0, 11.0]},
        dict.fromkeys(("scout fast", speed.THEIRS), score),
        100,
    )

    assert "10.0x" in text
    assert "9.0 10.0 11.0" in text


def test_absent_data_are_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the competition's data there is a sentence and not a traceback."""

    def absent() -> Task:
        raise DataAbsent("m4_weekly.parquet is not there")

    monkeypatch.setattr(speed, "m4_weekly", absent)

    assert speed.main([]) == 1
    assert "is not there" in capsys.readouterr().err
