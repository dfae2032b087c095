"""The day as of which a niche is analysed: the last full day of its market, unless a person names one."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.chassis.store import Document
from services.gateway.problems import unfit

_REST_OF_WEEK = timedelta(days=6)


def last_full_day(market: Document, now: datetime) -> date:
    """The last day of which all is known: yesterday in the market's zone, or the last one that was observed.

    A weekly market's last observed day is a Monday, which stands for the week until its Sunday.
    """
    observed = date.fromisoformat(market["last_day"])
    if market["grain"] == "week":
        observed += _REST_OF_WEEK
    return min(_yesterday(market, now), observed)


def chosen_day(market: Document, as_of: date | None, now: datetime, pointer: str) -> date:
    """The day to analyse as of; raises a 422 for one before the market's first or one that is not over yet."""
    last = last_full_day(market, now)
    if as_of is None:
        return last
    first = date.fromisoformat(market["first_day"])
    name = market["_id"]
    if as_of < first:
        raise unfit(
            "as-of-before-first-day",
            f"As of {as_of} nothing is known of the market {name}: its observations begin on {first}. "
            f"Choose a day from {first} to {last}.",
            pointer,
        )
    if as_of > _yesterday(market, now):
        raise unfit(
            "as-of-in-future",
            f"{as_of} is not over yet in the market {name} ({market['timezone']}). "
            f"Choose a day until {_yesterday(market, now)}, or leave as_of out to take {last}.",
            pointer,
        )
    return as_of


def _yesterday(market: Document, now: datetime) -> date:
    return now.astimezone(ZoneInfo(market["timezone"])).date() - timedelta(days=1)
