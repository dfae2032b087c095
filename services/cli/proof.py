"""A backtest as a terminal shows it: the verdict of each claim, then the scores beside what they must beat."""

from collections.abc import Mapping
from typing import Any

from services.cli.figures import shown
from services.cli.render import Column, Printer
from services.cli.texts import say, word

COLUMNS = (
    Column("outcome", "outcome"),
    Column("score", "rule"),
    Column("rho", "signed"),
    Column("rho_interval", "signed_range", "lo+hi"),
    Column("hit", "share"),
    Column("n", "int"),
)


def print_proof(out: Printer, proof: Mapping[str, Any]) -> None:
    """Print a backtest."""
    out.rows(COLUMNS, proof["table"], proof)
    if out.output == "table":
        out.text()
        out.text(one_line(proof))


def one_line(proof: Mapping[str, Any]) -> str:
    """How well growth and entry held, in one line."""
    claims = [_claim(proof, name) for name in ("growth", "entry")]
    return say("proof.line", n=len(proof["cuts"]), claims="; ".join(claim for claim in claims if claim))


def _claim(proof: Mapping[str, Any], name: str) -> str:
    row = next((row for row in proof["table"] if row["score"] == name and row["outcome"] == name), None)
    if row is None:
        return ""
    figures = {"rho": shown(row["rho"], "signed"), "interval": shown([row["lo"], row["hi"]], "signed_range")}
    return say("proof.claim", name=word("outcome", name), **figures)
