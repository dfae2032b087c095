"""A row of the leaderboard as a person reads it: every value in words, every bar in its place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from contracts.analysis import RedFlag
from contracts.score import Estimate, Evidence, OpportunityScored, Score, Verdict
from services.gateway.api.scores import ScoreRow
from services.gateway.web.locale import Locale

_SHARES = {
    *("few_sellers_hold_most", "few_brands_hold_most", "navigational", "spike"),
    *("active_share", "newcomer_share", "spike_share", "cr4"),
}
_CHANGES = {"falling_turnover", "falling_revenue_per_seller", "price_war", "stock_return"}
_MONEY = {"small_turnover", "revenue_8w"}
_DRAWN = 0.5
"""Points that a gate has to take off before the score without it is drawn."""


@dataclass(frozen=True, slots=True)
class Meter:
    """A score and its bar: `at`, `lo` and `hi` of 100, and where it stood `before` a gate."""

    value: str
    interval: str
    at: float
    lo: float
    hi: float
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A red flag: what was measured, and the limit that it is beyond."""

    text: str
    limit: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A row; what is not known is `None`. `as_of` is there where the page's own day is another."""

    niche_id: str
    name: str
    department: str | None
    verdict: Verdict
    run_id: str
    rank: str | None
    opportunity: Meter | None
    growth: Meter | None
    entry: Meter | None
    gates: str | None
    not_scored: str | None
    revenue: str | None
    sellers: str | None
    sellers_word: str | None
    hhi: str | None
    flags: tuple[Flag, ...]
    as_of: str | None


def row_view(
    row: ScoreRow | OpportunityScored, speak: Locale, path: str = "", rank: int | None = None, shown: date | None = None
) -> RowView:
    """A row in words; `path` is its niche's in the market, `shown` the day that the page names as its own."""
    score, currency = row.score, row.currency
    capped = [gate for gate in score.gates if gate.points < 0]
    return RowView(
        niche_id=score.niche_id,
        name=titled(score.niche_name),
        department=_above(path, score.niche_name),
        verdict=score.verdict,
        run_id=score.run_id,
        rank=None if rank is None else speak.number(rank),
        opportunity=_meter(score.opportunity, speak, sum(gate.points for gate in capped)),
        growth=_meter(score.growth, speak),
        entry=_meter(score.entry, speak),
        gates=speak.say("board.capped", gates=", ".join(speak.term("gate", gate.name) for gate in capped))
        if capped
        else None,
        not_scored=_not_scored(score, speak, currency) if score.opportunity is None else None,
        revenue=_known(row.revenue_8w, lambda value: speak.money(value, currency)),
        sellers=_known(row.sellers, speak.number),
        sellers_word=_known(row.sellers, lambda value: speak.count(int(value), "seller")),
        hhi=_known(row.hhi, lambda value: speak.number(value, 2)),
        flags=tuple(_flag(flag, speak, currency) for flag in row.flags),
        as_of=speak.day(score.as_of) if shown is not None and score.as_of != shown else None,
    )


def titled(name: str) -> str:
    """A name in sentence case where its source shouts it."""
    return name.capitalize() if name.isupper() else name


def _above(path: str, name: str) -> str | None:
    """What a niche is part of; a slash may be part of its name."""
    above = path.removesuffix(f"/{name}")
    return None if above in {path, ""} else " › ".join(titled(part) for part in above.split("/"))


def _meter(estimate: Estimate | None, speak: Locale, off: float = 0.0) -> Meter | None:
    if estimate is None:
        return None
    low, high = speak.number(estimate.lo), speak.number(estimate.hi)
    return Meter(
        value=speak.number(estimate.score),
        interval=low if low == high else f"{low}–{high}",
        at=_placed(estimate.score),
        lo=_placed(estimate.lo),
        hi=_placed(estimate.hi),
        before=_placed(estimate.score - off) if off < -_DRAWN else None,
    )


def _placed(score: float) -> float:
    return round(min(100.0, max(0.0, score)), 1)


def _known(value: float | None, words: Callable[[float], str]) -> str | None:
    return None if value is None else words(value)


def _flag(flag: RedFlag, speak: Locale, currency: str) -> Flag:
    value, limit = (_fact(flag.code, number, speak, currency) for number in (flag.value, flag.limit))
    name = speak.term("flag", flag.code)
    return Flag(speak.say("board.flag", name=name, value=value), speak.say("board.limit", limit=limit))


def _not_scored(score: Score, speak: Locale, currency: str) -> str:
    """Why there is no score: the facts of which there is too little, each with what is needed."""
    evidence = {one.fact: one for one in score.evidence if not one.enough}
    reasons = [
        _lack(evidence[code], speak, currency) if code in evidence else speak.term("lack", code)
        for code in score.reasons or evidence
    ]
    return speak.say("board.not_scored", reasons="; ".join(reasons) or speak.say("board.unknown"))


def _lack(of: Evidence, speak: Locale, currency: str) -> str:
    value = speak.say("board.unknown") if of.value is None else _fact(of.fact, of.value, speak, currency)
    least = _fact(of.fact, of.least, speak, currency)
    return speak.say("board.lack", name=speak.term("lack", of.fact), value=value, least=least)


def _fact(code: str, value: float, speak: Locale, currency: str) -> str:
    if code in _MONEY:
        return speak.money(value, currency)
    if code in _SHARES or code in _CHANGES:
        return speak.percent(value, signed=code in _CHANGES)
    return speak.number(value, 0 if value.is_integer() else 2)
