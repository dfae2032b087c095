"""The whole house in one process: the services' handlers, the journal, the sidecar and the gateway on the local bus."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from importlib import import_module
from types import TracebackType
from typing import Self

import structlog

from contracts.status import AgentStatus
from services.chassis.bus_local import LocalBus
from services.chassis.cause import Cause
from services.chassis.files import LocalFiles
from services.chassis.house_lock import HouseLock
from services.chassis.office import OfficeReporter
from services.chassis.perform import Tools
from services.chassis.pool import Ended, Pool
from services.chassis.service import Handler, Service
from services.chassis.settings import Settings
from services.chassis.store import Store
from services.chassis.store_sqlite import SqliteStore
from services.chassis.ticker import run_ticker
from services.chassis.topology import WORKERS
from services.chassis.wire import Message
from services.chassis.worker_local import Heavy, LocalWorker
from services.gateway.accept import republish
from services.gateway.app import create_app
from services.gateway.deps import Deps
from services.gateway.live import Live
from services.heartbeat.relay import Relay
from services.heartbeat.sidecar import Sidecar
from services.journal.journal import Journal

log = structlog.get_logger(__name__)
_DRAIN = 5.0
_PULSE = 30.0


class House:
    """`async with House(settings) as house:` opens the house of `settings.home`; leaving stops it cleanly.

    Raises `HouseInUse` when another process has the folder. What was accepted and is not done when the house stops,
    or is killed, is sent again when it opens.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        bus: LocalBus | None = None,
        store: Store | None = None,
        heavy: Callable[["House", str], Heavy] | None = None,
        services: Mapping[str, Service] | None = None,
        grace: float = 60.0,
        pause: float = 1.0,
    ) -> None:
        self.settings = settings
        self.bus = bus or LocalBus()
        self.store = store or SqliteStore(settings.home / "store.sqlite")
        self.files = LocalFiles(settings.home / "files")
        self._lock = HouseLock(settings.home)
        self._pool = None if heavy else Pool(settings)
        self._heavy = heavy or House._in_children
        self._services = services
        self._grace, self._pause = grace, pause
        self._tasks: set[asyncio.Task[None]] = set()
        self._stack = AsyncExitStack()
        self._deps = Deps(self.bus, self.store, self.files, settings, Live())
        self.app = create_app(self._deps)

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except BaseException:
            await self.stop()  # a house that could not be opened leaves no lock, no process and no task behind
            raise
        return self

    async def _open(self) -> None:
        self._lock.acquire()
        self._stack.callback(self._lock.release)
        self._stack.push_async_callback(self.store.close)
        if self._pool is not None:
            self._pool.start()
            self._stack.callback(self._pool.close)
        self.relay = Relay.of(self.settings)
        if self.relay is not None:
            self._keep("relay", self.relay.run)
        own = _OwnOffice(self.store)
        self.sidecar = Sidecar(self.bus, [own, self.relay] if self.relay else [own], self.settings)
        for agent in await own.known():
            self.sidecar.recall(agent)
        self._keep("heartbeat", self.sidecar.run)
        self._keep("live", lambda: self._deps.live.run(self.bus))
        await asyncio.sleep(0)  # the listeners hear what is said from here on
        self.journal = Journal(
            self.bus,
            self.store,
            self.files,
            self.settings,
            self._reporter("journal"),
            self.bus,
            grace=self._grace,
            pause=self._pause,
        )
        self._keep("journal", self.journal.run)
        for name in WORKERS:
            worker = self._worker(name)
            self._keep(name, worker.run)
        sent = await self.journal.sweep.resend_all()
        if sent:
            log.warning("unfinished work is sent again", runs=sent)
        self._keep("republish", lambda: republish(self._deps))

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_DRAIN):
                    await self._deps.outbox.drained()
                    await self.bus.drained("journal")
            await self.sidecar.flush()
            if self.relay is not None:
                await self.relay.finish()
        finally:
            await self.stop()

    async def stop(self) -> None:
        """Stop at once, whatever is under way."""
        self._deps.outbox.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.bus.close()
        await self._stack.aclose()

    async def settle(self) -> None:
        """Wait until no queue holds anything and nothing is under way."""
        await self._deps.outbox.drained()
        await self.bus.drained()

    def serving(self, url: str) -> None:
        """Tell other processes where this house serves, so that their commands come here."""
        self._lock.say(url)

    def close_streams(self) -> None:
        """End the live streams of events, which would hold a server that stops."""
        self._deps.live.close()

    def start_ticker(self) -> None:
        """Run the schedule from now on."""
        self._keep("ticker", lambda: run_ticker(self.bus, self.settings))

    def tools(self, service: str) -> Tools:
        """What a service's handlers stand on."""
        return Tools(self.bus, self.store, self.files, self._reporter(service), self.settings)

    def _worker(self, name: str) -> LocalWorker:
        service: Service = self._services[name] if self._services else import_module(f"services.{name}.tasks").service
        children = self._pool.size if self._pool else 1
        tools = self.tools(name)
        self._keep(f"{name} pulse", lambda: _pulse(tools.reporter))
        return LocalWorker(service, self.bus, tools, self._heavy(self, name), children)

    def _in_children(self, service: str) -> Heavy:
        assert self._pool is not None
        pool = self._pool

        async def publish(message: Message, confirm: bool) -> None:  # noqa: FBT001 - the pool's signature
            await self.bus.publish(message, confirm=confirm)

        async def heavy(handler: Handler, cause: Cause, limit: float) -> Ended:
            del handler  # the child finds it by the cause's key
            return await pool.run(service, cause, limit, publish)

        return heavy

    def _reporter(self, service: str) -> OfficeReporter:
        loop = asyncio.get_running_loop()

        def send(message: Message) -> None:
            loop.call_soon_threadsafe(self._spawn, self.bus.publish(message, confirm=False))

        return OfficeReporter(send, service, self.settings)

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        assert isinstance(task, asyncio.Task)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _keep(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Keep a part of the house going: one that fails is logged and started again."""

        async def forever() -> None:
            while True:
                try:
                    await work()
                    return
                except Exception:
                    log.exception("a part of the house failed, it is started again", part=name)
                    if (task := asyncio.current_task()) and task.cancelling():
                        return  # it failed while it was stopped, and its error took the place of the cancellation
                    await asyncio.sleep(1)

        self._spawn(forever())


class _OwnOffice:
    """The office of the embedded house: the gateway's agents, written as the sidecar's own PUT would."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def known(self) -> list[AgentStatus]:
        return [AgentStatus.from_json(json.dumps(document)) for document in await self._store.find("agents")]

    async def put(self, agent: AgentStatus) -> None:
        await self._store.replace("agents", {"_id": agent.agent_id, **agent.model_dump(mode="json", exclude_none=True)})


async def _pulse(reporter: OfficeReporter) -> None:
    while True:
        await asyncio.sleep(_PULSE)
        reporter.heartbeat()
