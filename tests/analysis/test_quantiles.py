"""Medians, deviations and quantiles of small arrays: those of numpy."""

import numpy as np
import pytest

from services.analysis.quantiles import deviation, median, quantiles


@pytest.mark.parametrize("size", [1, 2, 3, 10, 101])
def test_they_are_those_of_numpy(size: int) -> None:
    """One value, an even and an odd number of them, in any order."""
    values = np.random.default_rng(size).lognormal(size=size)

    assert median(values) == np.median(values)
    assert deviation(values) == pytest.approx(values.std(), abs=1e-15)
    np.testing.assert_allclose(quantiles(np.sort(values), (0.0, 0.3, 1.0)), np.quantile(values, (0.0, 0.3, 1.0)))
