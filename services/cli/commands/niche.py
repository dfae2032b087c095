"""`scout niche`: look at niches, analyse them, watch them."""

import math
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from services.cli.client import at
from services.cli.disk import read_text
from services.cli.errors import CliError, ExitCode
from services.cli.lookups import niche_id, the_market
from services.cli.niche_page import print_niche, print_score
from services.cli.parts import noun, option, verb
from services.cli.render import Column
from services.cli.session import Session, market_option, online, waits
from services.cli.texts import say
from services.cli.waiting import wait_batch, wait_run

COLUMNS = (
    Column("niche", "name", "name"),
    Column("kind", "kind"),
    Column("watched", "yes"),
    Column("market"),
    Column("niche_id", path="id"),
)
FAILURES = (Column("niche_id"), Column("reason"), Column("run_id", brief=True))
BATCH = (Column("batch"), Column("total", "int"), Column("done", "int"), Column("failed", "int"))

as_of_option = option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD")
_DEAREST = 1_000_000_000
weights_option = option("--weights", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")


class Figure(click.FloatRange):
    """A number in a range; what is no number has no place in one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        return number if math.isfinite(number) else self.fail(str(value), param, ctx)


def own_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of what only the seller knows; each is passed by the name of its field in `Own`."""
    for given in (
        option("--own-price", "price", type=Figure(0, _DEAREST, min_open=True), metavar="MONEY"),
        option("--cover-weeks", type=click.IntRange(1, 52), metavar="N"),
        option("--lead-days", type=click.IntRange(0, 730), metavar="N"),
        option("--ad-share", type=Figure(0, 1, max_open=True), metavar="SHARE"),
        option("--cost", type=Figure(0, _DEAREST), metavar="MONEY"),
    ):
        function = given(function)
    return function


@noun("niche")
def niche() -> None:
    """The niches of a market."""


@verb("list", niche)
@market_option
@option("--search", metavar="TEXT")
@option("-n", "--limit", type=click.IntRange(min=0), default=0, metavar="N", help="option.limit.all")
@online
async def list_niches(session: Session, market: str | None, search: str | None, limit: int) -> None:
    """Print the niches of a market."""
    found = await the_market(session.api, market)
    session.out.rows(COLUMNS, await session.api.items("/v1/niches", limit, market=found["id"], q=search))


@verb("show", niche)
@click.argument("given", metavar="NICHE")
@market_option
@online
async def show_niche(session: Session, given: str, market: str | None) -> None:
    """Print what is known about a niche: its score, why, and what it stands on."""
    page = await session.api.get(f"/v1/niches/{await niche_id(session.api, given, market)}")
    print_niche(session.out, page)


@verb("analyze", niche)
@click.argument("given", metavar="[NICHE]", required=False)
@market_option
@option("--all", "everything", is_flag=True)
@as_of_option
@weights_option
@option("--tier", type=click.Choice(["fast", "deep"]))
@own_options
@waits
@online
async def analyze(
    session: Session,
    given: str | None,
    market: str | None,
    *,
    everything: bool,
    wait: bool,
    **asked: Any,
) -> ExitCode | None:
    """Analyse and score one niche, or every niche of a market."""
    if (given is None) == (not everything):
        raise CliError(ExitCode.USAGE, say("error.one_or_all"), "", say("error.one_or_all.do"))
    params = await _params(session, **asked)
    if given is not None:
        return await _analyze_one(session, await niche_id(session.api, given, market), params, wait=wait)
    found = await the_market(session.api, market)
    accepted = await session.api.post("/v1/analyses", {"market": found["id"], "params": params})
    if not wait:
        session.out.facts((Column("batch"), Column("total", "int", "runs")), accepted)
        return None
    state = await wait_batch(session, accepted["batch"], say("wait.batch"))
    session.out.facts(BATCH, state)
    return report_failures(state)


async def _params(
    session: Session, *, as_of: datetime | None, weights: Path | None, tier: str | None, **own: float | None
) -> dict[str, Any]:
    """How to analyse, as the API takes it; what was not said is left out."""
    said = {
        "as_of": as_of and as_of.date().isoformat(),
        "tier": tier,
        "own": {name: value for name, value in own.items() if value is not None} or None,
        "model": weights and await model_of(session, weights),
    }
    return {name: value for name, value in said.items() if value is not None}


async def _analyze_one(session: Session, niche: str, params: dict[str, Any], *, wait: bool) -> ExitCode | None:
    accepted = await session.api.post(f"/v1/niches/{niche}/analyses", params)
    if not wait:
        session.out.facts((Column("run_id", path="id"), Column("state", "state")), accepted)
        return None
    run = await wait_run(session, accepted["id"], say("wait.analyze"))
    market = await session.api.get(at("markets", run["result"]["market"]))
    session.out.currency = market.get("currency") or ""
    print_score(session.out, run["result"])
    return None


def report_failures(state: dict[str, Any]) -> ExitCode:
    """Name on stderr what failed in a batch; answer the exit code of the whole."""
    for failure in state["failures"]:
        click.echo(f"{failure['niche_id']}: {failure['reason']}", err=True)
    if not state["failed"]:
        return ExitCode.OK
    return ExitCode.PARTIAL if state["done"] else ExitCode.RUN_FAILED


async def model_of(session: Session, weights: Path) -> dict[str, Any]:
    """Keep a weights file in the house, and answer its name there."""
    answer = await session.api.post_text("/v1/models", read_text(weights))
    model: dict[str, Any] = answer["model"]
    return model


@verb("watch", niche)
@click.argument("given", metavar="NICHE")
@market_option
@online
async def watch(session: Session, given: str, market: str | None) -> None:
    """Analyse a niche again whenever new data comes."""
    await _choose(session, given, market, watched=True)


@verb("unwatch", niche)
@click.argument("given", metavar="NICHE")
@market_option
@online
async def unwatch(session: Session, given: str, market: str | None) -> None:
    """Take a niche off the watch list."""
    await _choose(session, given, market, watched=False)


async def _choose(session: Session, given: str, market: str | None, *, watched: bool) -> None:
    found = await niche_id(session.api, given, market)
    await session.api.put(f"/v1/niches/{found}/watch", {"watched": watched})
    click.echo(say("niche.watched" if watched else "niche.unwatched"), err=True)
