"""`scout demo`: a real market scored as of a past day, beside what then happened."""

import os
import time
from collections.abc import Awaitable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from services.chassis.settings import Settings
from services.cli.aftermath import what_followed, window
from services.cli.client import connect
from services.cli.commands.export import save_report
from services.cli.commands.imports import BUILTIN
from services.cli.demo_page import BEST, Shown, print_demo
from services.cli.errors import CliError, ExitCode
from services.cli.figures import number, seconds
from services.cli.parts import option, verb
from services.cli.render import Output, Printer
from services.cli.session import QUIET, Session, drive, lang_option, output_option, quiet_option, read_settings
from services.cli.texts import language, say
from services.cli.waiting import wait_batch, wait_run

AS_OF = date(2017, 11, 5)
HOME = Path(".scout/demo")
STEPS = ("import", "trends", "analyses", "backtest", "exports")


@verb("demo")
@option("--fresh", is_flag=True)
@output_option
@quiet_option
@lang_option
def demo(output: Output, *, fresh: bool, quiet: bool) -> ExitCode | None:
    """Import, analyse, score and prove a real market, and show what then happened."""
    settings = read_settings(log_level=QUIET, home=HOME)
    return drive(_demo(settings, Printer(output), fresh=fresh, quiet=quiet))


async def _demo(settings: Settings, out: Printer, *, fresh: bool, quiet: bool) -> ExitCode:
    started = time.monotonic()
    async with connect(settings) as api:
        steps = _Steps(Session(api, out, quiet), str(os.urandom(4).hex()) if fresh else "")
        shown = await steps.walk(settings.home / "reports")
    print_demo(out, shown, settings, time.monotonic() - started)
    if shown.unproved is not None:
        return ExitCode.RUN_FAILED
    return ExitCode.PARTIAL if shown.batch["failed"] else ExitCode.OK


class _Steps:
    """The demo's way, every step of it a command of the API; `salt` makes it all anew."""

    def __init__(self, session: Session, salt: str) -> None:
        self._session = session
        self._api = session.api
        self._salt = salt
        self._at = 0

    async def walk(self, reports: Path) -> Shown:
        """Take every step, and answer what was found."""
        shown = Shown(AS_OF)
        basis = await self._step("import", self._import())
        shown.market = await self._api.get(f"/v1/markets/{BUILTIN}")
        await self._step("trends", self._once("/v1/trends/refresh", {}, "trends", basis))
        shown.batch = await self._step("analyses", self._analyses(basis))
        rows = await self._api.items("/v1/scores", market=BUILTIN)
        shown.rows = [row for row in rows if row["as_of"] == AS_OF.isoformat()]
        shown.newer = len(rows) - len(shown.rows)
        shown.proof, shown.unproved = await self._step("backtest", self._proof(basis))
        shown.reports = await self._step("exports", self._exports(reports))
        shown.market_followed, shown.followed = await self._what_followed(shown.rows)
        shown.agents = await self._api.items("/v1/agents")
        return shown

    async def _step(self, name: str, work: Awaitable[Any]) -> Any:
        """Take one step; say on stderr what it is and how long it took."""
        self._at += 1
        label = f"{self._at}/{len(STEPS)}  {say(f'demo.step.{name}')}"
        started = time.monotonic()
        self._label = label
        result = await work
        self._say(f"{label}: {say('demo.done')}, {seconds(time.monotonic() - started)}")
        return result

    async def _import(self) -> str:
        """Import the market unless it is there; answers the import's id, on which all that follows stands."""
        for done in await self._api.items("/v1/imports", market=BUILTIN):
            self._say(say("demo.imported", kept=number(done["report"]["kept"])))
            return str(done["id"])
        run = await self._once("/v1/imports", {"market": BUILTIN, "builtin": BUILTIN}, "import")
        report = run["result"]["report"]
        counted = {"rows": "rows", "kept": "kept", "merged": "merged", "rejected": "rejected_count"}
        self._say(say("demo.kept", **{name: number(report[field]) for name, field in counted.items()}))
        return str(report["id"])

    async def _once(self, path: str, body: dict[str, Any], name: str, basis: str = "") -> dict[str, Any]:
        """Do a work that is not repeated while nothing it stands on has changed, unless it failed."""
        accepted = await self._api.post(path, body, self._key(name, basis))
        if (await self._api.get(f"/v1/runs/{accepted['id']}"))["state"] == "failed":
            accepted = await self._api.post(path, body)
        return await wait_run(self._session, accepted["id"], self._label)

    async def _analyses(self, basis: str) -> dict[str, Any]:
        body = {"market": BUILTIN, "params": {"as_of": AS_OF.isoformat()}}
        accepted = await self._api.post("/v1/analyses", body, self._key("analyses", basis))
        return await wait_batch(self._session, accepted["batch"], self._label)

    async def _proof(self, basis: str) -> tuple[dict[str, Any], CliError | None]:
        """The backtest; one that failed is told at its place, since all the rest is there to be seen."""
        try:
            run = await self._once("/v1/backtests", {"market": BUILTIN}, "backtest", basis)
            return await self._api.get(f"/v1/backtests/{run['id']}"), None
        except CliError as exc:
            if exc.code != ExitCode.RUN_FAILED:
                raise
            return {}, exc

    async def _exports(self, folder: Path) -> list[Path]:
        asked = []
        for form in ("xlsx", "html"):
            body = {"kind": "leaderboard", "market": BUILTIN, "format": form, "lang": language()}
            asked.append((await self._api.post("/v1/exports", body))["id"])
        saved = []
        for run_id in asked:
            await wait_run(self._session, run_id, self._label)
            report = await self._api.get(f"/v1/exports/{run_id}")
            saved.append(await save_report(self._session, report, folder / report["filename"]))
        return saved

    async def _what_followed(self, rows: list[dict[str, Any]]) -> tuple[float | None, dict[str, float | None]]:
        """The change of the market, and of the niches that are shown or counted, in the weeks after the day."""
        asked = [
            row["score"]["niche_id"] for i, row in enumerate(rows) if i < BEST or row["score"]["verdict"] == "enter"
        ]
        followed = {niche: await self._change(f"/v1/niches/{niche}/series") for niche in asked}
        return await self._change(f"/v1/markets/{BUILTIN}/series"), followed

    async def _change(self, path: str) -> float | None:
        first, last = window(AS_OF)
        series = await self._api.get(path, **{"from": first.isoformat(), "to": last.isoformat()})
        weekly = {date.fromisoformat(point["week"]): point["revenue"] for point in series["points"]}
        return what_followed(weekly, AS_OF)

    def _key(self, name: str, basis: str) -> str:
        return "-".join(filter(None, ("demo", name, basis, AS_OF.isoformat(), version("scout"), self._salt)))

    def _say(self, text: str) -> None:
        if not self._session.quiet:
            click.echo(text, err=True)
