"""`scout letter`: dead letters, the messages that nobody could handle."""

from pathlib import Path

import click

from services.cli.client import at
from services.cli.disk import read_text
from services.cli.parts import noun, option, verb
from services.cli.render import Column
from services.cli.session import Session, online

COLUMNS = (
    Column("at", "moment"),
    Column("service"),
    Column("key"),
    Column("errors", "int", brief=True),
    Column("losses", "int", brief=True),
    Column("reason"),
    Column("letter_id", path="id"),
)
FACTS = (
    *COLUMNS,
    Column("run_id"),
    Column("publisher"),
    Column("message_id"),
    Column("purged_at", "moment", path="purged.at"),
    Column("note", path="purged.note"),
    Column("body"),
)


@noun("letter")
def letter() -> None:
    """Messages that nobody could handle."""


@verb("list", letter)
@option("--service", metavar="NAME")
@option("-n", "--limit", type=click.IntRange(min=1), default=20, metavar="N", help="option.limit.letters")
@online
async def list_letters(session: Session, service: str | None, limit: int) -> None:
    """Print dead letters."""
    session.out.rows(COLUMNS, await session.api.items("/v1/dead-letters", limit, service=service))


@verb("show", letter)
@click.argument("letter_id", metavar="LETTER")
@online
async def show_letter(session: Session, letter_id: str) -> None:
    """Print one dead letter whole."""
    session.out.facts(FACTS, await session.api.get(at("dead-letters", letter_id)))


@verb("redrive", letter)
@click.argument("letter_id", metavar="LETTER")
@option("--body", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@online
async def redrive(session: Session, letter_id: str, body: Path | None) -> None:
    """Send a dead letter again, as it was or with another body."""
    edited = {} if body is None else {"body": read_text(body)}
    session.out.facts((Column("run_id"),), await session.api.post(at("dead-letters", letter_id, "redrive"), edited))


@verb("purge", letter)
@click.argument("letter_id", metavar="LETTER")
@option("--note", required=True, metavar="TEXT")
@online
async def purge(session: Session, letter_id: str, note: str) -> None:
    """Delete a dead letter's body, and keep the record with a note."""
    session.out.facts(FACTS, await session.api.delete(at("dead-letters", letter_id), note=note))
