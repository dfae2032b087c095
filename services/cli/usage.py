"""A mistyped command line, told in the reader's language."""

import click
from click.exceptions import BadParameter, MissingParameter, NoSuchCommand, NoSuchOption

from services.cli.errors import CliError, ExitCode
from services.cli.texts import say


def usage_error(exc: click.UsageError) -> CliError:
    """What click found wrong, why, and where the help is."""
    path = exc.ctx.command_path if exc.ctx else "scout"
    what, why = _what(exc)
    return CliError(ExitCode.USAGE, what, why, say("usage.do", command=path))


def _what(exc: click.UsageError) -> tuple[str, str]:
    if isinstance(exc, NoSuchOption):
        near = ", ".join(sorted(exc.possibilities or ()))
        return say("usage.option", name=exc.option_name), near and say("usage.near", names=near)
    if isinstance(exc, NoSuchCommand):
        near = ", ".join(sorted(exc.possibilities or ()))
        return say("usage.command", name=exc.command_name), near and say("usage.near", names=near)
    if isinstance(exc, MissingParameter):
        return say("usage.missing", name=_name(exc)), ""
    if isinstance(exc, BadParameter):
        return say("usage.value", name=_name(exc)), exc.message
    return say("usage.other"), exc.format_message()


def _name(exc: BadParameter) -> str:
    if isinstance(exc.param, click.Option):
        return "/".join(exc.param.opts)
    return str(exc.param.metavar if isinstance(exc.param, click.Argument) else exc.param_hint or "")
