"""The journal's loop: batches of events, dead letters, its own tick, and the sweep while it is the active one."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import structlog
from pydantic import ValidationError

from contracts.catalog import EVENTS
from contracts.run import JournalTick
from services.chassis.answers import stamp
from services.chassis.bus import Bus
from services.chassis.cause import Cause, parse
from services.chassis.errors import DependencyDown, PublishFailed, Refused
from services.chassis.files import Files
from services.chassis.office import HOST, OfficeReporter
from services.chassis.settings import Settings
from services.chassis.store import Store
from services.chassis.topology import WORKERS
from services.chassis.wire import Delivery, envelope_for, event_message, parse_event
from services.journal.batch import Writer
from services.journal.cleanup import delete_expired
from services.journal.counters import DayCounter
from services.journal.letters import record
from services.journal.orphans import Orphans
from services.journal.sweep import Backlog, Sweep

log = structlog.get_logger(__name__)
BATCH = 500
_WITHIN = 0.05
_GIVE_UP = 10
_TICK = 10.0
_SILENCE = 30.0
_DOWN = (DependencyDown, PublishFailed, TimeoutError)
"""What is over when the store or the broker is back; anything else is wrong with the message."""


class Journal:
    """The single writer of everything derived. `grace` is how long a dead letter waits before it ends its run."""

    def __init__(  # noqa: PLR0913 - it stands on every part of the chassis
        self,
        bus: Bus,
        store: Store,
        files: Files,
        settings: Settings,
        reporter: OfficeReporter,
        backlog: Backlog,
        *,
        grace: float = 60.0,
        pause: float = 1.0,
    ) -> None:
        self.writer = Writer(store, files, bus)
        self.sweep = Sweep(store, bus, self.writer, backlog, grace)
        self._bus, self._store, self._files = bus, store, files
        self._counter, self._orphans = DayCounter(store, settings, reporter), Orphans(store, files)
        self._boot, self._pause, self._size = str(uuid.uuid4()), pause, BATCH
        self._received_at = datetime.min.replace(tzinfo=UTC)

    async def run(self) -> None:
        """Work until cancelled. With the store down it lets its queues be, and comes back when the store answers."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._forever(self._consume_events))
            group.create_task(self._forever(self._every, _TICK, self._tick))
            group.create_task(self._forever(self._every, self._pause, self._sweep))
            for service in WORKERS:
                group.create_task(self._forever(self._consume_dead, service))

    @property
    def active(self) -> bool:
        """Whether this journal is the one that gets deliveries: the broker does not say, its own tick does."""
        return (datetime.now(UTC) - self._received_at).total_seconds() < _SILENCE

    async def _forever(self, work: Callable[..., Awaitable[None]], *args: object) -> None:
        while True:
            try:
                await work(*args)
            except* _DOWN as down:  # a group, where the work itself is one
                log.warning("journal waits for its store", error=repr(down.exceptions[0]))
            await asyncio.sleep(self._pause)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await work()
            await asyncio.sleep(seconds)

    async def _consume_events(self) -> None:
        inbox: asyncio.Queue[Delivery] = asyncio.Queue()
        async with self._bus.consume("journal", 2 * BATCH) as deliveries, asyncio.TaskGroup() as group:

            async def pump() -> None:
                async for delivery in deliveries:
                    inbox.put_nowait(delivery)

            group.create_task(pump())
            while True:
                batch = [await inbox.get()]
                ends = asyncio.get_running_loop().time() + _WITHIN
                while len(batch) < self._size and asyncio.get_running_loop().time() < ends:
                    if inbox.empty():
                        await asyncio.sleep(_WITHIN / 10)
                    else:
                        batch.append(inbox.get_nowait())
                self._received_at = datetime.now(UTC)
                self._size = max(1, self._size // 2)  # a store that is slow is asked for less the next time
                async with asyncio.timeout(_GIVE_UP):
                    await self.take(batch)
                self._size = min(BATCH, 4 * self._size)

    async def take(self, batch: list[Delivery]) -> None:
        """Write one batch and answer its deliveries."""
        told = [(delivery, cause) for delivery in batch if (cause := await self._cause(delivery)) is not None]
        if told:
            await self._take(told)
        for delivery in batch:
            await self._bus.ack(delivery)

    async def _take(self, told: Sequence[tuple[Delivery, Cause]]) -> None:
        """Write and derive; what cannot be derived becomes a dead letter of the journal and holds up nothing else."""
        try:
            written = await self.writer.write([cause for _, cause in told])
            await delete_expired(self._store, self._files, self.writer, written)
            await self.writer.derive(written)  # after the deletion: the end of a run is told when all of it is done
            await self._counter.count(written)
        except _DOWN:
            raise
        except Exception as exc:
            if len(told) > 1:
                half = len(told) // 2
                await self._take(told[:half])
                await self._take(told[half:])
                return
            ((delivery, cause),) = told
            log.exception("event not derived", event_id=cause.id, run_id=cause.run_id)
            await record(self._store, "journal", delivery, f"{type(exc).__name__}: {exc}")

    async def _cause(self, delivery: Delivery) -> Cause | None:
        """What a delivery tells, if it is to be written; what cannot be read becomes a dead letter of the journal."""
        try:
            cause = parse(delivery, "journal")
            if not EVENTS[cause.key].stored:
                return None
            parse_event(cause.key, cause.body)
        except (Refused, ValidationError, LookupError, ValueError) as exc:
            await record(self._store, "journal", delivery, f"refused: {_why(exc)}")
            return None
        return cause

    async def _consume_dead(self, service: str) -> None:
        async with self._bus.consume(f"{service}.dead", 50) as deliveries:
            async for delivery in deliveries:
                run_id = await record(self._store, service, delivery)
                if run_id is not None:
                    await self.writer.derive_runs([run_id])
                await self._bus.ack(delivery)

    async def _tick(self) -> None:
        event_id, now = str(uuid.uuid4()), datetime.now(UTC)
        event = JournalTick(boot=self._boot)
        await self._bus.publish(
            event_message(event, envelope_for(event, event_id, "journal", now, event_id, None, ""), HOST)
        )

    async def _sweep(self) -> None:
        if not self.active:
            return
        try:
            await self.sweep.once(stamp(datetime.now(UTC)))
            await self._counter.midnight()
            await self._orphans.once(datetime.now(UTC))
        except _DOWN:
            raise
        except Exception:
            log.exception("sweep failed, tried again")  # what it stumbles on must not keep events from being written


def _why(exc: Exception) -> str:
    """What is wrong, in a line that names the field."""
    if not isinstance(exc, ValidationError):
        return str(exc)
    first = exc.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'body'}: {first['msg']}"
