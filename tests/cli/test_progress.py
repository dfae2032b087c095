"""Progress in a log."""

import pytest

from services.cli.progress import meter


def test_a_log_gets_a_line_at_most_every_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    """A thousand steps are told in about ten lines, the last one included, on stderr alone."""
    with meter("Analysing") as tell:
        for done in range(1, 1001):
            tell.tell(done, 1000, "niches")

    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert 10 <= len(lines) <= 12
    assert "1000 of 1000 niches" in lines[-1]
    assert captured.out == ""


def test_an_end_that_is_told_again_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    """Polling a finished work twice adds no line."""
    with meter("Importing") as tell:
        tell.tell(5, 5, "rows")
        tell.tell(5, 5, "rows")

    assert len(capsys.readouterr().err.splitlines()) == 1


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """-q is for scripts."""
    with meter("Importing", quiet=True) as tell:
        tell.tell(5, 5)

    assert capsys.readouterr().err == ""
