"""The gateway as a process: `python -m services.gateway`. It holds no state of its own; any number may serve."""

import asyncio
import socket
from contextlib import AsyncExitStack, suppress
from functools import partial

from services.chassis.bus_aio import AioBus
from services.chassis.entry import kept, needed, run
from services.chassis.files import LocalFiles
from services.chassis.settings import Settings
from services.chassis.stores import open_store
from services.gateway.accept import republish
from services.gateway.app import create_app
from services.gateway.deps import Deps
from services.gateway.live import Live
from services.gateway.server import Server

PORT = 8000
_DRAIN = 3.0


async def main(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until `stop`, and then finish the answers that are under way."""
    async with AsyncExitStack() as stack:
        store = open_store(settings)
        stack.push_async_callback(store.close)
        url = needed(settings.broker_url, "SCOUT_BROKER_URL", "RabbitMQ as user gateway")
        bus = await stack.enter_async_context(AioBus(url, name="gateway"))
        outside = None
        if settings.outside_url:
            outside_url = settings.outside_url.get_secret_value()
            outside = await stack.enter_async_context(AioBus(outside_url, name="gateway, as outside"))
        deps = Deps(bus, store, LocalFiles(settings.home / "files"), settings, Live(), outside=outside)
        stack.callback(deps.outbox.close)
        await stack.enter_async_context(kept(live=partial(deps.live.run, bus), republish=partial(republish, deps)))
        await _serve(Server(create_app(deps), deps.live.close), stop)
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN):
                await deps.outbox.drained()


async def _serve(server: Server, stop: asyncio.Event) -> None:
    with socket.create_server(("0.0.0.0", PORT)) as listener:  # noqa: S104 - a container's own network
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        server.stop()
        await serving


if __name__ == "__main__":
    run(main)
