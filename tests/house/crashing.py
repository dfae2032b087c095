"""A bus and a store that stop the world at one point, as `kill -9` does: before or after an operation took effect."""

import asyncio
from collections.abc import Iterable, Sequence

from services.chassis.bus_local import LocalBus
from services.chassis.store import Document, Where
from services.chassis.store_sqlite import SqliteStore
from services.chassis.wire import Delivery, Message


class Points:
    """Counts the points that were passed; at point `stop` everything stands still for ever, and `stopped` is set."""

    def __init__(self, stop: int | None) -> None:
        self.stop = stop
        self.passed: list[str] = []
        self.stopped = asyncio.Event()

    async def at(self, name: str) -> None:
        if not self.stopped.is_set():
            self.passed.append(name)
            if self.stop != len(self.passed):
                return
            self.stopped.set()
        await asyncio.Event().wait()


class CrashingBus(LocalBus):
    def __init__(self, points: Points, *args: object) -> None:
        super().__init__(*args)
        self.points = points

    async def publish(self, message: Message, *, confirm: bool = True) -> None:
        if message.key in {"status.reported", "journal.tick"}:
            await super().publish(message, confirm=confirm)
            return
        await self.points.at(f"before publish {message.key}")
        await super().publish(message, confirm=confirm)
        await self.points.at(f"after publish {message.key}")

    async def ack(self, delivery: Delivery) -> None:
        if delivery.message.key == "journal.tick":
            await super().ack(delivery)
            return
        await self.points.at(f"before ack {delivery.queue} {delivery.message.key}")
        await super().ack(delivery)
        await self.points.at(f"after ack {delivery.queue} {delivery.message.key}")


class CrashingStore(SqliteStore):
    points: Points

    async def insert(self, collection: str, document: Document) -> None:
        await self.points.at(f"before insert {collection}")
        await super().insert(collection, document)
        await self.points.at(f"after insert {collection}")

    async def insert_many(self, collection: str, documents: Sequence[Document]) -> int:
        await self.points.at(f"before insert {collection}")
        count = await super().insert_many(collection, documents)
        await self.points.at(f"after insert {collection}")
        return count

    async def replace(self, collection: str, *documents: Document) -> None:
        if collection == "agents":
            await super().replace(collection, *documents)
            return
        await self.points.at(f"before replace {collection}")
        await super().replace(collection, *documents)
        await self.points.at(f"after replace {collection}")

    async def delete(self, collection: str, keys: Iterable[str]) -> int:
        await self.points.at(f"before delete {collection}")
        count = await super().delete(collection, keys)
        await self.points.at(f"after delete {collection}")
        return count

    async def find(
        self,
        collection: str,
        where: Where | None = None,
        *,
        sort: Sequence[tuple[str, int]] = (("_id", 1),),
        limit: int = 0,
        skip: int = 0,
    ) -> list[Document]:
        if self.points.stopped.is_set():
            await asyncio.Event().wait()
        return await super().find(collection, where, sort=sort, limit=limit, skip=skip)
