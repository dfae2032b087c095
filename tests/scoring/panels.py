"""Pasts that are judged: markets in which what happens next is known to the test."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from contracts.message import FileRef
from contracts.model import TERMS
from contracts.panel import Leakage, PanelBuilt
from services.scoring.history import History, history
from services.scoring.ranking import Floats

NICHES, CUTS, LAUNCHES = 60, (16, 18, 20, 22, 24, 26), 40
HONEST = Leakage(columns=TERMS, cells=1000, max_difference=9e-16)


def market(
    growth: dict[str, float] | None = None,
    entry: dict[str, float] | None = None,
    noise: float = 1.0,
    niches: int = NICHES,
    seed: int = 0,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A panel and its launches; both outcomes are weighed sums of terms (normal, unrelated) plus noise."""
    rng = np.random.default_rng(seed)
    tables, launches = [], []
    for cut in CUTS:
        terms = {name: rng.normal(size=niches) for name in TERMS}
        ids = [f"n{number:03}" for number in range(niches)]
        tables.append(
            pl.DataFrame({"niche_id": ids, "name": ids, **terms, "growth": _mixed(terms, growth, noise, rng)}).select(
                pl.lit(cut).alias("cut"), pl.lit(date(2017, 1, 1) + timedelta(weeks=cut)).alias("cut_day"), pl.all()
            )
        )
        at = rng.integers(0, niches, LAUNCHES)
        there = {name: values[at] for name, values in terms.items()}
        launches.append(
            pl.DataFrame(
                {
                    "cut": [cut] * LAUNCHES,
                    "niche_id": [ids[number] for number in at],
                    "product_id": [f"p{number}" for number in range(LAUNCHES)],
                    "revenue": np.exp(_mixed(there, entry, noise, rng)),
                }
            )
        )
    return pl.concat(tables), pl.concat(launches)


def past(**fields: Any) -> History:
    """A market as a history."""
    return history(*market(**fields))


def built(**changes: Any) -> PanelBuilt:
    """The event that a panel is built."""
    usual: dict[str, Any] = {
        "market": "shop",
        "horizon": 8,
        "panel": FileRef(key="panels/a.parquet", sha256="a" * 64, size=1),
        "launches": FileRef(key="panels/b.parquet", sha256="b" * 64, size=1),
        "cuts": CUTS,
        "niches": NICHES,
        "leakage": HONEST,
        "purged": True,
    }
    return PanelBuilt(**(usual | changes))


def _mixed(
    terms: dict[str, Floats], weights: dict[str, float] | None, noise: float, rng: np.random.Generator
) -> Floats:
    size = len(next(iter(terms.values())))
    signal = sum((weight * terms[name] for name, weight in (weights or {}).items()), np.zeros(size))
    return np.asarray(signal + noise * rng.normal(size=size))
