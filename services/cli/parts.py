"""Commands and options whose help is a key of the texts, so that it appears in the reader's language."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from services.cli.texts import say


class Option(click.Option):
    """An option; `help` is a key."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        return record and (record[0], say(self.help or "option.help"))


class _Translated(click.Command):
    """What commands and groups share: headings and help in the reader's language."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=f"{say('help.usage')}: ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(self.help or "help.usage"))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [self._record(param, ctx) for param in self.get_params(ctx)]
        with formatter.section(say("help.options")):
            formatter.write_dl([record for record in records if record])

    def get_short_help_str(self, limit: int = 45) -> str:
        del limit  # the first line is short enough, and a cut sentence helps nobody
        return say(self.help or "help.usage").partition("\n")[0]

    @staticmethod
    def _record(param: click.Parameter, ctx: click.Context) -> tuple[str, str] | None:
        record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
        return (record[0], say("option.help")) if record and "--help" in param.opts else record


class Verb(_Translated):
    """A command that does something."""


class Noun(_Translated, click.Group):
    """A group of commands about one thing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("no_args_is_help", True)
        super().__init__(*args, **kwargs)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _Translated.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        named = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section(say("help.commands")):
            formatter.write_dl([(name, command.get_short_help_str()) for name, command in named if command])

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)  # in the order in which a person needs them


def noun(name: str) -> Callable[[Callable[..., Any]], Noun]:
    """Make a group; its help is the text `command.<name>`."""
    return click.group(name, cls=Noun, help=f"command.{name}")


def verb(name: str, group: Noun | None = None) -> Callable[[Callable[..., Any]], Verb]:
    """Make a command, in a group or of its own; its help is the text `command.<group>.<name>`."""
    key = f"command.{group.name}.{name}" if group else f"command.{name}"

    def make(function: Callable[..., Any]) -> Verb:
        made = click.command(name, cls=Verb, help=key)(function)
        if group is not None:
            group.add_command(made)
        return made

    return make


def option(*names: str, **attributes: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an option; its help is the text `option.<name>` of its first long name, unless `help` names another."""
    longest: Sequence[str] = [name for name in names if name.startswith("--")] or names
    attributes.setdefault("help", f"option.{longest[0].lstrip('-').partition('/')[0]}")
    return click.option(*names, cls=Option, **attributes)
