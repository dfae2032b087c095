"""`scout market`: what was imported, and what a person says of it."""

from pathlib import Path

import click

from services.cli.client import at
from services.cli.disk import read_text
from services.cli.parts import noun, option, verb
from services.cli.render import Column
from services.cli.session import Session, online, waits
from services.cli.texts import say
from services.cli.waiting import wait_run

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


@verb("settings", market)
@click.argument("name", metavar="MARKET")
@option("--set", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@waits
@online
async def settings(session: Session, name: str, file: Path | None, *, wait: bool) -> None:
    """Print the settings file of a market, or set another one."""
    address = at("markets", name, "settings")
    if file is None:
        text = (await session.api.send("GET", address)).text
        if session.out.output == "json":
            session.out.json({"market": name, "text": text})
        else:
            click.echo(text, nl=False)
        return
    answer = await session.api.send("PUT", address, content=read_text(file).encode())
    if wait:
        await wait_run(session, answer.json()["id"], say("wait.settings"))
    click.echo(say("market.configured", name=name), err=True)
