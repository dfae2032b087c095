"""`scout market`: what was imported."""

import click

from services.cli.client import at
from services.cli.parts import noun, verb
from services.cli.render import Column
from services.cli.session import Session, online

COLUMNS = (
    Column("id"),
    Column("name"),
    Column("currency"),
    Column("timezone", brief=True),
    Column("grain", "kind", brief=True),
    Column("first_day", "day"),
    Column("last_day", "day"),
    Column("niches", "int"),
    Column("imports", "int"),
)


@noun("market")
def market() -> None:
    """The markets of this house."""


@verb("list", market)
@online
async def list_markets(session: Session) -> None:
    """Print every market."""
    session.out.rows(COLUMNS, await session.api.items("/v1/markets"))


@verb("show", market)
@click.argument("name", metavar="MARKET")
@online
async def show_market(session: Session, name: str) -> None:
    """Print one market."""
    session.out.facts(COLUMNS, await session.api.get(at("markets", name)))
