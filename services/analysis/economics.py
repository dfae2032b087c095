"""What a seller would keep of one piece, and what the first batch takes: plain arithmetic on tariffs and own figures.

The sum is the usual one of unit economics: every part of the price that somebody else takes, and the cost, for a piece
that stays sold. A piece that comes back is delivered again, so one kept piece of `returns` (a share of orders) takes
1 / (1 - returns) deliveries and returns / (1 - returns) returns: the mean of a geometric distribution.
"""

import math
from collections.abc import Sequence
from datetime import date

from contracts.demand import Season
from contracts.economics import Economics, Own, Tariff
from contracts.market import MarketSettings
from contracts.price import Price
from services.analysis.ledger import Ledger, Shelf
from services.analysis.quantiles import median
from services.analysis.season import CLEAR
from services.analysis.weeks import BASE

COVER_WEEKS = 8
"""How long the first batch lasts where nobody said otherwise."""

_RATES = ("commission", "logistics", "storage", "returns", "return_handling", "tax")


def economics(  # noqa: PLR0913, PLR0917 - each is a finding or a figure of its own
    of: Ledger,
    on: Shelf,
    asked: Price | None,
    season: Season | None,
    settings: MarketSettings,
    own: Own | None,
    path: str,
    as_of: date,
) -> Economics | None:
    """One piece of the niche at `path`, by the tariffs that count on `as_of`; `None` where no price is known.

    `on` is the shelf of the last eight weeks. The price is the seller's own, else the median of the listings' prices
    (not weighed by units: it is the one that the price section shows, and a bestseller's price rests on a scale that
    a newcomer has not). Values of `own` take the place of the settings' ones, one by one.
    """
    mine = overridden(settings.own, own)
    season = season if season and season.strength >= CLEAR else None  # noise has a peak too
    price = mine.price or (asked and asked.quantiles.get("p50"))
    if not price or price < 0:
        return None
    rates = tariff(settings.tariffs, path, as_of)
    weekly = weekly_units(of, on)
    known: dict[str, object] = {name: getattr(rates, name, None) for name in _RATES}
    known |= {"ad_share": mine.ad_share, "cost": mine.cost}
    known |= {"units": weekly, "lead_days": mine.lead_days, "season": season}
    if rates and rates.returns == 0:
        known["return_handling"] = 0.0  # nothing comes back, so nothing is handled
    batch = _pieces(weekly, mine.cover_weeks or COVER_WEEKS)
    by = order_by(season.peak, as_of, mine.lead_days) if season and mine.lead_days is not None else None
    return _piece(price, rates, mine).model_copy(
        update={
            "first_batch": batch,
            "first_batch_capital": _times(batch, mine.cost),
            "order_by": by,
            "missing": tuple(name for name, value in known.items() if value is None),
        }
    )


def overridden(settings: Own, own: Own | None) -> Own:
    """What the seller knows: the values of `own` where it says any, else those of the settings."""
    return settings.model_copy(update=own.model_dump(exclude_none=True)) if own else settings


def tariff(tariffs: Sequence[Tariff], path: str, as_of: date) -> Tariff | None:
    """The rates that count for a niche on a day; `None` where no tariff that fits it has begun.

    Each rate comes from the tariff with the longest `niche` that says it, and of these from the newest that has begun:
    what a row does not say, an older or a more general one says. `since` is the newest day among those used.
    """
    fitting = [one for one in tariffs if one.since <= as_of and _fits(one.niche, path)]
    fitting.sort(key=lambda one: (len(one.niche), one.since))
    used = {name: one for one in fitting for name in _RATES if getattr(one, name) is not None}  # the last one counts
    if not used:
        return None
    rates = {name: getattr(one, name) for name, one in used.items()}
    return Tariff(since=max(one.since for one in used.values()), niche=path, **rates)


def weekly_units(of: Ledger, on: Shelf) -> float | None:
    """Pieces a week of the median listing that sold any in the last eight weeks; `None` where units are not known.

    Listings that sell nothing are left out: their median would be zero in most niches, and nobody orders zero pieces.
    """
    weeks = int(of.known[-BASE:].sum())
    if of.units is None or not weeks:
        return None
    units = of.units[:, -BASE:][:, of.known[-BASE:]].sum(axis=1)
    sold = units[on.present & (units > 0)]
    return median(sold) / weeks if len(sold) else None


def order_by(peak: int, as_of: date, lead_days: int) -> date | None:
    """The last day to order so that goods lie on the shelf the day before the season's peak, an ISO week of the year.

    The peak is the next one that can still be reached; week 53 is the last week in a year that has none.
    """
    for year in range(as_of.isocalendar().year, min(as_of.year + 5, date.max.year)):
        last = date(year, 12, 28).isocalendar().week  # 28 December lies in the year's last week by definition
        by = date.fromisocalendar(year, min(peak, last), 1).toordinal() - 1 - lead_days
        if by >= as_of.toordinal():
            return date.fromordinal(by)
    return None


def _piece(price: float, rates: Tariff | None, mine: Own) -> Economics:
    """What each part takes of one piece at `price`, and what remains of it."""
    rate = rates or Tariff(since=date.min)
    trips = None if rate.returns is None else 1 / (1 - rate.returns)
    back = None if rate.returns is None else rate.returns / (1 - rate.returns)
    shares = (rate.commission, rate.tax, mine.ad_share)
    commission, tax, ads = (_times(share, price) for share in shares)
    logistics = _times(rate.logistics, trips)
    returns = 0.0 if rate.returns == 0 else _times(rate.return_handling, back)
    fixed = _sum(logistics, rate.storage, returns)
    share, taken = _sum(*shares), _sum(commission, tax, ads, fixed)
    room = None if taken is None else price - taken
    margin = None if room is None or mine.cost is None else room - mine.cost
    return Economics(
        price=price,
        since=rates.since if rates else None,
        commission=commission,
        logistics=logistics,
        storage=rate.storage,
        returns=returns,
        tax=tax,
        ads=ads,
        cost=mine.cost,
        margin=margin,
        margin_share=_over(margin, price),
        roi=_over(margin, mine.cost),
        break_even_price=_over(_sum(fixed, mine.cost), None if share is None else 1 - share),
        break_even_cost=room,
    )


def _fits(prefix: str, path: str) -> bool:
    return not prefix or path == prefix or path.startswith(f"{prefix}/")


def _pieces(weekly: float | None, weeks: int) -> int | None:
    """Whole pieces for so many weeks, rounded up; what is a whole number but for the last bits is taken as one."""
    pieces = _times(weekly, weeks)
    return None if pieces is None else math.ceil(round(pieces, 6))


def _times(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else _finite(one * other)


def _over(part: float | None, whole: float | None) -> float | None:
    return None if part is None or whole is None or whole <= 0 else _finite(part / whole)


def _sum(*parts: float | None) -> float | None:
    known = [part for part in parts if part is not None]
    return _finite(sum(known)) if len(known) == len(parts) else None


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
