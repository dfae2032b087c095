"""The sentences that tell what to be careful about: red flags, and what the data lack."""

from collections.abc import Iterator

from contracts.analysis import RedFlag
from services.analysis.badrows import REASONS
from services.analysis.text_teller import Teller

FLAGS = 4
"""Red flags that are told, the gravest; the others stand in their table."""


def risks(by: Teller) -> Iterator[str]:
    """Red flags with value and limit, then one sentence of what the data lack and what was left out of them."""
    yield from (_flag(by, flag) for flag in by.of.red_flags[:FLAGS])
    faults = list(_faults(by))
    if faults:
        yield by.say("data", faults="; ".join(faults))


def _flag(by: Teller, flag: RedFlag) -> str:
    if flag.code == "small_turnover":
        return by.say(flag.code, value=by.money(flag.value), limit=by.money(flag.limit))
    if flag.code == "extreme_season":
        return by.say(flag.code, value=by.number(flag.value, 1), limit=by.number(flag.limit, 1))
    brand = by.of.competition.brand if by.of.competition else None
    stock = by.of.demand.stock if by.of.demand else None
    return by.say(
        flag.code,
        value=by.share(flag.value),
        limit=by.share(flag.limit),
        brand=brand.brand if brand else "",
        filled=by.signed(stock.change or 0.0) if stock else "",
    )


def _faults(by: Teller) -> Iterator[str]:
    worth = by.of.quality
    if "short_history" in worth.flags:
        yield by.say("short_history", weeks=by.many(worth.weeks, "week"))
    elif by.of.demand is not None and by.of.demand.season is None:
        yield by.say("season_unknown")
    if "stale" in worth.flags:
        yield by.say("stale", freshness=by.many(worth.freshness or 0, "day"))
    if "gaps" in worth.flags:
        yield by.say("gaps", missing=by.many(worth.missing, "week"))
    for flag in ("no_sellers", "pseudo_sellers"):
        if flag in worth.flags:
            yield by.say(flag)
    wrong = {why: worth.dropped[why] for why in REASONS if why in worth.dropped and why != "after_as_of"}
    if wrong:
        counted = ", ".join(f"{by.say(why)} ({by.number(count)})" for why, count in wrong.items())
        yield by.say("dropped", reasons=counted)
