"""`scout import`: take a table of sales into a market."""

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from contracts.observation import Mapping, Upload
from services.cli.disk import save
from services.cli.errors import CliError, ExitCode
from services.cli.figures import number
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
REJECTED = (Column("count", "int"), Column("column"), Column("why", "why"), Column("examples", "list"))
_MARKET = re.compile(Upload.model_json_schema()["properties"]["market"]["pattern"])
_CURRENCY = re.compile(r"[A-Z]{3}")
_FIELDS = tuple(Mapping.model_fields)


def _columns(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    """Read `day=COLUMN` pairs."""
    mapping: dict[str, str] = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not sign or not column or field not in _FIELDS:
            raise CliError(
                ExitCode.USAGE,
                say("error.mapping", pair=pair),
                say("error.mapping.why"),
                say("error.mapping.do", names=", ".join(_FIELDS)),
            )
        if field in mapping:
            what = say("error.mapping.twice", field=field)
            raise CliError(ExitCode.USAGE, what, f"{field}={mapping[field]}, {pair}", say("error.mapping.twice.do"))
        mapping[field] = column
    return mapping


def _currency(_: click.Context, __: click.Parameter, code: str | None) -> str | None:
    """Read a currency's code, in any case."""
    if code is not None and not _CURRENCY.fullmatch(code.upper()):
        raise CliError(ExitCode.USAGE, say("error.currency", code=code), "", say("error.currency.do"))
    return code and code.upper()


def _timezone(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    """Read the name of a time zone."""
    try:
        return name and ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise CliError(ExitCode.USAGE, say("error.timezone", name=name), "", say("error.timezone.do")) from exc


@verb("import")
@click.argument("file", metavar="[FILE]", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@option("--builtin", type=click.Choice([BUILTIN]))
@option("--market", metavar="NAME", help="option.market.new")
@option("--name", metavar="TEXT")
@option("--currency", metavar="CODE", callback=_currency)
@option("--timezone", "tz", metavar="ZONE", callback=_timezone)
@option("--mapping", multiple=True, metavar="FIELD=COLUMN", callback=_columns)
@option("--rejected", type=click.Path(path_type=Path), metavar="FILE")
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
    rejected: Path | None,
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
    report = run["result"].get("report", run["result"])
    if rejected is not None and report.get("rejected_rows"):
        content = (await session.api.send("GET", f"/v1/imports/{report['id']}/rejected")).content
        rejected = save(content, rejected, f"rejected-{report['market']}.csv")
    print_report(session.out, report, rejected)


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


def print_report(out: Printer, report: dict[str, Any], saved: Path | None = None) -> None:
    """Print what was kept, what was not and why, and how the columns were read; `saved` has the rejected rows."""
    out.facts(FACTS, report)
    if out.output != "table":
        return
    if report.get("rejected"):
        out.text()
        out.text(_counted("import.rejected", report["rejected_count"]))
        out.aligned(REJECTED, report["rejected"])
        if report.get("rejected_rows"):
            out.text(say("import.rejected.saved", file=saved) if saved else say("import.rejected.where"))
    if report.get("unread"):
        out.text()
        out.text(_counted("import.unread", sum(one["count"] for one in report["unread"])))
        out.aligned(REJECTED, report["unread"])
    if report.get("mapping"):
        out.text()
        out.text(say("import.mapping"))
        for field, column in report["mapping"].items():
            out.text(f"  {field} = {column}")


def _counted(key: str, n: int) -> str:
    return say(key, n=n, count=number(n))
