"""A mistyped command line, told in the reader's language."""

import re

import click
from click.exceptions import BadOptionUsage, BadParameter, MissingParameter, NoSuchCommand, NoSuchOption

from services.cli.errors import CliError, ExitCode
from services.cli.texts import say

_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)")
_QUOTED = re.compile(r"'(.*)'")


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
    if isinstance(exc, BadOptionUsage):
        return say("usage.empty", name=exc.option_name), ""
    if isinstance(exc, MissingParameter):
        return say("usage.missing", name=_name(exc)), ""
    if isinstance(exc, BadParameter):
        return say("usage.value", name=_name(exc)), _why(exc)
    extra = _EXTRA.match(exc.message)
    return say("usage.other"), say("usage.extra", words=extra[1]) if extra else exc.format_message()


def _why(exc: BadParameter) -> str:
    """What the parameter takes, by its type; for others what click says."""
    kind = exc.param.type if exc.param else None
    if isinstance(kind, click.Choice):
        return say("usage.choice", names=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.IntRange | click.FloatRange):
        lo, hi = kind.min, kind.max
        key = "usage.between" if hi is not None else "usage.above" if kind.min_open else "usage.from"
        return say(key, lo=lo, hi=hi) if hi is not None else say(key, lo=lo)
    if isinstance(kind, click.DateTime):
        return say("usage.day")
    named = _QUOTED.search(exc.message)
    if isinstance(kind, click.Path) and named and exc.message.endswith("does not exist."):
        return say("usage.no_file", name=named[1])
    if isinstance(kind, click.Path) and named and exc.message.endswith("is a directory."):
        return say("usage.folder", name=named[1])
    return exc.message


def _name(exc: BadParameter) -> str:
    if isinstance(exc.param, click.Option):
        return "/".join(exc.param.opts)
    if isinstance(exc.param, click.Argument):
        return str(exc.param.metavar or exc.param.name or "").strip("[]")
    return str(exc.param_hint or "")
