"""`scout backtest`: replay history and see whether the scores hold."""

from pathlib import Path
from typing import Any

import click

from services.cli.commands.niche import model_of, weights_option
from services.cli.lookups import the_market
from services.cli.parts import option, verb
from services.cli.proof import print_proof
from services.cli.render import Column
from services.cli.session import Session, market_option, online, waits
from services.cli.texts import say
from services.cli.waiting import wait_run


@verb("backtest")
@market_option
@option("--horizon", type=click.IntRange(1, 26), default=8, metavar="WEEKS")
@weights_option
@waits
@online
async def backtest(session: Session, market: str | None, horizon: int, weights: Path | None, *, wait: bool) -> None:
    """Score a market at past days from the past alone, and compare with what then happened."""
    found = await the_market(session.api, market)
    params: dict[str, Any] = {"market": found["id"], "horizon": horizon}
    if weights is not None:
        params["weights"] = await model_of(session, weights)
    accepted = await session.api.post("/v1/backtests", params)
    if not wait:
        session.out.facts((Column("run_id", path="id"), Column("state", "state")), accepted)
        return
    await wait_run(session, accepted["id"], say("wait.backtest"))
    print_proof(session.out, await session.api.get(f"/v1/backtests/{accepted['id']}"))
