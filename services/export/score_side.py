"""The score of a niche in tables: its points from the market's middle to the total, and its gates."""

from math import exp

from contracts.score import Gate, Points, Score
from services.export.leaderboard import opportunity
from services.export.tables import Column, Kind, Quantity, Row, Section
from services.export.words import Voice

POINTS = (
    Column(key="term", kind="code", words="term", width=38),
    Column(key="group", kind="code", words="group", width=10),
    Column(key="measured", kind="own", digits=2),
    Column(key="raw", kind="number", digits=3, on_page=False),
    Column(key="raw_unit", kind="code", words="raw_unit", on_page=False, width=20),
    Column(key="normalised", kind="share", width=16),
    Column(key="weight", kind="share", width=9),
    Column(key="points", kind="signed", digits=1, draw="steps", width=10),
)
GATES = (
    Column(key="gate", kind="code", words="gate", width=34),
    Column(key="value", kind="number", digits=2),
    Column(key="limit", kind="number", digits=2),
    Column(key="cap", kind="points", digits=0),
    Column(key="passed", kind="code", words="passed"),
    Column(key="points", kind="signed", digits=1),
)
NO_POINTS = 0.05
"""Points that would be written as 0.0."""


def points(score: Score | None, voice: Voice) -> Section:
    """The waterfall: where the score starts, what each term adds, what gates take off, and the total."""
    if score is None or score.opportunity is None or opportunity(score) is None:
        title, why = voice.say("score"), _why(score, voice)
        return Section(key="points", columns=POINTS, rows=(), title=title, empty=why, sheet="score", wide=True)
    interval = voice.interval(score.opportunity.lo, score.opportunity.hi, "points", 1)
    return Section(
        key="points",
        columns=POINTS,
        rows=_rows(score, score.opportunity.score),
        title=_title(score.terms, voice),
        note=voice.say("score_note", interval=interval),
        sheet="score",
        wide=True,
    )


def gates(score: Score | None, voice: Voice) -> Section:
    """The gates: what each asks for, what was measured, and what it took off."""
    rows = tuple(_gate(gate) for gate in score.gates) if score else ()
    passed = sum(gate.passed is True for gate in score.gates) if score else 0
    return Section(
        key="gates",
        columns=GATES,
        rows=rows,
        title=voice.say("gates_title", passed=passed, all=len(rows)) if rows else voice.word("term", "gates"),
        note=voice.say("gates_note") if rows else "",
        empty=voice.say("no_gates") if score else voice.say("no_score"),
        sheet="score",
    )


def _rows(score: Score, total: float) -> tuple[Row, ...]:
    off = sum(gate.points for gate in score.gates)
    start = total - off - sum(term.points for term in score.terms)
    rows: list[Row] = []
    if abs(start) >= NO_POINTS:
        rows.append({"term": "base", "group": "base", "points": start})
    rows += [_term(term) for term in score.terms if term.weight or term.points]
    rows.append({"term": "gates", "group": "gates", "points": off})
    rows.append({"term": "opportunity", "group": "total", "points": total})
    return tuple(rows)


def _term(term: Points) -> Row:
    return {
        "term": term.name,
        "group": term.group,
        "measured": None if term.raw is None else natural(term.raw, term.unit),
        "raw": term.raw,
        "raw_unit": term.unit.replace(" ", "_"),
        "normalised": term.normalised,
        "weight": term.weight,
        "points": term.points,
    }


def natural(raw: float, unit: str) -> Quantity:
    """A raw value as a person thinks of it: a logarithm is undone into a ratio or an amount of money."""
    kinds: dict[str, Kind] = {"log ratio": "ratio", "log money": "money"}
    kind = kinds.get(unit)
    return Quantity(exp(raw), kind, 2) if kind else Quantity(raw, "number", 2)


def _gate(gate: Gate) -> Row:
    passed = "unknown" if gate.passed is None else "yes" if gate.passed else "no"
    return {
        "gate": gate.name,
        "value": gate.value,
        "limit": gate.limit,
        "cap": gate.cap,
        "passed": passed,
        "points": gate.points,
    }


def _title(terms: tuple[Points, ...], voice: Voice) -> str:
    best = sorted((term for term in terms if term.points), key=lambda term: -abs(term.points))[:2]
    named = [(voice.word("term", term.name), voice.figure(term.points, "signed", 1)) for term in best]
    if not named:
        return voice.say("score")
    if len(named) == 1:
        return voice.say("score_title_one", first=named[0][0], points_first=named[0][1])
    (first, points_first), (second, points_second) = named
    return voice.say(
        "score_title", first=first, points_first=points_first, second=second.lower(), points_second=points_second
    )


def _why(score: Score | None, voice: Voice) -> str:
    if score is None:
        return voice.say("no_score")
    return voice.say("insufficient", reasons=", ".join(voice.word("reason", each) for each in score.reasons) or "?")
