"""`scout export`: a report as a file."""

from pathlib import Path
from typing import Any

import click

from services.cli.disk import save
from services.cli.errors import CliError, ExitCode
from services.cli.lookups import niche_id, the_market
from services.cli.parts import noun, option, verb
from services.cli.render import Column
from services.cli.session import Session, market_option, online, waits
from services.cli.texts import language, say
from services.cli.waiting import wait_run

FACTS = (Column("file"), Column("format"), Column("size", "int"), Column("sha256"), Column("run_id"))
FORMATS = ("xlsx", "csv", "json", "html")
format_option = option("--format", "form", type=click.Choice(FORMATS), default="xlsx")
file_option = option("--output", "target", type=click.Path(path_type=Path), metavar="FILE", help="option.output.file")


@noun("export")
def export() -> None:
    """Reports to take away."""


@verb("leaderboard", export)
@market_option
@format_option
@file_option
@option("-n", "--limit", type=click.IntRange(min=0), default=0, metavar="N", help="option.limit.all")
@waits
@online
async def leaderboard(
    session: Session, market: str | None, form: str, target: Path | None, limit: int, *, wait: bool
) -> None:
    """Save the niches of a market with their scores."""
    found = await the_market(session.api, market)
    request = {"kind": "leaderboard", "market": found["id"], "format": form, "lang": language(), "limit": limit}
    await _export(session, request, target, wait=wait)


@verb("niche", export)
@click.argument("given", metavar="NICHE", required=False)
@option("--niche", "named", metavar="NICHE")
@market_option
@format_option
@file_option
@waits
@online
async def niche(
    session: Session,
    given: str | None,
    named: str | None,
    market: str | None,
    form: str,
    target: Path | None,
    *,
    wait: bool,
) -> None:
    """Save everything about one niche."""
    if (given is None) == (named is None):
        raise CliError(ExitCode.USAGE, say("error.one_niche"), "", say("error.one_niche.do"))
    found = await niche_id(session.api, given or named or "", market)
    page = await session.api.get(f"/v1/niches/{found}")
    request = {
        "kind": "niche",
        "market": page["niche"]["market"],
        "niche_id": found,
        "format": form,
        "lang": language(),
    }
    await _export(session, request, target, wait=wait)


async def _export(session: Session, request: dict[str, Any], target: Path | None, *, wait: bool) -> None:
    accepted = await session.api.post("/v1/exports", request)
    if not wait:
        session.out.facts((Column("run_id", path="id"), Column("state", "state")), accepted)
        return
    await wait_run(session, accepted["id"], say("wait.export", form=request["format"]))
    report = await session.api.get(f"/v1/exports/{accepted['id']}")
    saved = await save_report(session, report, target)
    session.out.facts(
        FACTS, {**report["file"], "format": report["format"], "run_id": report["run_id"], "file": str(saved)}
    )


async def save_report(session: Session, report: dict[str, Any], target: Path | None) -> Path:
    """Write a report's bytes to `target`: a file, a folder, or (none) the report's own name in this folder."""
    content = (await session.api.send("GET", f"/v1/exports/{report['run_id']}/file")).content
    return save(content, target, report["filename"])
