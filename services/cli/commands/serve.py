"""`scout serve`: keep the house open, with its API, until it is told to stop."""

import asyncio
import os
import signal
import socket

import click

from services.chassis.errors import HouseInUse
from services.chassis.logs import configure_logs
from services.chassis.settings import Settings
from services.cli.client import in_use, new_house
from services.cli.errors import CliError, ExitCode
from services.cli.parts import option, verb
from services.cli.session import drive, lang_option, read_settings
from services.cli.texts import say
from services.gateway.server import Server


@verb("serve")
@option("--host", default="127.0.0.1", metavar="ADDRESS")
@option("--port", type=click.IntRange(0, 65535), default=8000, metavar="PORT")
@lang_option
def serve(host: str, port: int) -> ExitCode | None:
    """Open the house and serve its API."""
    settings = read_settings()
    configure_logs(settings.log_level)
    return drive(_serve(settings, host, port))


async def _serve(settings: Settings, host: str, port: int) -> None:
    with _listen(host, port) as listener:
        url = f"http://{_named(host)}:{listener.getsockname()[1]}"
        house = new_house(settings)
        server = Server(house.app, house.close_streams)
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, server.stop)
        try:
            async with house:
                house.serving(url)
                house.start_ticker()
                click.echo(say("serve.open", url=url, home=settings.home), err=True)
                await server.serve(sockets=[listener])
                click.echo(say("serve.closing"), err=True)
        except HouseInUse as exc:
            raise in_use(exc, settings) from exc


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as exc:
        why = (
            os.strerror(exc.errno) if isinstance(exc, OSError) and exc.errno is not None and exc.errno > 0 else str(exc)
        )
        raise CliError(ExitCode.CONFLICT, say("error.port", host=host, port=port), why, say("error.port.do")) from exc


def _named(host: str) -> str:
    """The address under which this machine reaches what listens there."""
    open_to_all = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared with, not listened on
    return open_to_all.get(host, f"[{host}]" if ":" in host else host)
