"""How newcomers fared: products launched in the last half year against the niche's median listing."""

from statistics import NormalDist

import numpy as np

from contracts.competition import Entrants
from services.analysis.ledger import Ledger, Shelf
from services.analysis.quantiles import median
from services.analysis.weeks import BASE, Floats

RECENT_WEEKS = 26
SHORTEST = 4
"""A newcomer is judged after this many full weeks."""


def wilson(ok: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """The score interval of a share `ok` / `n` (Wilson 1927); `n` is at least one."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = ok / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    return max(0.0, centre - half), min(1.0, centre + half)


def launched(of: Ledger) -> Floats:
    """The week in which each product was launched, counted from the first [products]; NaN where it is not known.

    Only a listing date tells. A product's first row is no launch: what is seldom bought is first seen late. A product
    that sold in a week before its listing date was there already, so that its date is one of a listing anew.
    """
    before = of.product[(of.sales > 0) & (of.week < of.listed[of.product])]
    return np.where(np.bincount(before, minlength=len(of.products)) > 0, np.nan, of.listed)


def entrants(of: Ledger, on: Shelf) -> Entrants | None:
    """Newcomers of 4 to 26 weeks whose weekly revenue reached the median of all listings with sales.

    `on` is the shelf of the last eight weeks; a newcomer listed within them is measured over its own weeks. One that
    is gone by now counts as one that failed, so only those listed within the history count: of those from before it,
    none but the survivors would be seen. `None` where no product has a listing date or nothing was sold.
    """
    since = launched(of)
    selling = on.sold[on.sold > 0]
    if np.isnan(since).all() or not len(selling):
        return None
    weeks = min(RECENT_WEEKS, len(of.numbers))
    age = len(of.numbers) - np.nan_to_num(since, nan=-np.inf)
    new = (age >= SHORTEST) & (age <= weeks)
    pace = on.sold[new] / np.minimum(age[new], BASE)
    n, ok = int(new.sum()), int((pace >= median(selling) / BASE).sum())
    if n == 0:
        return Entrants(weeks=weeks, n=0, ok=0)
    low, high = wilson(ok, n)
    return Entrants(weeks=weeks, n=n, ok=ok, share=ok / n, lo=low, hi=high)
