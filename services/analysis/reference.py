"""The market's distribution of every term, against which a niche's raw value becomes a percentile."""

from collections.abc import Collection
from datetime import date

import numpy as np
import polars as pl

from contracts.model import Reference
from services.analysis.errors import NothingObservedError
from services.analysis.market import MarketTerms, coded, market_terms
from services.analysis.span import Span
from services.analysis.terms import UNITS

POINTS = 101


def measure(
    frame: pl.DataFrame, market: str, as_of: date, pseudo_sellers: Collection[str] = ()
) -> tuple[Reference, Span]:
    """The reference of a market and the span of its observations; raises `NothingObservedError` if it has no rows."""
    try:
        measured = market_terms(coded(frame, pseudo_sellers), as_of)
    except ValueError as exc:
        raise NothingObservedError(str(exc)) from exc
    niches = int(measured.eligible.sum())
    return Reference(market=market, as_of=as_of, niches=niches, terms=quantiles(measured)), measured.span


def quantiles(market: MarketTerms) -> dict[str, tuple[float, ...]]:
    """The 0th to 100th percentile of every term over the eligible niches; terms that no such niche has are left out."""
    found = {}
    for name in UNITS:
        values = market.terms[name][market.eligible]
        values = values[~np.isnan(values)]
        if len(values):
            found[name] = tuple(float(value) for value in np.quantile(values, np.linspace(0, 1, POINTS)))
    return found
