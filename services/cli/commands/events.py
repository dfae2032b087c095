"""`scout event`: what was said in the house, and what can be said."""

import asyncio
import json
import sys
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import click

from services.cli.client import Api
from services.cli.commands.run import FACTS
from services.cli.disk import read_text
from services.cli.errors import CliError, ExitCode
from services.cli.parts import noun, option, verb
from services.cli.render import Column
from services.cli.session import Session, online, waits
from services.cli.texts import say
from services.cli.waiting import wait_run

_PAUSE = 0.5

COLUMNS = (
    Column("seq", "int"),
    Column("time", "moment"),
    Column("event", path="type"),
    Column("source"),
    Column("run_id", path="correlation_id", brief=True),
    Column("event_id", path="id"),
)
CATALOG = (
    Column("event", path="key"),
    Column("told_by", "list"),
    Column("heard_by", "list"),
    Column("outside", "yes"),
    Column("doc"),
)


@noun("event")
def event() -> None:
    """The journal of events."""


@verb("list", event)
@option("--after", type=click.IntRange(min=0), metavar="SEQ")
@option("--type", "key", metavar="KEY")
@option("--run", "run_id", metavar="RUN")
@option("-n", "--limit", type=click.IntRange(min=1), default=50, metavar="N", help="option.limit.events")
@online
async def list_events(session: Session, after: int | None, key: str | None, run_id: str | None, limit: int) -> None:
    """Print events in the order of the journal."""
    session.out.rows(COLUMNS, await session.api.items("/v1/events", limit, after=after, type=key, run_id=run_id))


@verb("catalog", event)
@online
async def catalog(session: Session) -> None:
    """Print every event there is, who tells it and who hears it."""
    session.out.rows(CATALOG, await session.api.items("/v1/events/catalog"))


@verb("publish", event)
@click.argument("key", metavar="TYPE")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), metavar="FILE|-")
@option("--source", default="scout-cli", metavar="NAME")
@option("--id", "event_id", metavar="ID")
@waits
@online
async def publish(session: Session, key: str, file: Path, source: str, event_id: str | None, *, wait: bool) -> None:
    """Publish an event as somebody outside, and wait for the run that it opens."""
    told = {"specversion": "1.0", "id": event_id or str(uuid.uuid4()), "source": source, "type": key}
    accepted = await session.api.post("/v1/events", {**told, "data": _data(file)})
    if not wait:
        session.out.facts((Column("run_id", path="id"), Column("state", "state")), accepted)
        return
    session.out.facts(FACTS, await wait_run(session, accepted["id"], say("wait.run")))


@verb("tail", event)
@option("--type", "key", metavar="KEY")
@option("-n", "--limit", type=click.IntRange(0, 500), default=10, metavar="N", help="option.limit.tail")
@online
async def tail(session: Session, key: str | None, limit: int) -> ExitCode:
    """Print events as they are written, until Ctrl-C."""
    try:
        async for one in follow(session.api, key, limit):
            session.out.line(COLUMNS, one)
    except asyncio.CancelledError:
        return ExitCode.OK  # that is how a person ends it
    return ExitCode.OK


async def follow(api: Api, key: str | None, limit: int, pause: float = _PAUSE) -> AsyncIterator[dict[str, Any]]:
    """The newest `limit` events, then each new one when it is written; without end."""
    found: list[dict[str, Any]] = (await api.get("/v1/events", type=key, last=max(limit, 1)))["items"]
    shown, after = found[-limit:] if limit else [], found[-1]["seq"] if found else 0
    while True:
        for one in shown:
            yield one
        await asyncio.sleep(pause)
        shown = await api.items("/v1/events", after=after, type=key)
        after = shown[-1]["seq"] if shown else after


def _data(file: Path) -> Any:
    text = sys.stdin.read() if str(file) == "-" else read_text(file)
    try:
        return json.loads(text)
    except ValueError as exc:
        what = say("error.json", name=file)
        raise CliError(ExitCode.INVALID_DATA, what, str(exc), say("error.json.do")) from exc
