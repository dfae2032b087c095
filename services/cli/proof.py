"""A backtest as a terminal shows it: the scores beside what they must beat, then each claim and whether it holds."""

from collections.abc import Mapping
from typing import Any

from services.cli.figures import shown
from services.cli.render import Column, Printer
from services.cli.texts import language, say, word

COLUMNS = (
    Column("outcome", "outcome"),
    Column("score", "rule"),
    Column("rho", "signed"),
    Column("rho_interval", "signed_range", "lo+hi"),
    Column("hit", "share"),
    Column("chance", "share"),
    Column("n", "int"),
)


def print_proof(out: Printer, proof: Mapping[str, Any]) -> None:
    """Print a backtest."""
    out.rows(COLUMNS, proof["table"], proof)
    out.text()
    for statement in proof["verdict"]:
        out.text(f"{word('holds', statement.get('holds'))}: {statement[language()]}")
    if out.fancy:
        out.text(say("proof.explained"))


def one_line(proof: Mapping[str, Any]) -> str:
    """How well growth and entry held, in one line."""
    claims = [_claim(proof, name) for name in ("growth", "entry")]
    return say("proof.line", n=len(proof["cuts"]), claims="; ".join(filter(None, claims)))


def _claim(proof: Mapping[str, Any], name: str) -> str:
    """Scout's own row of an outcome, which bears its name."""
    rows = [row for row in proof["table"] if row["outcome"] == name == row["score"]]
    if not rows:
        return ""
    row = rows[0]
    return say(
        "proof.claim",
        name=word("outcome", name),
        rho=shown(row["rho"], "signed"),
        interval=shown([row["lo"], row["hi"]], "signed_range"),
        hit=shown(row["hit"], "share"),
        chance=shown(row["chance"], "share"),
    )
