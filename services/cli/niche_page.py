"""A niche as a terminal shows it: the answer first, then why, then what it stands on."""

import json
from typing import Any

from contracts.analysis import Analysis
from services.cli.figures import shown
from services.cli.measured import fact, lack, raw
from services.cli.render import Column, Printer
from services.cli.sections import print_findings
from services.cli.texts import language, say, word
from services.export.openings import opening, where
from services.export.words import Voice

SCORE = (
    Column("niche", "name", "niche_name"),
    Column("as_of", "day"),
    Column("verdict", "verdict"),
    Column("opportunity", "score", "opportunity.score"),
    Column("interval", "range", "opportunity.lo+opportunity.hi"),
    Column("growth", "score", "growth.score"),
    Column("growth_interval", "range", "growth.lo+growth.hi"),
    Column("entry", "score", "entry.score"),
    Column("entry_interval", "range", "entry.lo+entry.hi"),
    Column("confidence", "confidence"),
    Column("niche_id"),
)
TERMS = (
    Column("term", "term", "name"),
    Column("group", "group"),
    Column("measured", "figure"),
    Column("normalised", "share"),
    Column("weight", "share"),
    Column("points", "tenth"),
)
GATES = (
    Column("gate", "fact", "name"),
    Column("value", "figure"),
    Column("limit", "figure"),
    Column("points", "tenth"),
)


def print_score(out: Printer, score: dict[str, Any]) -> None:
    """Print a score: its verdict, its interval, and the points that add up to it, or why there is none."""
    out.facts(SCORE, score)
    if out.output != "table":
        return
    if score.get("terms"):
        out.text()
        out.aligned(TERMS, _waterfall(score, out.currency))
    failed = [_gate(gate, out.currency) for gate in score.get("gates") or () if gate.get("passed") is False]
    if failed:
        out.text()
        out.aligned(GATES, failed)
    doubts = ", ".join(word("doubt", doubt) for doubt in score.get("doubts") or ())
    if doubts:
        out.text(say("niche.doubts", doubts=doubts))
    for evidence in score.get("evidence") or ():
        if not evidence["enough"]:
            out.text(say("niche.too_little", lack=lack(evidence, out.currency)))


def _waterfall(score: dict[str, Any], currency: str) -> list[dict[str, Any]]:
    """The base, each term that was weighed or measured, what gates took off, and what they add up to.

    Where nothing was scored, terms have neither weight nor points.
    """
    terms = [{**term, "measured": raw(term.get("raw"), term["unit"], currency)} for term in score["terms"]]
    if score.get("opportunity") is None:
        return [{**term, "weight": None, "points": None} for term in terms]
    if score.get("base") is None:
        return terms
    off = sum(gate["points"] for gate in score.get("gates") or ())
    rows = [{"name": "base", "points": score["base"]}, *terms]
    rows += [{"name": "gates", "points": off}] if off else []
    return [*rows, {"name": "opportunity", "points": score["opportunity"]["score"]}]


def _gate(gate: dict[str, Any], currency: str) -> dict[str, Any]:
    figures = {name: fact(gate["name"], gate[name], currency) for name in ("value", "limit")}
    return {**gate, **figures}


def print_niche(out: Printer, page: dict[str, Any]) -> None:
    """Print everything known about a niche."""
    niche, row, analysis = page["niche"], page.get("score"), page.get("analysis")
    out.currency = (row or {}).get("currency") or (analysis or {}).get("currency") or ""
    if out.output != "table":
        out.facts(
            SCORE, {"niche_name": niche["name"], "niche_id": niche["id"], **((row or {}).get("score") or {})}, page
        )
        return
    if row is None:
        out.text(f"{niche['name']}  {niche['id']}")
        out.text(say("niche.unscored", id=niche["id"]))
    else:
        print_score(out, row["score"])
    if analysis is not None:
        found = Analysis.from_json(json.dumps(analysis))
        voice = Voice(language(), out.currency)
        _text(out, found)
        _openings(out, found, voice)
        print_findings(out, found, voice)


def _openings(out: Printer, analysis: Analysis, voice: Voice) -> None:
    """What speaks against the niche, with its limit, and what speaks for it, with its evidence."""
    if analysis.red_flags or analysis.opportunities:
        out.text()
    for flag in analysis.red_flags:
        out.text(f"! {voice.flag(flag)}")
    for found in analysis.opportunities:
        size = shown(found.size, "money", out.currency)
        name = word("opening", found.kind)
        out.text(say("niche.opening", name=name, where=where(found, voice), size=size))
        out.text(f"  {opening(found, voice)['note']}")


def _text(out: Printer, analysis: Analysis) -> None:
    """What the numbers mean, in the reader's language if it is there."""
    texts = {text.lang: text for text in analysis.texts}
    text = texts.get(language()) or next(iter(texts.values()), None)
    if text is None:
        return
    out.text()
    out.text(text.conclusion)
    for line in (*text.evidence, *text.risks):
        out.text(f"- {line}")
    out.text(text.next_step)
