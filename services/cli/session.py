"""What every command stands on: its options, its client, its printer, and how it starts and is interrupted."""

import asyncio
import functools
import signal
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import click
from pydantic import ValidationError

from services.chassis.settings import Settings
from services.cli.client import Api, connect
from services.cli.errors import CliError, ExitCode
from services.cli.parts import option
from services.cli.render import Output, Printer
from services.cli.texts import LANGS, say


@dataclass(frozen=True, slots=True)
class Session:
    """One command's way to the house and to the person."""

    api: Api
    out: Printer
    quiet: bool = False
    timeout: float | None = None


lang_option = option("--lang", type=click.Choice(LANGS), expose_value=False, is_eager=True)
"""The language; `root.py` reads it before anything else speaks."""

output_option = option(
    "-o",
    "output",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    metavar="table|json|csv",
    help="option.output",
)
quiet_option = option("-q", "--quiet", is_flag=True)
timeout_option = option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS")
market_option = option("--market", metavar="NAME")


QUIET = "CRITICAL"
"""Log level of a single command: what goes wrong is told as an error, not as a log."""

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def read_settings(**defaults: Any) -> Settings:
    """The settings, with other `defaults` where nothing is set; raises `CliError` that names the wrong variable."""
    try:
        settings = Settings(_env_ignore_empty=True)  # SCOUT_HOME= is no folder, it is nothing said
    except ValidationError as exc:
        error = exc.errors()[0]
        raise _wrong(str(error["loc"][0]), str(error["msg"]).removeprefix("Value error, ")) from exc
    if settings.log_level.upper() not in _LEVELS:
        raise _wrong("log_level", say("error.setting.one_of", names=", ".join(_LEVELS)))
    return settings.model_copy(update={k: v for k, v in defaults.items() if k not in settings.model_fields_set})


def _wrong(field: str, why: str) -> CliError:
    name = f"SCOUT_{field.upper()}"
    return CliError(ExitCode.USAGE, say("error.setting", name=name), why, say("error.setting.do", name=name))


def online(function: Callable[..., Awaitable[ExitCode | None]]) -> Callable[..., ExitCode | None]:
    """Make a command of a coroutine function that talks to the house; its first argument is the session."""

    @output_option
    @quiet_option
    @lang_option
    @functools.wraps(function)
    def start(output: Output, *, quiet: bool, **rest: Any) -> ExitCode | None:
        timeout = rest.pop("timeout", None)

        async def talk() -> ExitCode | None:
            async with connect(read_settings(log_level=QUIET)) as api:
                return await function(Session(api, Printer(output), quiet, timeout), **rest)

        return drive(talk())

    return start


def waits(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command that waits for a run the options of waiting."""
    return option("--wait/--no-wait", default=True)(timeout_option(function))


def drive(work: Coroutine[Any, Any, ExitCode | None]) -> ExitCode | None:
    """Run a command's coroutine; Ctrl-C and SIGTERM cancel it, so that what it opened is closed."""
    with asyncio.Runner() as runner:
        return runner.run(_stoppable(work))


async def _stoppable(work: Coroutine[Any, Any, ExitCode | None]) -> ExitCode | None:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work
