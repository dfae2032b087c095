"""What the demo prints at its end: the best niches, what then happened, the proof, the agent and the reports."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from services.chassis.settings import Settings
from services.cli.aftermath import faster
from services.cli.errors import CliError
from services.cli.figures import change, day, seconds
from services.cli.proof import one_line
from services.cli.render import Column, Printer
from services.cli.texts import say, word

BEST = 10
COLUMNS = (
    Column("rank", "int"),
    Column("niche", "name", "score.niche_name"),
    Column("growth", "score", "score.growth.score"),
    Column("entry", "score", "score.entry.score"),
    Column("opportunity", "score", "score.opportunity.score"),
    Column("interval", "range", "score.opportunity.lo+score.opportunity.hi"),
    Column("verdict", "verdict", "score.verdict"),
    Column("followed", "change"),
)


@dataclass
class Shown:
    """What the demo found, step by step."""

    as_of: date
    market: dict[str, Any] = field(default_factory=dict)
    batch: dict[str, Any] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    newer: int = 0
    followed: dict[str, float | None] = field(default_factory=dict)
    market_followed: float | None = None
    proof: dict[str, Any] = field(default_factory=dict)
    unproved: CliError | None = None
    agents: list[dict[str, Any]] = field(default_factory=list)
    reports: list[Path] = field(default_factory=list)


def print_demo(out: Printer, shown: Shown, settings: Settings, took: float) -> None:
    """Print the demo's findings; as JSON or CSV only the best niches and what then happened."""
    best = [{**row, "followed": shown.followed.get(row["score"]["niche_id"])} for row in shown.rows[:BEST]]
    if out.output != "table":
        out.rows(COLUMNS, best)
        return
    out.text(f"{shown.market['name']}: {_verdicts(shown.rows)}.")
    out.text(say("demo.past_only", day=day(shown.as_of)))
    out.text()
    out.aligned(COLUMNS, best)
    out.text()
    out.text(_judged(shown))
    out.text(f"{say('demo.backtest')}: {one_line(shown.proof) if shown.unproved is None else shown.unproved.why}")
    for agent in shown.agents:
        out.text(_agent(agent))
    for report in shown.reports:
        out.text(f"{say('demo.report')}: {report}")
    if shown.newer:
        out.text(say("demo.newer", n=shown.newer))
    if shown.batch["failed"]:
        out.text(say("demo.failed", n=shown.batch["failed"]))
    house = f"SCOUT_URL={settings.url}" if settings.url else f"SCOUT_HOME={settings.home}"
    out.text(say("demo.next", house=house, scout=_here(Path(sys.executable).with_name("scout"))))
    out.text(say("demo.took", time=seconds(took)))


def _verdicts(rows: Sequence[dict[str, Any]]) -> str:
    """How many niches could be scored, and how many of them have each verdict."""
    verdicts = [row["score"]["verdict"] for row in rows]
    scored = [(verdict, verdicts.count(verdict)) for verdict in ("enter", "watch", "avoid")]
    named = ", ".join(f"{n} {word('verdict', verdict)}" for verdict, n in scored if n)
    little = verdicts.count("insufficient")
    text = f"{say('demo.niches', n=len(rows) - little, total=len(rows))}: {named}"
    return f"{text}; {say('demo.little', n=little)}" if little else text


def _here(path: Path) -> Path:
    """A path as it is shortest from where the person stands."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _judged(shown: Shown) -> str:
    """How the recommended niches did against the whole market, and why that proves nothing yet."""
    if shown.market_followed is None:
        return say("demo.unknown")
    enter = [row["score"]["niche_id"] for row in shown.rows if row["score"]["verdict"] == "enter"]
    beat, known = faster((shown.followed.get(niche) for niche in enter), shown.market_followed)
    market = say("demo.market", change=change(shown.market_followed))
    return f"{market} {say('demo.enter', n=known, beat=beat)} {say('demo.no_evidence')}"


def _agent(agent: dict[str, Any]) -> str:
    metrics = agent.get("metrics") or {}
    figures = [
        say(f"demo.{name}", n=metrics[name])
        for name in ("niches_analyzed_today", "opportunities_found", "trends_updated")
        if metrics.get(name)
    ]
    state = f"{say('demo.agent')}: {agent['name']} ({agent['agent_id']}), {word('state', agent['state'])}"
    return ", ".join([state, *figures])
