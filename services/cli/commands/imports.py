"""`scout import`: take a table of sales into a market."""

import re
from pathlib import Path
from typing import Any

import click

from contracts.observation import Mapping, Upload
from services.cli.errors import CliError, ExitCode
from services.cli.parts import option, verb
from services.cli.render import Column, Printer
from services.cli.session import Session, online, waits
from services.cli.texts import say
from services.cli.waiting import wait_run

BUILTIN = "complete-journey"
FACTS = (
    Column("market"),
    Column("rows", "int"),
    Column("kept", "int"),
    Column("merged", "int"),
    Column("rejected", "int", "rejected_count"),
    Column("niches", "int", "niche_count"),
    Column("grain", "kind"),
    Column("first_day", "day"),
    Column("last_day", "day"),
    Column("import_id", path="id"),
)
REJECTED = (Column("count", "int"), Column("column"), Column("why"), Column("examples", "list"))
_MARKET = re.compile(Upload.model_json_schema()["properties"]["market"]["pattern"])
_FIELDS = tuple(Mapping.model_fields)


def _columns(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    """Read `day=COLUMN` pairs."""
    mapping = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not sign or not column or field not in _FIELDS:
            raise CliError(
                ExitCode.USAGE,
                say("error.mapping", pair=pair),
                say("error.mapping.why"),
                say("error.mapping.do", names=", ".join(_FIELDS)),
            )
        mapping[field] = column
    return mapping


@verb("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@option("--builtin", type=click.Choice([BUILTIN]))
@option("--market", metavar="NAME", help="option.market.new")
@option("--name", metavar="TEXT")
@option("--currency", metavar="CODE")
@option("--timezone", "tz", metavar="ZONE")
@option("--mapping", multiple=True, metavar="FIELD=COLUMN", callback=_columns)
@waits
@online
async def import_(  # noqa: PLR0913, PLR0917 - one for each option
    session: Session,
    file: Path | None,
    builtin: str | None,
    market: str | None,
    name: str | None,
    currency: str | None,
    tz: str | None,
    mapping: dict[str, str],
    *,
    wait: bool,
) -> None:
    """Import a file, or a market that Scout knows."""
    given = {"market_name": name, "currency": currency, "tz": tz, "mapping": mapping or None}
    upload: dict[str, Any] = {
        "market": _market(file, builtin, market),
        **{k: v for k, v in given.items() if v is not None},
    }
    if file is None:
        upload["builtin"] = builtin
    else:
        answer = await session.api.upload(file)
        upload |= {"file": answer["file"], "filename": answer["filename"]}
    accepted = await session.api.post("/v1/imports", upload)
    if not wait:
        session.out.facts((Column("run_id", path="id"), Column("state", "state")), accepted)
        return
    run = await wait_run(session, accepted["id"], say("wait.import", name=builtin if file is None else file.name))
    print_report(session.out, run["result"].get("report", run["result"]))


def _market(file: Path | None, builtin: str | None, market: str | None) -> str:
    """The market to import into; raises `CliError` for what cannot be one."""
    if (file is None) == (builtin is None):
        raise CliError(ExitCode.USAGE, say("error.file_or_builtin"), "", say("error.file_or_builtin.do"))
    name = market or builtin
    if name is None:
        raise CliError(
            ExitCode.USAGE,
            say("error.import_market"),
            say("error.import_market.why"),
            say("error.import_market.do", file=file),
        )
    if not _MARKET.match(name):
        raise CliError(
            ExitCode.USAGE,
            say("error.market_name", name=name),
            say("error.market_name.why"),
            say("error.market_name.do"),
        )
    return name


def print_report(out: Printer, report: dict[str, Any]) -> None:
    """Print what was kept, what was not and why, and how the columns were read."""
    out.facts(FACTS, report)
    if out.output != "table":
        return
    if report.get("rejected"):
        out.text()
        out.text(say("import.rejected", n=report["rejected_count"]))
        out.aligned(REJECTED, report["rejected"])
    if report.get("mapping"):
        out.text()
        out.text(say("import.mapping"))
        for field, column in report["mapping"].items():
            out.text(f"  {field} = {column}")
