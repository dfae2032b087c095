"""`scout top`: the best niches of a market."""

from typing import Any

import click

from services.cli.figures import UNKNOWN, day
from services.cli.lookups import the_market
from services.cli.measured import fact
from services.cli.parts import option, verb
from services.cli.render import Column, Printer
from services.cli.session import Session, market_option, online
from services.cli.texts import say, word

COLUMNS = (
    Column("rank", "int"),
    Column("niche", "name", "score.niche_name"),
    Column("growth", "score", "score.growth.score"),
    Column("entry", "score", "score.entry.score"),
    Column("opportunity", "score", "score.opportunity.score"),
    Column("interval", "range", "score.opportunity.lo+score.opportunity.hi"),
    Column("verdict", "verdict", "score.verdict"),
    Column("as_of", "day", "score.as_of", brief=True),
    Column("niche_id", path="score.niche_id", brief=True),
)
VERDICTS = ("enter", "watch", "avoid", "insufficient")


@verb("top")
@market_option
@option("-n", "--limit", type=click.IntRange(min=1), default=10, metavar="N")
@option("--verdict", type=click.Choice(VERDICTS))
@online
async def top(session: Session, market: str | None, limit: int, verdict: str | None) -> None:
    """Print the niches with the highest opportunity scores."""
    found = await the_market(session.api, market)
    rows = await session.api.items("/v1/scores", limit, market=found["id"], verdict=verdict)
    if rows or session.out.output != "table":
        session.out.rows(COLUMNS, rows)
        note_of(session.out, rows)
    elif verdict:
        click.echo(say("top.none_of", verdict=say(f"verdict.{verdict}")), err=True)
    else:
        click.echo(say("top.none", market=found["id"]), err=True)


def note_of(out: Printer, rows: list[dict[str, Any]]) -> None:
    """Say on stderr as of which day the rows were scored, and why none of them has a score, if none has."""
    if out.fancy and rows:
        days = sorted({str(row["as_of"]) for row in rows})
        click.echo(say("top.as_of", days=", ".join(map(day, days))), err=True)
    if out.output != "table" or not rows:
        return
    if all(row["verdict"] == "insufficient" for row in rows):
        evidence = [(one, row) for row in rows for one in row["score"].get("evidence", ()) if not one["enough"]]
        facts = {
            f"{word('fact', one['fact'])} (≥ {fact(one['fact'], one['least'], row['currency'])})"
            for one, row in evidence
        }
        click.echo(say("top.insufficient", facts=", ".join(sorted(facts)) or UNKNOWN), err=True)
    elif all(row.get("sellers") is None for row in rows):
        click.echo(say("top.no_sellers"), err=True)
