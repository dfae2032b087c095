"""One connection to RabbitMQ through aio-pika, made again whenever it is lost."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
from aio_pika import Connection
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import CONNECTION_EXCEPTIONS
from yarl import URL

from services.chassis.errors import DependencyDown, ScoutError

log = structlog.get_logger(__name__)
TIMEOUT = 5
BROKEN = CONNECTION_EXCEPTIONS
"""What aio-pika raises when a channel or a connection is closed, refused or silent."""
_HEARTBEAT = 10
_PAUSE = 1.0


class Link:
    """A connection under a name that people see. `patience` (s) is how long the first attempt may take."""

    def __init__(self, url: str, name: str, patience: float) -> None:
        self._url, self._name, self._patience = URL(url).update_query(heartbeat=_HEARTBEAT), name, patience
        if self._url.scheme not in {"amqp", "amqps"} or not self._url.host:
            raise ScoutError(
                "SCOUT_BROKER_URL is no address of RabbitMQ. It looks like amqp://USER:PASSWORD@rabbitmq/scout; "
                "`just env` writes one for each service."
            )
        self._connection: AbstractConnection | None = None
        self._up, self._lost = asyncio.Event(), asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    @property
    def user(self) -> str:
        """Who connects."""
        return self._url.user or "guest"

    @property
    def where(self) -> str:
        """The broker's address, without user and password."""
        return f"{self._url.host}:{self._url.port}{self._url.path}"

    @property
    def connected(self) -> bool:
        """Whether the connection is there, as far as this side knows."""
        return self._up.is_set()

    async def open(self) -> None:
        """Connect; raises `DependencyDown` when the broker did not answer, or did not let us in, all the while."""
        give_up, told = time.monotonic() + self._patience, False
        while True:
            try:
                await self._connect()
                break
            except BROKEN as exc:
                if time.monotonic() >= give_up:
                    raise DependencyDown(self._why(exc)) from exc
                if not told:
                    log.warning("waiting for RabbitMQ", seconds=self._patience, error=self._why(exc))
                    told = True
            await asyncio.sleep(_PAUSE)
        self._keeper = asyncio.create_task(self._keep())

    async def close(self) -> None:
        """Let go of the connection; a broker that does not answer is not waited for."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        self._up.clear()
        if self._connection is not None:
            await _let_go(self._connection)

    async def channel(self, *, confirms: bool = True) -> AbstractChannel:
        """A new channel, within 5 s; raises what `BROKEN` holds, a `TimeoutError` when the connection is away."""
        with ours():
            async with asyncio.timeout(TIMEOUT):
                await self._up.wait()
                assert self._connection is not None
                channel = self._connection.channel(publisher_confirms=confirms, on_return_raises=confirms)
                await channel.initialize()
                return channel

    async def _connect(self) -> None:
        lost = asyncio.Event()
        connection = Connection(self._url, client_properties={"connection_name": self._name})
        connection.close_callbacks.add(lambda *_: lost.set())
        try:
            with ours():
                await connection.connect(timeout=TIMEOUT)
        except BaseException:
            await _let_go(connection)  # else it would close itself when it is collected, in whatever loop that is
            raise
        self._connection, self._lost = connection, lost
        self._up.set()

    async def _keep(self) -> None:
        while True:
            await self._lost.wait()
            self._up.clear()
            log.warning("broker lost", broker=self.where)
            assert self._connection is not None
            await _let_go(self._connection)
            while not self._up.is_set():
                try:
                    await self._connect()
                except Exception as exc:  # noqa: BLE001 - whatever it is, the house waits for its broker
                    log.info("broker not reached, tried again", broker=self.where, error=repr(exc))
                    await asyncio.sleep(_PAUSE)
            log.warning("broker back", broker=self.where)

    def _why(self, exc: BaseException) -> str:
        why = str(exc) or type(exc).__name__
        if "Connection.Close" in why:  # all that the library says when it is thrown out at the last step
            why = "there is no such virtual host, or this user has no right on it"
        return (
            f"RabbitMQ at {self.where} does not let user {self.user} in: {why}. Check that it runs (docker compose ps "
            "rabbitmq), that the topology was put on it (docker compose run --rm topology) and SCOUT_BROKER_URL."
        )


async def _let_go(connection: AbstractConnection) -> None:
    with suppress(Exception), ours():
        async with asyncio.timeout(TIMEOUT):
            await connection.close()


@contextmanager
def ours() -> Iterator[None]:
    """aio-pika ends what waits on a dead connection in `CancelledError`; only one that is ours is one."""
    try:
        yield
    except asyncio.CancelledError as exc:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise ConnectionError("the connection was lost") from exc
