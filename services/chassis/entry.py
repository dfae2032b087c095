"""How a service of aio-pika's side runs as a process: until it is told to stop, its parts kept going meanwhile."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog
from pydantic import SecretStr

from services.chassis.errors import ScoutError
from services.chassis.logs import configure_logs
from services.chassis.pulse import Pulse
from services.chassis.settings import Settings, settings_of_service

log = structlog.get_logger(__name__)
Main = Callable[[Settings, asyncio.Event], Coroutine[Any, Any, None]]


def run(main: Main) -> None:
    """Run `main` with the settings and an event that SIGTERM or SIGINT sets; raises `SystemExit` with what is wrong."""
    try:
        settings = settings_of_service()
        configure_logs(settings.log_level)
        asyncio.run(_until_told(main, settings))
    except ScoutError as exc:
        raise SystemExit(str(exc)) from exc


async def _until_told(main: Main, settings: Settings) -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await main(settings, stop)


def needed(value: SecretStr | str | None, variable: str, what: str) -> str:
    """The value of a setting that this service cannot do without; raises `SystemExit`, which names its variable."""
    if not value:
        raise SystemExit(f"{variable} is not set: it names {what}; docker-compose.yml sets it (docs/configure.md)")
    return value.get_secret_value() if isinstance(value, SecretStr) else value


@asynccontextmanager
async def kept(**parts: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Keep parts of a service going while inside: one that fails is logged and started again."""
    tasks = [asyncio.create_task(_forever(name, work)) for name, work in parts.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _forever(name: str, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception:
            log.exception("a part of the service failed, it is started again", part=name)
        if (task := asyncio.current_task()) and task.cancelling():
            return  # it failed while it was stopped, and its error took the place of the cancellation
        await asyncio.sleep(1)


async def beat(pulse: Pulse, lives: Callable[[], Awaitable[bool]]) -> None:
    """Beat for as long as what is asked says that the service can do its work."""
    while True:
        if await lives():
            pulse.beat()
        await asyncio.sleep(pulse.every)
