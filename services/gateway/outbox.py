"""The outbox: what was accepted is told until the broker confirms it, while its asker has the answer already."""

import asyncio

import structlog

from services.chassis.bus import Publisher
from services.chassis.errors import PublishFailed
from services.chassis.wire import Message

log = structlog.get_logger(__name__)
_LONGEST = 30.0


class Outbox:
    """Publishes in the background. `pause` in seconds before the first repeat; each further one waits twice as long."""

    def __init__(self, pause: float = 0.2) -> None:
        self._pause = pause
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, publisher: Publisher, *messages: Message) -> None:
        """Publish these in their order, each until it is confirmed."""
        task = asyncio.create_task(self._send(publisher, messages))
        self._tasks.add(task)  # the loop alone would let go of a task that nobody waits for
        task.add_done_callback(self._done)

    async def drained(self) -> None:
        """Wait until everything that was sent so far is confirmed."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """Stop repeating: what is not confirmed is sent again by the sweep."""
        for task in self._tasks:
            task.cancel()

    async def _send(self, publisher: Publisher, messages: tuple[Message, ...]) -> None:
        for message in messages:
            pause = self._pause
            while True:
                try:
                    await publisher.publish(message)
                    break
                except PublishFailed as exc:
                    log.warning("not published, tried again", key=message.key, run_id=message.id, error=str(exc))
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, _LONGEST)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("publishing ended with an error, the sweep sends it again", exc_info=error)
