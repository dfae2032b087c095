"""The `scout` command: its language, its commands, and how every error becomes a text and an exit code."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import structlog

from services.chassis.errors import ScoutError
from services.chassis.logs import configure_logs
from services.cli.commands import (
    agent,
    backtest,
    demo,
    doctor,
    events,
    export,
    imports,
    letter,
    market,
    niche,
    run,
    serve,
    top,
)
from services.cli.errors import CliError, ExitCode
from services.cli.parts import Noun, option
from services.cli.session import QUIET, lang_option, read_settings
from services.cli.texts import LANGS, Lang, say, speak
from services.cli.usage import usage_error

log = structlog.get_logger()


class Root(Noun):
    """The command above all others."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, *_: Any, **extra: Any) -> Any:
        """Run a command line and leave with its exit code; nobody ever sees a traceback."""
        words = list(sys.argv[1:] if args is None else args)
        speak(_language(words))
        extra["standalone_mode"] = False
        configure_logs(QUIET)  # before anything can go wrong, which is told as an error and never as a log
        if sys.stdout is None:  # closed by who started us: nobody reads
            sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it is needed to the end
        try:
            configure_logs(read_settings(log_level=QUIET).log_level)
            code = super().main(words, prog_name or "scout", **extra)
        except BaseException as exc:  # noqa: BLE001 - here every end of a command gets its text and its code
            code = _ended(exc, as_json=_wants_json(words))
        sys.exit(int(code or 0))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section(say("help.exit_codes")):
            formatter.write_dl([(str(int(code)), say(f"exit.{code.name.lower()}")) for code in ExitCode])
        with formatter.section(say("help.environment")):
            formatter.write_dl(
                [
                    (name, say(f"env.{name}"))
                    for name in (
                        "SCOUT_HOME",
                        "SCOUT_URL",
                        "SCOUT_LANG",
                        "SCOUT_TIMEZONE",
                        "SCOUT_WORKERS",
                        "SCOUT_OFFICE_URL",
                        "SCOUT_OFFICE_TOKEN",
                        "SCOUT_LOG_LEVEL",
                    )
                ]
            )


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's signature
    if wanted and not ctx.resilient_parsing:
        click.echo(f"scout {version('scout')}")
        ctx.exit()


@click.group("scout", cls=Root, help="command.scout")
@lang_option
@option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version)
def scout() -> None:
    """The command above all others; its help is in the texts."""


for part in (
    demo.demo,
    imports.import_,
    market.market,
    niche.niche,
    top.top,
    backtest.backtest,
    export.export,
    run.run,
    agent.agent,
    events.event,
    letter.letter,
    doctor.doctor,
    serve.serve,
):
    scout.add_command(part)


def _language(words: Sequence[str]) -> Lang:
    """The language of `--lang`, wherever it stands, else of SCOUT_LANG, else English."""
    chosen = os.environ.get("SCOUT_LANG", "en")
    for i, word in enumerate(words):
        if word == "--lang" and i + 1 < len(words):
            chosen = words[i + 1]
        elif word.startswith("--lang="):
            chosen = word.removeprefix("--lang=")
    return next((lang for lang in LANGS if lang == chosen), "en")


def _wants_json(words: Sequence[str]) -> bool:
    return "-ojson" in words or any(pair == ("-o", "json") for pair in pairwise(words))


def _ended(exc: BaseException, *, as_json: bool) -> int:
    """Tell how a command ended, and answer its exit code."""
    if isinstance(exc, SystemExit):
        return exc.code if isinstance(exc.code, int) else int(ExitCode.RUN_FAILED)
    if isinstance(exc, click.exceptions.NoArgsIsHelpError):
        click.echo(exc.ctx.get_help() if exc.ctx else "")
        return ExitCode.OK
    if isinstance(exc, KeyboardInterrupt | click.Abort | asyncio.CancelledError):
        return ExitCode.INTERRUPTED
    if isinstance(exc, BrokenPipeError):  # whoever read has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    error = _known(exc)
    log.debug("command failed", exc_info=exc)
    click.echo(json.dumps(error.problem(), ensure_ascii=False, indent=2) if as_json else error.text(), err=True)
    return error.code


def _known(exc: BaseException) -> CliError:
    if isinstance(exc, CliError):
        return exc
    if isinstance(exc, click.UsageError):
        return usage_error(exc)
    if isinstance(exc, click.ClickException):
        return CliError(ExitCode.USAGE, exc.format_message())
    if isinstance(exc, ScoutError):
        return CliError(ExitCode.SERVICE_DOWN, say("error.house"), str(exc))
    if isinstance(exc, OSError) and exc.strerror:
        return _of_system(exc, exc.strerror)
    return CliError(ExitCode.RUN_FAILED, say("error.bug"), f"{type(exc).__name__}: {exc}", say("error.bug.do"))


def _of_system(exc: OSError, why: str) -> CliError:
    """A file that cannot be had, or output that cannot be written."""
    if exc.filename is None:
        return CliError(ExitCode.RUN_FAILED, say("error.write"), why, say("error.write.do"))
    return CliError(ExitCode.INVALID_DATA, say("error.file", name=exc.filename), why, say("error.file.do"))
