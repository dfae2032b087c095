"""The score of a niche in tables: its points from the market's middle to the total, and its gates."""

from math import exp

from contracts.score import Estimate, Gate, Points, Score
from services.export.leaderboard import lacking, opportunity
from services.export.tables import Column, Kind, Quantity, Row, Section
from services.export.words import Voice, quantity

VERDICT = (
    Column(key="verdict", kind="code", words="verdict"),
    Column(key="confidence", kind="code", words="confidence"),
    Column(key="doubts", kind="codes", words="doubt", width=40),
    Column(key="reasons", kind="lacks", words="lack", width=40),
)
UNWEIGHED = (
    Column(key="term", kind="code", words="term", width=38),
    Column(key="measured", kind="own"),
    Column(key="raw", kind="number", digits=3, on_page=False),
    Column(key="raw_unit", kind="code", words="raw_unit", on_page=False, width=20),
    Column(key="normalised", kind="share", width=16),
)
EVIDENCE = (
    Column(key="fact", kind="code", words="fact", width=38),
    Column(key="value", kind="own"),
    Column(key="least", kind="own"),
    Column(key="enough", kind="code", words="passed"),
)
POINTS = (
    Column(key="term", kind="code", words="term", width=38),
    Column(key="group", kind="code", words="group", width=10),
    Column(key="measured", kind="own", digits=2),
    Column(key="raw", kind="number", digits=3, on_page=False),
    Column(key="raw_unit", kind="code", words="raw_unit", on_page=False, width=20),
    Column(key="normalised", kind="share", width=16),
    Column(key="weight", kind="share", width=9),
    Column(key="points", kind="signed", digits=1, draw="steps", width=10),
    Column(key="points_lo", kind="points", digits=1, part_of="points"),
    Column(key="points_hi", kind="points", digits=1, part_of="points"),
)
GATES = (
    Column(key="gate", kind="code", words="fact", width=34),
    Column(key="value", kind="own"),
    Column(key="rule", kind="code", words="rule"),
    Column(key="limit", kind="own"),
    Column(key="cap", kind="points", digits=0),
    Column(key="passed", kind="code", words="passed"),
    Column(key="points", kind="signed", digits=1),
)


def verdict(score: Score | None, voice: Voice) -> Section:
    """What the score comes to, how sure it is, and what speaks against it."""
    row: Row = {}
    if score is not None:
        row = {"verdict": score.verdict, "confidence": score.confidence, "doubts": score.doubts}
        row = {**row, "reasons": lacking(score)} if opportunity(score) is None else row
    return Section(
        key="verdict",
        columns=VERDICT,
        rows=(row,) if row else (),
        title=voice.word("column", "verdict"),
        empty=voice.say("no_score"),
        sheet="summary",
    )


def points(score: Score | None, voice: Voice) -> Section:
    """The waterfall: where the score starts, what each term adds, what gates take off, and the total."""
    if score is None or score.opportunity is None or opportunity(score) is None:
        title, why = voice.say("score"), _why(score, voice)
        return Section(key="points", columns=POINTS, rows=(), title=title, empty=why, sheet="score", wide=True)
    interval = voice.interval(score.opportunity.lo, score.opportunity.hi, "points", 1)
    return Section(
        key="points",
        columns=POINTS,
        rows=_rows(score, score.opportunity),
        title=_title(score.terms, voice),
        note=voice.say("score_note", interval=interval),
        sheet="score",
        wide=True,
    )


def gates(score: Score | None, voice: Voice) -> Section:
    """The gates: what each asks for, what was measured, and what it took off."""
    rows = tuple(_gate(gate) for gate in score.gates) if score else ()
    return Section(
        key="gates",
        columns=GATES,
        rows=rows,
        title=_passed(score.gates, voice) if score and rows else voice.word("term", "gates"),
        note=voice.say("gates_note") if rows else "",
        empty=voice.say("no_gates") if score else voice.say("no_score"),
        sheet="score",
    )


def unweighed(score: Score | None, voice: Voice) -> Section:
    """What was measured and gives no points under this model."""
    shown = ("term", "measured", "raw", "raw_unit", "normalised")
    told = [_term(term) for term in score.terms if not _counts(score, term)] if score else []
    return Section(
        key="unweighed",
        columns=UNWEIGHED,
        rows=tuple({key: row[key] for key in shown} for row in told),
        title=voice.say("unweighed"),
        empty=voice.say("no_unweighed"),
        sheet="score",
    )


def evidence(score: Score | None, voice: Voice) -> Section:
    """What a score must stand on, and whether there is enough of it."""
    return Section(
        key="evidence",
        columns=EVIDENCE,
        rows=tuple(
            {
                "fact": each.fact,
                "value": None if each.value is None else quantity(each.fact, each.value),
                "least": quantity(each.fact, each.least),
                "enough": "yes" if each.enough else "no",
            }
            for each in (score.evidence if score else ())
        ),
        title=voice.say("evidence"),
        note=voice.say("evidence_note"),
        empty=voice.say("no_evidence") if score else voice.say("no_score"),
        sheet="quality",
    )


def _rows(score: Score, whole: Estimate) -> tuple[Row, ...]:
    """The steps. A score that does not name its base is taken to start where its points lead back to."""
    off = sum(gate.points for gate in score.gates)
    base = score.base if score.base is not None else whole.score - off - sum(term.points for term in score.terms)
    rows: list[Row] = [{"term": "base", "group": "base", "points": Quantity(base, "number", 1)}]
    rows += [_term(term) for term in score.terms if _counts(score, term)]
    rows.append({"term": "gates", "group": "gates", "points": off})
    ends = {"points_lo": whole.lo, "points_hi": whole.hi}
    rows.append({"term": "opportunity", "group": "total", "points": Quantity(whole.score, "number", 1), **ends})
    return tuple(rows)


def _counts(score: Score, term: Points) -> bool:
    """Whether a term is part of the sum, or would be if it were known."""
    return bool(term.weight or term.points) or term.name in score.missing


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


def _passed(doors: tuple[Gate, ...], voice: Voice) -> str:
    """How many gates passed; what could not be checked is neither passed nor failed."""
    passed, unknown = (sum(gate.passed is state for gate in doors) for state in (True, None))
    if not unknown:
        return voice.say("gates_title", passed=passed, all=len(doors))
    return voice.say("gates_unknown", passed=passed, failed=len(doors) - passed - unknown, unknown=unknown)


def _gate(gate: Gate) -> Row:
    return {
        "gate": gate.name,
        "value": None if gate.value is None else quantity(gate.name, gate.value),
        "rule": "at_least" if gate.at_least else "under",
        "limit": quantity(gate.name, gate.limit),
        "cap": gate.cap,
        "passed": "unknown" if gate.passed is None else "yes" if gate.passed else "no",
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
    reasons = "; ".join(voice.item(each, "lack") for each in lacking(score) or ()) or voice.say("unknown")
    return voice.say("insufficient", reasons=reasons)
