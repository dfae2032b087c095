"""`scout agent`: the software employee, its state and what it did today."""

from services.cli.parts import verb
from services.cli.render import Column
from services.cli.session import Session, online

COLUMNS = (
    Column("agent", path="name"),
    Column("state", "state"),
    Column("text"),
    Column("niches_today", "int", "metrics.niches_analyzed_today"),
    Column("opportunities_found", "int", "metrics.opportunities_found"),
    Column("trends_updated", "int", "metrics.trends_updated"),
    Column("last_update", "moment", "metrics.last_update"),
    Column("sent_at", "moment", brief=True),
    Column("agent_id", brief=True),
)


@verb("agent")
@online
async def agent(session: Session) -> None:
    """Print every agent with its metrics of the day."""
    session.out.rows(COLUMNS, await session.api.items("/v1/agents"))
