"""How much is bought in a niche, and where that is going.

Money is in the market's currency, shares run from 0 to 1, `lo` and `hi` are the ends of a 95 % interval. What cannot
be computed is absent, never zero.
"""

from datetime import date

from contracts.message import Shape


class WeekPoint(Shape):
    """One full week: `week` is its Monday."""

    week: date
    revenue: float
    units: float | None = None


class Snapshot(Shape):
    """The niche over eight full weeks, of which `as_of` is the last day; several of them stand side by side."""

    as_of: date
    revenue: float
    units: float | None = None
    products: int
    sellers: int | None = None
    price: float | None = None


class Change(Shape):
    """A relative change (0.1 is +10 %) against `base` (money a week), held within 1:100 and 100:1.

    `lo` and `hi` are the ends of its interval, absent where too little is known for one.
    """

    value: float
    lo: float | None = None
    hi: float | None = None
    base: float


class MannKendall(Shape):
    """The trend test over the weeks since the first sale: Kendall's tau (-1 to 1) and its two-sided p.

    `p` is corrected for autocorrelation after Hamed and Rao (1998); `plain_p` is not. `inflation` is by how much
    autocorrelation widens the variance (1: not at all; never less). Where there is a `Season`, it is divided away
    before.
    """

    tau: float
    p: float
    plain_p: float | None = None
    inflation: float | None = None


class Slope(Shape):
    """The Theil-Sen slope in money a week per week; its interval is widened by the inflation of the trend test."""

    value: float
    lo: float
    hi: float


class Season(Shape):
    """The yearly season, known from two years of weeks on (STL).

    `strength` is 1 - var(remainder) / var(season + remainder), 0 to 1 (Wang, Smith and Hyndman 2006), less what pure
    noise gives it. `peak` and `trough` are ISO weeks of the year (1 to 53), `peak_ratio` is the season's best week over
    the mean week of the year, `months` are the twelve months' indices (1 is the mean month); both are shrunk towards 1
    by what noise gives them. Under a strength of 0.4 a season is not told from chance, and its peak says nothing.
    """

    strength: float
    peak: int
    trough: int
    peak_ratio: float
    months: tuple[float, ...]


class ChangePoint(Shape):
    """The week from which on the level is another: mean revenue a week of the stretch before and after it.

    Where there is a `Season`, it is divided away before.
    """

    week: date
    before: float
    after: float


class Stock(Shape):
    """What could not be bought, over the last eight weeks.

    `out_share` is the share of product-weeks out of stock, of those that can be judged. `inferred` says that the data
    do not tell, and that silences which a steady seller's sales make unlikely were taken for it. `products_out` counts
    the products that were off the shelf in at least one of these weeks, `returned` those that came back within them.
    `lost_revenue` is what these products sell in a week on the shelf, times the weeks off it, in money a week. `change`
    is the relative change of the last eight weeks over the eight before with such weeks filled in, so that a return to
    the shelf is no growth. A product that is off it for over eight weeks to the end is gone, and not counted.
    """

    out_share: float
    inferred: bool
    products_out: int
    returned: int
    lost_revenue: float
    change: float | None = None


class Demand(Shape):
    """How much is bought. `revenue` and `units` are of the last eight weeks.

    `level` is the mean of the last eight weeks, `growth` the forecast mean of the next eight over it with the 80 % band
    of that forecast, `change` the last eight weeks over the eight before with the 95 % interval over the bootstrap
    draws (it tells how much hangs on single products), `spike_share` the share of the last eight weeks' revenue that
    their best two weeks hold, `active_share` the share of all weeks with a sale. `season` is absent under two years of
    weeks.
    """

    revenue: float
    units: float | None = None
    level: float
    growth: Change | None = None
    change: Change | None = None
    mann_kendall: MannKendall | None = None
    slope: Slope | None = None
    season: Season | None = None
    spike_share: float | None = None
    active_share: float
    changes: tuple[ChangePoint, ...] = ()
    stock: Stock | None = None
