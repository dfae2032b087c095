"""The journal as a process: `python -m services.journal`. Any number may run; the broker lets one of them consume."""

import asyncio
from contextlib import suppress
from functools import partial

from services.chassis.bus_aio import AioBus
from services.chassis.entry import beat, kept, needed, run
from services.chassis.errors import DependencyDown, PublishFailed
from services.chassis.files import LocalFiles
from services.chassis.office import OfficeReporter
from services.chassis.pulse import Pulse
from services.chassis.settings import Settings
from services.chassis.store import Store
from services.chassis.stores import open_store
from services.chassis.wire import Message
from services.journal.journal import Journal


async def main(settings: Settings, stop: asyncio.Event) -> None:
    """Write down what is told until `stop`; what is not acknowledged then is delivered to the next one."""
    store = open_store(settings)
    try:
        async with AioBus(needed(settings.broker_url, "SCOUT_BROKER_URL", "RabbitMQ as user journal")) as bus:
            files = LocalFiles(settings.home / "files")
            journal = Journal(bus, store, files, settings, _reporter(bus, settings), bus)
            lives = partial(_consumes, bus, store)
            async with kept(journal=journal.run, pulse=lambda: beat(Pulse(settings), lives)):
                await stop.wait()
    finally:
        await store.close()


def _reporter(bus: AioBus, settings: Settings) -> OfficeReporter:
    said: set[asyncio.Task[None]] = set()

    async def publish(message: Message) -> None:
        with suppress(PublishFailed):  # a status that is lost is followed by a newer one
            await bus.publish(message, confirm=False)

    def send(message: Message) -> None:
        task = asyncio.ensure_future(publish(message))
        said.add(task)  # the loop alone would let go of a task that nobody waits for
        task.add_done_callback(said.discard)

    return OfficeReporter(send, "journal", settings)


async def _consumes(bus: AioBus, store: Store) -> bool:
    """Whether broker and store are both there: without its store the journal lets go of its queues."""
    try:
        await store.get("markets", "-")
    except DependencyDown:
        return False
    return bus.connected


if __name__ == "__main__":
    run(main)
