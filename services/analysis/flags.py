"""Red flags: what is measured beyond a limit that a careful person would set."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from contracts.analysis import RedFlag
from contracts.findings import Competition, Demand

SMALL_PERCENT = 10
FALLING, FALLING_PER_SELLER, PRICE_FALL = -0.2, -0.2, -0.1
FEW_SELLERS_HOLD, SPIKE_SHARE = 0.9, 0.5


@dataclass(frozen=True, slots=True)
class Compared:
    """The last eight weeks against the eight before, as relative changes; `None` where not known."""

    revenue_per_seller: float | None = None
    price: float | None = None


def red_flags(
    demand: Demand | None,
    competition: Competition | None,
    compared: Compared,
    reference: Mapping[str, tuple[float, ...]] | None = None,
) -> tuple[RedFlag, ...]:
    """The flags that are up, each with its value and limit.

    `reference` (quantiles of the market's terms, see `reference.quantiles`) gives the limit of a small turnover: the
    weekly revenue that 10 % of the market's niches stay under. What is not known raises no flag.
    """
    quantiles = (reference or {}).get("level")
    small = float(np.exp(quantiles[SMALL_PERCENT])) if quantiles else None
    cr4 = competition.cr4 if competition else None
    change = demand.change.value if demand and demand.change else None
    found = (
        _under("small_turnover", demand.level if demand else None, small),
        _under("falling_turnover", change, FALLING),
        _under("falling_revenue_per_seller", compared.revenue_per_seller, FALLING_PER_SELLER),
        _over("few_sellers_hold_most", cr4, FEW_SELLERS_HOLD),
        _under("price_war", compared.price, PRICE_FALL),
        _over("spike", demand.spike_share if demand else None, SPIKE_SHARE),
    )
    return tuple(flag for flag in found if flag is not None)


def _under(code: str, value: float | None, limit: float | None) -> RedFlag | None:
    return (
        RedFlag(code=code, value=value, limit=limit)
        if value is not None and limit is not None and value < limit
        else None
    )


def _over(code: str, value: float | None, limit: float) -> RedFlag | None:
    return RedFlag(code=code, value=value, limit=limit) if value is not None and value > limit else None
