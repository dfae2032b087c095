"""`scout run`: what was asked for, how it goes and how it ended."""

from datetime import UTC, datetime
from typing import Any

import click

from services.cli.client import at
from services.cli.commands.niche import BATCH, report_failures
from services.cli.errors import CliError, ExitCode
from services.cli.figures import moment
from services.cli.parts import noun, option, verb
from services.cli.render import Column
from services.cli.session import Session, online, timeout_option
from services.cli.texts import say, word
from services.cli.waiting import wait_batch, wait_run

COLUMNS = (
    Column("started_at", "moment"),
    Column("kind", "command"),
    Column("state", "state"),
    Column("reason"),
    Column("run_id", path="id"),
)
FACTS = (
    *COLUMNS[:3],
    Column("finished_at", "moment"),
    *COLUMNS[3:],
    Column("market"),
    Column("niche_id"),
    Column("batch"),
    Column("retry_of"),
)
STATS = (
    Column("service"),
    Column("host"),
    Column("attempts", "int"),
    Column("answers", "int"),
    Column("share", "tenth"),
    Column("first", "moment"),
    Column("last", "moment"),
)
STATES = ("accepted", "running", "done", "failed")


class Moment(click.ParamType[datetime]):
    """A moment in ISO 8601; without an offset it is one of the reader's own time zone."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(say("usage.moment"), param, ctx)


@noun("run")
def run() -> None:
    """Everything that one command caused."""


@verb("list", run)
@option("--state", type=click.Choice(STATES))
@option("--batch", metavar="ID")
@option("-n", "--limit", type=click.IntRange(min=1), default=20, metavar="N", help="option.limit.runs")
@online
async def list_runs(session: Session, state: str | None, batch: str | None, limit: int) -> None:
    """Print runs, the newest first."""
    session.out.rows(COLUMNS, await session.api.items("/v1/runs", limit, state=state, batch=batch))


@verb("show", run)
@click.argument("run_id", metavar="RUN")
@online
async def show_run(session: Session, run_id: str) -> None:
    """Print one run, stage by stage."""
    found = await session.api.get(at("runs", run_id))
    session.out.facts(FACTS, found)
    for stage in found.get("stages") or ():
        attempt = say("run.attempt", n=stage["attempt"]) if "attempt" in stage else ""
        parts = (moment(stage["at"]), word("command", stage["name"]), attempt, stage.get("reason", ""))
        session.out.text("  " + "  ".join(part for part in parts if part))


@verb("watch", run)
@click.argument("run_id", metavar="RUN|BATCH")
@timeout_option
@online
async def watch_run(session: Session, run_id: str) -> ExitCode | None:
    """Wait for a run, or for every run of a batch, and print how it ended."""
    try:
        await session.api.get(at("runs", run_id))
    except CliError as exc:
        if exc.code != ExitCode.NOT_FOUND:
            raise
        state = await _batch(session, run_id, exc)
        session.out.facts(BATCH, state)
        return report_failures(state)
    session.out.facts(FACTS, await wait_run(session, run_id, say("wait.run")))
    return None


@verb("stats", run)
@option("--batch", metavar="ID")
@option("--since", type=Moment(), metavar="MOMENT")
@online
async def show_stats(session: Session, batch: str | None, since: datetime | None) -> None:
    """Print what each replica of the workers did."""
    found = await session.api.get("/v1/runs/stats", batch=batch, since=since and since.isoformat())
    session.out.rows(STATS, found["items"], found)
    if not found["items"] and session.out.output == "table":
        click.echo(say("run.stats.none"), err=True)


async def _batch(session: Session, batch: str, unknown: CliError) -> dict[str, Any]:
    try:
        await session.api.get(at("batches", batch))
    except CliError as exc:
        raise (unknown if exc.code == ExitCode.NOT_FOUND else exc) from None
    return await wait_batch(session, batch, say("wait.batch"))
