"""A niche as a terminal shows it: the answer first, then why, then what it stands on."""

from typing import Any

from services.cli.figures import shown
from services.cli.measured import fact, lack, raw
from services.cli.measured import flag as flag_text
from services.cli.render import Column, Printer
from services.cli.texts import language, say, word

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
FINDINGS = (
    Column("revenue_8w", "money", "demand.revenue"),
    Column("units_8w", "int", "demand.units"),
    Column("growth_8w", "change", "demand.growth.value"),
    Column("growth_8w_interval", "changes", "demand.growth.lo+demand.growth.hi"),
    Column("mann_kendall_p", "ratio", "demand.mann_kendall.p"),
    Column("products", "int", "competition.products"),
    Column("sellers", "int", "competition.sellers"),
    Column("hhi", "ratios", "competition.hhi_lo+competition.hhi_hi"),
    Column("cr4", "share", "competition.cr4"),
    Column("share_with_sales", "share", "competition.share_with_sales"),
    Column("entrants", "int", "entrants.n"),
    Column("entrants_ok", "share", "entrants.share"),
    Column("opportunities_found", "int", "opportunities_count"),
    Column("quality", "quality", "quality.flags"),
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
        out.text()
        out.facts(FINDINGS, analysis)
        _flags(out, analysis)
        _text(out, analysis)


def _flags(out: Printer, analysis: dict[str, Any]) -> None:
    for flag in analysis.get("red_flags") or ():
        out.text(f"! {flag_text(flag, out.currency)}")
    for opening in analysis.get("opportunities") or ():
        size = shown(opening["size"], "money", out.currency)
        out.text(say("niche.opening", name=word("opening", opening["kind"]), where=opening["where"], size=size))


def _text(out: Printer, analysis: dict[str, Any]) -> None:
    """What the numbers mean, in the reader's language if it is there."""
    texts = {text["lang"]: text for text in analysis.get("texts") or ()}
    text = texts.get(language()) or next(iter(texts.values()), None)
    if text is None:
        return
    out.text()
    out.text(text["conclusion"])
    for line in (*text.get("evidence", ()), *text.get("risks", ())):
        out.text(f"- {line}")
    out.text(text["next_step"])
