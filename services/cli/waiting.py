"""Waiting for what was asked for: a run until its outcome, a batch until all of its runs have one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import click

from services.cli.errors import CliError, ExitCode
from services.cli.progress import Meter, meter
from services.cli.session import Session, read_settings
from services.cli.texts import has, say

_FIRST = 0.2
_LONGEST = 1.0
_GROWTH = 1.25


async def wait_run(session: Session, run_id: str, label: str) -> dict[str, Any]:
    """Wait for a run; raises `CliError` when it failed, and says how to go on watching when the wait ends early."""

    async def look(tell: Meter) -> dict[str, Any] | None:
        run: dict[str, Any] = await session.api.get(f"/v1/runs/{run_id}")
        progress = run.get("progress") or {}
        tell.tell(progress.get("done", 0), progress.get("total"), progress.get("unit", ""), progress.get("stage"))
        return run if run["state"] in {"done", "failed"} else None

    run = await _until(session, look, label, run_id)
    if run["state"] == "failed":
        raise failed(run)
    return run


async def wait_batch(session: Session, batch: str, label: str) -> dict[str, Any]:
    """Wait until every run of a batch has ended, and answer its counts and failures."""

    async def look(tell: Meter) -> dict[str, Any] | None:
        state: dict[str, Any] = await session.api.get(f"/v1/batches/{batch}")
        ended = state["done"] + state["failed"]
        tell.tell(ended, state["total"], "niches")
        return state if ended >= state["total"] else None

    return await _until(session, look, label, batch)


def failed(run: dict[str, Any]) -> CliError:
    """The error that a failed run is: what was asked could not be done with this data, or the run was lost."""
    answered = run.get("event_id") is not None
    code = ExitCode.INVALID_DATA if answered and run["kind"].endswith("import_observations") else ExitCode.RUN_FAILED
    title = f"error.failed.{run['kind'].rpartition('.')[2]}"
    problem = {"type": "about:blank", "title": "run failed", "detail": run.get("reason", ""), "run_id": run["id"]}
    return CliError(
        code,
        say(title if has(title) else "error.failed"),
        run.get("reason") or say("error.failed.silent"),
        "" if answered else say("error.failed.do", run_id=run["id"]),
        problem,
    )


def watch_command(session: Session, watched: str) -> str:
    """How to go on watching from another shell, the folder included where it is not the usual one."""
    here = "" if session.api.settings.home == read_settings().home else f"SCOUT_HOME={session.api.settings.home} "
    return f"{here}scout run watch {watched}"


async def _until(
    session: Session, look: Callable[[Meter], Awaitable[dict[str, Any] | None]], label: str, watched: str
) -> dict[str, Any]:
    again = watch_command(session, watched)
    try:
        async with asyncio.timeout(session.timeout):
            with meter(label, quiet=session.quiet) as tell:
                pause = _FIRST
                while (found := await look(tell)) is None:
                    await asyncio.sleep(pause)
                    pause = min(pause * _GROWTH, _LONGEST)
                return found
    except TimeoutError as exc:
        raise CliError(
            ExitCode.TIMEOUT, say("error.timeout", seconds=session.timeout), say("error.timeout.why"), again
        ) from exc
    except asyncio.CancelledError:
        click.echo(say("wait.detached", command=again), err=True)
        raise
