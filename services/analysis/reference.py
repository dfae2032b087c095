"""The market's distribution of every term, against which a niche's raw value becomes a percentile."""

import numpy as np

from services.analysis.market import MarketTerms
from services.analysis.terms import UNITS

POINTS = 101


def quantiles(market: MarketTerms) -> dict[str, tuple[float, ...]]:
    """The 0th to 100th percentile of every term over the eligible niches; terms that no such niche has are left out."""
    found = {}
    for name in UNITS:
        values = market.terms[name][market.eligible]
        values = values[~np.isnan(values)]
        if len(values):
            found[name] = tuple(float(value) for value in np.quantile(values, np.linspace(0, 1, POINTS)))
    return found
