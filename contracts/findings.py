"""What an analysis finds out about a niche: one small shape per question.

Money is in the market's currency, shares and concentrations run from 0 to 1, `lo` and `hi` are the ends of a 95 %
interval unless the field says otherwise. What cannot be computed is absent, never zero.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from contracts.message import Shape

Lang = Literal["ru", "en"]
Tier = Literal["fast"]


class Quality(Shape):
    """What the analysis stands on, and what was shown but left out of it.

    `days` counts distinct days (or weeks, where the source is weekly) with a row, `weeks` full weeks of the market,
    `freshness` is the age in days of the market's newest data as of the analysis, `missing` counts weeks without one
    row since the niche's first, `dropped` counts rows by reason, `flags` are codes.
    """

    days: int
    weeks: int
    rows: int
    products: int
    sources: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    freshness: int | None = None
    missing: int = 0
    dropped: dict[str, int] = Field(default_factory=dict)
    flags: tuple[str, ...] = ()


class Snapshot(Shape):
    """The niche over eight weeks that end at `as_of`; several of them stand side by side."""

    as_of: date
    revenue: float
    units: float | None = None
    products: int
    sellers: int | None = None
    price: float | None = None


class Change(Shape):
    """A relative change (0.1 is +10 %) against `base` (money a week).

    The interval is over the bootstrap draws: it tells how much hangs on single products, not what else may happen.
    """

    value: float
    lo: float
    hi: float
    base: float


class MannKendall(Shape):
    """The trend test over all weeks: Kendall's tau (-1 to 1) and its two-sided p."""

    tau: float
    p: float


class Slope(Shape):
    """The Theil-Sen slope in money a week per week, with its interval."""

    value: float
    lo: float
    hi: float


class Demand(Shape):
    """How much is bought. `revenue` and `units` are of the last eight weeks.

    `growth` is the forecast of the next eight weeks over the mean of the last eight, `change` the last eight weeks
    over the eight before, `spike_share` the share of the last eight weeks' revenue that their best two weeks hold.
    """

    revenue: float
    units: float | None = None
    level: float
    growth: Change | None = None
    change: Change | None = None
    mann_kendall: MannKendall | None = None
    slope: Slope | None = None
    spike_share: float | None = None
    active_share: float


class WeekPoint(Shape):
    """One full week: `week` is its Monday."""

    week: date
    revenue: float
    units: float | None = None


class Band(Shape):
    """`level` % of futures should lie between `lo` and `hi`."""

    level: int
    lo: float
    hi: float


class ForecastPoint(Shape):
    """The forecast of the week that begins on Monday `day`, in money a week."""

    day: date
    p50: float
    bands: tuple[Band, ...] = ()


class Coverage(Shape):
    """Of `n` past weeks forecast in rolling origins, the share `measured` lay inside the band of `level` %."""

    level: int
    measured: float
    n: int


class Forecast(Shape):
    """The forecast of weekly revenue; without `points`, `reason` says why there is none.

    `mase` is the mean absolute error of `folds` rolling origins over the mean change from one week to the next
    (mean absolute scaled error, Hyndman and Koehler 2006).
    """

    tier: Tier
    horizon: int
    points: tuple[ForecastPoint, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    mase: float | None = None
    folds: int = 0
    reason: str | None = None


class SellerShare(Shape):
    """One seller's share of the revenue of the last eight weeks."""

    seller: str
    share: float
    products: int


class Competition(Shape):
    """Who sells, over the last eight weeks.

    `hhi_lo` and `hhi_hi` are bounds: they differ where part of the revenue has no seller (`unknown_share`), and are
    absent, as all seller figures are, where no revenue has one.
    """

    products: int
    products_with_sales: int
    share_with_sales: float
    sellers: int | None = None
    brands: int | None = None
    hhi_lo: float | None = None
    hhi_hi: float | None = None
    effective_sellers: float | None = None
    cr4: float | None = None
    unknown_share: float | None = None
    revenue_per_seller: float | None = None
    newcomer_share: float | None = None
    top: tuple[SellerShare, ...] = ()


class Entrants(Shape):
    """Products listed in the last `weeks` weeks: `n` of them, `ok` reached the niche's median listing.

    `lo` and `hi` are the Wilson interval of ok / n, absent with n.
    """

    weeks: int
    n: int
    ok: int
    share: float | None = None
    lo: float | None = None
    hi: float | None = None


class PriceSegment(Shape):
    """The listings priced from `lo` to `hi`: their share of offers and of revenue, and the second over the first.

    `revenue` is of the last eight weeks.
    """

    lo: float
    hi: float
    offers: int
    offer_share: float
    revenue: float
    revenue_share: float
    ratio: float
    ratio_lo: float | None = None
    ratio_hi: float | None = None


class Price(Shape):
    """What is asked, over the last eight weeks: quantiles of the listings' prices by percent, and segments."""

    quantiles: dict[str, float]
    segments: tuple[PriceSegment, ...] = ()


class Text(Shape):
    """What the numbers mean, in one language; `source` says who wrote it, `checked` that its numbers are ours."""

    lang: Lang
    conclusion: str
    evidence: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    next_step: str
    source: Literal["template"] = "template"
    checked: bool = True
