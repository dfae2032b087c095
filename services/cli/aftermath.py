"""What happened after a day: the weeks that followed against the weeks before, from weekly revenue."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

WEEKS = 8


def window(as_of: date, weeks: int = WEEKS) -> tuple[date, date]:
    """The Mondays of the first week counted before `as_of` (a Sunday) and of the last one after it."""
    first = as_of - timedelta(days=as_of.weekday(), weeks=weeks - 1)
    return first, first + timedelta(weeks=2 * weeks - 1)


def what_followed(weekly: Mapping[date, float], as_of: date, weeks: int = WEEKS) -> float | None:
    """The relative change of mean weekly revenue, the `weeks` after `as_of` over the `weeks` up to it.

    `weekly` holds revenue by Monday of every week that the market has data of. `None` where a week is missing, or
    where nothing was sold before.
    """
    first, _ = window(as_of, weeks)
    mondays = [first + timedelta(weeks=i) for i in range(2 * weeks)]
    if any(monday not in weekly for monday in mondays):
        return None
    before = sum(weekly[monday] for monday in mondays[:weeks])
    after = sum(weekly[monday] for monday in mondays[weeks:])
    return after / before - 1 if before > 0 else None


def faster(changes: Iterable[float | None], market: float | None) -> tuple[int, int]:
    """How many of the known changes beat the market's, and how many are known."""
    known = [change for change in changes if change is not None]
    return sum(change > market for change in known) if market is not None else 0, len(known)
