"""How unevenly a sum is spread over those who hold it."""

import numpy as np

from services.analysis.weeks import Floats


def top_share(shares: Floats, count: int) -> float:
    """What the `count` largest of the shares hold together (CR4, CR10)."""
    return float(np.sort(shares)[-count:].sum())


def gini(values: Floats) -> float | None:
    """The Gini coefficient (1912) of values from zero on: 0 where all are equal, towards 1 where one holds all.

    The mean difference of all pairs over twice the mean, so that n values reach at most 1 - 1/n. `None` under two
    values, which are neither equal nor unequal, and where all are zero.
    """
    if len(values) < 2 or not values.any():  # noqa: PLR2004 - said in the docstring
        return None
    ordered = np.sort(values / values.max())
    rank = np.arange(1 - len(ordered), len(ordered), 2)
    return float(rank @ ordered / (len(ordered) * ordered.sum()))
