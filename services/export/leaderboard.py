"""A market's leaderboard as a report: every niche a row, the best first, those without a score last."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.report import ReportRequest
from contracts.score import Estimate, Evidence, OpportunityScored, Score, Verdict
from services.export.tables import Column, Document, Row, Section, Value
from services.export.words import Voice

SCORES = ("opportunity", "growth", "entry")
VERDICTS: tuple[Verdict, ...] = ("enter", "watch", "avoid", "insufficient")

COLUMNS = (
    Column(key="rank", kind="count", absent="no_rank", width=9),
    Column(key="niche", width=30),
    Column(key="verdict", kind="code", words="verdict", width=14),
    Column(key="opportunity", kind="points", unit="points", draw="bar", absent="not_scored", width=13),
    Column(key="opportunity_lo", kind="points", part_of="opportunity"),
    Column(key="opportunity_hi", kind="points", part_of="opportunity"),
    Column(key="growth", kind="points", unit="points", draw="dot", absent="not_scored", width=11),
    Column(key="growth_lo", kind="points", part_of="growth"),
    Column(key="growth_hi", kind="points", part_of="growth"),
    Column(key="entry", kind="points", unit="points", draw="dot", absent="not_scored", width=11),
    Column(key="entry_lo", kind="points", part_of="entry"),
    Column(key="entry_hi", kind="points", part_of="entry"),
    Column(key="gate_points", kind="signed", digits=1, unit="signed", on_page=False),
    Column(key="revenue_8w", kind="money", unit="money"),
    Column(key="sellers", kind="count", width=10),
    Column(key="hhi", kind="number", digits=2, unit="hhi", width=10),
    Column(key="red_flags", kind="flags", width=44),
    Column(key="opportunities", kind="count", width=10),
    Column(key="confidence", kind="code", words="confidence", width=12),
    Column(key="doubts", kind="codes", words="doubt", on_page=False, width=30),
    Column(key="reasons", kind="lacks", words="lack", on_page=False, width=40),
    Column(key="as_of", kind="date", on_page=False),
    Column(key="niche_id", on_page=False, width=38),
)


class NothingToReport(ValueError):
    """There is nothing that the report could be about; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One niche of a leaderboard with its rank among all scored niches of the market (absent: no score)."""

    event: OpportunityScored
    rank: int | None

    @property
    def score(self) -> Score:
        """The score in it."""
        return self.event.score


def ranked(rows: Iterable[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """Rows of the collection `leaderboard` in order: by opportunity, the highest first; those without one last.

    Raises `pydantic.ValidationError` for a row that is none.
    """
    events = [OpportunityScored.from_json(json.dumps(dict(row))) for row in rows]
    scored = [event for event in events if opportunity(event.score) is not None]
    rest = [event for event in events if opportunity(event.score) is None]
    scored.sort(key=lambda event: (-(opportunity(event.score) or 0.0), event.score.niche_name, event.score.niche_id))
    rest.sort(key=lambda event: (event.score.niche_name, event.score.niche_id))
    return (*(Entry(event, rank) for rank, event in enumerate(scored, 1)), *(Entry(event, None) for event in rest))


def opportunity(score: Score) -> float | None:
    """The opportunity score; a niche of which too little is known has none, whatever was computed."""
    return None if score.opportunity is None or score.verdict == "insufficient" else score.opportunity.score


def leaderboard(request: ReportRequest, rows: Iterable[Mapping[str, Any]], market_name: str | None = None) -> Document:
    """The report on a market: the rows that the request asks for, ranked among all of them.

    Raises `NothingToReport` when the market has no row at all; a choice that leaves none gives an empty table.
    """
    entries = ranked(row for row in rows if row.get("market") == request.market)
    voice = Voice(request.lang, entries[0].event.currency if entries else "")
    if not entries:
        raise NothingToReport(voice.say("no_rows", market=request.market))
    chosen = _chosen(request, entries)
    name = market_name or request.market
    days = sorted({entry.score.as_of for entry in chosen or entries})
    stamp = voice.say("as_of", day=voice.day(days[-1]))
    if len(days) > 1:
        stamp = voice.say("as_of_span", first=voice.day(days[0]), last=voice.day(days[-1]))
    section = Section(
        key="scores",
        columns=COLUMNS,
        rows=tuple(_row(entry) for entry in chosen),
        empty=voice.say("none_left"),
        chart="scores",
        sheet="scores",
        wide=True,
    )
    return Document(
        kind="leaderboard",
        lang=request.lang,
        market=request.market,
        market_name=name,
        currency=voice.currency,
        as_of=days[-1],
        stamp=stamp,
        title=voice.say("leaderboard"),
        lead=(_counts(voice, entries), *_choice(voice, request, len(chosen), len(entries)), voice.say("whiskers")),
        sections=(section,),
        about=tuple(voice.say(phrase) for phrase in ("past_alone", "scores", "odds", "hhi", "absent")),
        niche_ids=tuple(entry.score.niche_id for entry in chosen),
    )


def _chosen(request: ReportRequest, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    kept = [
        entry
        for entry in entries
        if (not request.verdicts or entry.score.verdict in request.verdicts)
        and (request.min_opportunity is None or _reaches(entry.score, request.min_opportunity))
    ]
    return tuple(kept[: request.limit or None])


def _reaches(score: Score, least: float) -> bool:
    """Whether a score is known and high enough."""
    known = opportunity(score)
    return known is not None and known >= least


def _row(entry: Entry) -> Row:
    event, score = entry.event, entry.score
    known = opportunity(score) is not None
    row: dict[str, Value] = {
        "rank": entry.rank,
        "niche": score.niche_name,
        "verdict": score.verdict,
        "revenue_8w": event.revenue_8w,
        "sellers": event.sellers,
        "hhi": event.hhi,
        "red_flags": event.flags,
        "opportunities": event.opportunities_count,
        "confidence": score.confidence,
        "as_of": score.as_of,
        "niche_id": score.niche_id,
    }
    if not known:
        return row | dict.fromkeys(SCORES) | {"reasons": lacking(score)}
    row["doubts"] = score.doubts
    row["gate_points"] = sum(gate.points for gate in score.gates)
    for name in SCORES:
        row |= estimated(name, getattr(score, name))
    return row


def lacking(score: Score) -> tuple[str | Evidence, ...] | None:
    """Why a niche has no score: each fact of which there is too little, and what else the score gives as a reason."""
    facts = {each.fact: each for each in score.evidence if not each.enough}
    named = tuple(facts.get(reason, reason) for reason in score.reasons)
    return named or tuple(facts.values()) or None


def estimated(name: str, estimate: Estimate | None) -> Row:
    """The three cells of a score: itself and the ends of its interval."""
    if estimate is None:
        return {name: None}
    return {name: estimate.score, f"{name}_lo": estimate.lo, f"{name}_hi": estimate.hi}


def _counts(voice: Voice, entries: Sequence[Entry]) -> str:
    """How many niches there are, by verdict."""
    count = Counter(entry.score.verdict for entry in entries)
    told = [
        voice.say("count", number=voice.figure(count[verdict], "count"), verdict=voice.word("verdict", verdict))
        for verdict in VERDICTS
        if count[verdict]
    ]
    return voice.say("counts", niches=voice.many(len(entries), "niche"), verdicts=", ".join(told))


def _choice(voice: Voice, request: ReportRequest, shown: int, of: int) -> tuple[str, ...]:
    """What the table was cut to; nothing when it is whole."""
    told = []
    if request.verdicts:
        told.append(
            voice.say("only_verdicts", verdicts=", ".join(voice.word("verdict", each) for each in request.verdicts))
        )
    if request.min_opportunity is not None:
        told.append(voice.say("only_from", value=voice.figure(request.min_opportunity, "points")))
    if shown < of:
        told.append(voice.say("shown", shown=voice.figure(shown, "count"), all=voice.figure(of, "count")))
    return tuple(told)
