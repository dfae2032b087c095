import numpy as np

from services.analysis.sums import running


def test_running_sums_begin_at_nothing() -> None:
    """The difference of two of them is the sum of what lies between."""
    assert running(np.array([[1, 2, 3], [0, 5, -5]])).tolist() == [[0, 1, 3, 6], [0, 0, 5, 0]]
    assert running(np.zeros((2, 0))).tolist() == [[0], [0]]
