"""The past cut by cut, as arrays: what was known at each, and what then happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from contracts.model import QUANTILES, TERMS
from services.scoring.ranking import Codes, Floats

FEWEST = 10
"""Niches, or launches, below which a cut says nothing: a top tenth of nothing."""


class NothingToJudgeError(ValueError):
    """A panel has no cut with enough niches."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One cut: `niche` numbers its niches [n], `places` are their terms as percentiles of the cut (NaN: not known).

    `growth` is their outcome. Of each launch [m], `at` is its niche's row in the cut and `revenue` its outcome.
    """

    cut: int
    day: date
    niche: Codes
    places: dict[str, Floats]
    growth: Floats
    at: Codes
    revenue: Floats


@dataclass(frozen=True, slots=True)
class History:
    """All cuts of a market; niches are numbered over all of them, from 0 to `niches` - 1."""

    cuts: tuple[Cut, ...]
    niches: int

    @property
    def rows(self) -> int:
        """Pairs of niche and cut with an outcome."""
        return sum(len(cut.niche) for cut in self.cuts)

    @property
    def launched(self) -> int:
        """Launches with an outcome."""
        return sum(len(cut.at) for cut in self.cuts)


def history(panel: pl.DataFrame, launches: pl.DataFrame) -> History:
    """Arrange a panel (a row per cut and niche) and its launches (cut, niche_id, revenue).

    Cuts of fewer than 10 niches with an outcome are left out; raises `NothingToJudgeError` when none is left.
    """
    whole = panel.filter(pl.col("growth").is_finite()).sort("cut", "niche_id")
    numbers = {niche: number for number, niche in enumerate(whole["niche_id"].unique().sort())}
    found = []
    for (cut,), table in whole.group_by("cut", maintain_order=True):
        if table.height >= FEWEST:
            found.append(_cut(int(str(cut)), table, launches.filter(pl.col("cut") == cut), numbers))
    if not found:
        raise NothingToJudgeError(
            f"no past day has {FEWEST} niches with sales before and after it, so there is nothing to compare: import "
            "more niches or a longer history"
        )
    return History(tuple(found), len(numbers))


def within(values: Floats) -> Floats:
    """Each value's place (0 to 1) among the 101 quantiles of all known ones, as `normalise` has it; NaN stays NaN."""
    known = ~np.isnan(values)
    found = np.full(len(values), np.nan)
    if not known.any():
        return found
    quantiles = np.quantile(values[known], np.linspace(0, 1, QUANTILES))
    some = values[known]
    left, right = np.searchsorted(quantiles, some, "left"), np.searchsorted(quantiles, some, "right")
    below, above = quantiles[np.maximum(right - 1, 0)], quantiles[np.minimum(right, QUANTILES - 1)]
    between = right - 1 + (some - below) / np.where(above > below, above - below, 1.0)
    found[known] = np.where(left < right, (left + right - 1) / 2, between) / (QUANTILES - 1)
    return found


def weighed(places: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """The score of each niche, 0 to 100, as `score` has it: a term that is not known leaves its weight to the others.

    NaN where no term is known.
    """
    terms = {name: weight for name, weight in weights.items() if weight}
    grid = np.array([places[name] for name in terms])
    shares = np.array(list(terms.values()))[:, None] * ~np.isnan(grid)
    size = np.abs(shares).sum(axis=0)
    total = (shares * np.where(np.isnan(grid), 0.0, grid - 0.5)).sum(axis=0)
    return np.where(size > 0, 50 + 100 * total / np.where(size > 0, size, 1.0), np.nan)


def _cut(cut: int, table: pl.DataFrame, launches: pl.DataFrame, numbers: Mapping[str, int]) -> Cut:
    ids = table["niche_id"].to_list()
    rows = {niche: row for row, niche in enumerate(ids)}
    here = launches.filter(pl.col("niche_id").is_in(ids) & pl.col("revenue").is_finite())
    return Cut(
        cut=cut,
        day=table["cut_day"][0],
        niche=np.array([numbers[niche] for niche in ids], dtype=np.int64),
        places={name: within(_floats(table, name)) for name in TERMS},
        growth=_floats(table, "growth"),
        at=np.array([rows[niche] for niche in here["niche_id"]], dtype=np.int64),
        revenue=_floats(here, "revenue"),
    )


def _floats(table: pl.DataFrame, name: str) -> Floats:
    return np.asarray(table[name].cast(pl.Float64).fill_null(np.nan).to_numpy(), dtype=np.float64)
