"""`scout event`: what was said in the house, and what can be said."""

import click

from services.cli.parts import noun, option, verb
from services.cli.render import Column
from services.cli.session import Session, online

COLUMNS = (
    Column("seq", "int"),
    Column("time", "moment"),
    Column("event", path="type"),
    Column("source"),
    Column("run_id", path="correlation_id", brief=True),
    Column("event_id", path="id"),
)
CATALOG = (Column("event", path="key"), Column("told_by", "list"), Column("heard_by", "list"), Column("doc"))


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
