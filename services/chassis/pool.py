"""Processes for heavy work in the embedded house: kept warm, one job at a time each, ended when over the limit."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Literal

import structlog

from services.chassis.cause import Cause
from services.chassis.errors import PublishFailed
from services.chassis.files import LocalFiles
from services.chassis.logs import configure_logs
from services.chassis.office import OfficeReporter
from services.chassis.perform import Tools, perform
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.store_sqlite import SqliteStore
from services.chassis.wire import Message

log = structlog.get_logger(__name__)
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS")

Publish = Callable[[Message, bool], Awaitable[None]]
Ended = Literal["done", "retried", "dead", "requeue", "lost"]


@dataclass
class _Child:
    process: BaseProcess
    pipe: Connection


class Pool:
    """`size` spawned processes; `run` takes the next free one, and a process that dies is replaced."""

    def __init__(self, settings: Settings) -> None:
        self.size = settings.workers or max(1, (os.cpu_count() or 2) - 1)
        self._settings = settings
        self._free: asyncio.Queue[_Child | None] = asyncio.Queue()
        self._threads = ThreadPoolExecutor(self.size, thread_name_prefix="pool")
        self._children: list[_Child] = []

    def start(self) -> None:
        """Make room for the processes; each is started when there is work for it."""
        for _ in range(self.size):
            self._free.put_nowait(None)

    async def run(self, service: str, cause: Cause, limit: float, publish: Publish) -> Ended:
        """Run one attempt whole in a child; "lost" when the child died or `limit` seconds were over."""
        child = await self._free.get()
        ended: Ended = "lost"
        try:
            if child is not None and not child.process.is_alive():  # it died idle, which is no attempt of this cause
                self._end(child)
                child = None
            child = child or self._spawn()
            child.pipe.send((service, cause))
            async with asyncio.timeout(limit):
                ended = await self._follow(child, publish)
        except (EOFError, OSError, TimeoutError) as exc:
            log.warning("attempt lost", task_id=cause.id, run_id=cause.run_id, error=repr(exc))
        finally:
            if ended == "lost" and child is not None:
                self._end(child)
                child = None
            self._free.put_nowait(child)
        return ended

    async def _follow(self, child: _Child, publish: Publish) -> Ended:
        """Publish what the child tells, and answer it, until it says how the attempt ended."""
        loop = asyncio.get_running_loop()
        while True:
            said = await loop.run_in_executor(self._threads, child.pipe.recv)
            if isinstance(said, str):
                return said  # type: ignore[return-value] # the child sends an `Ended` and nothing else
            message, confirm = said
            try:
                await publish(message, confirm)
                answer = None
            except PublishFailed as exc:
                answer = str(exc)
            if confirm:
                child.pipe.send(answer)

    def close(self) -> None:
        """End the processes at once; what they were doing is done again when it is sent again."""
        for child in list(self._children):
            self._end(child)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _spawn(self) -> _Child:
        for name in _ONE_THREAD:
            os.environ.setdefault(name, "1")
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=child_main, args=(theirs, self._settings), daemon=True)
        process.start()
        theirs.close()
        child = _Child(process, ours)
        self._children.append(child)
        return child

    def _end(self, child: _Child) -> None:
        self._children.remove(child)
        child.process.kill()
        child.process.join()
        child.pipe.close()


class _PipePublisher:
    """Publishes over the pipe to the house's bus."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    async def publish(self, message: Message, *, confirm: bool = True) -> None:
        self._pipe.send((message, confirm))
        if confirm and (failed := self._pipe.recv()) is not None:
            raise PublishFailed(failed)

    def send(self, message: Message) -> None:
        self._pipe.send((message, False))


def child_main(pipe: Connection, settings: Settings) -> None:
    """What a child does: one job after the other, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the house decides when its children end
    configure_logs(settings.log_level)
    publisher = _PipePublisher(pipe)
    services: dict[str, tuple[Service, Tools]] = {}
    store, files = SqliteStore(settings.home / "store.sqlite"), LocalFiles(settings.home / "files")
    with asyncio.Runner() as runner, contextlib.suppress(EOFError, OSError):
        while True:
            name, cause = pipe.recv()
            if name not in services:
                service: Service = import_module(f"services.{name}.tasks").service
                reporter = OfficeReporter(publisher.send, name, settings)
                services[name] = service, Tools(publisher, store, files, reporter, settings)
            service, tools = services[name]
            handler = service.handler(cause.key)
            assert handler is not None
            ending = runner.run(perform(handler, cause, tools))
            pipe.send(ending.kind)
    os._exit(0)
