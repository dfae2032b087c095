"""Sums that many statistics of windows are made from."""

import numpy as np
from numpy.typing import ArrayLike

from services.analysis.weeks import Floats


def running(values: ArrayLike) -> Floats:
    """The sum of the first k values of each row, k from 0 to n [rows, n + 1]."""
    rows = np.asarray(values)
    total = np.zeros((rows.shape[0], rows.shape[1] + 1))
    np.cumsum(rows, axis=1, out=total[:, 1:])
    return total
