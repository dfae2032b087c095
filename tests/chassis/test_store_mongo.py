"""What only a store behind a network can get wrong: nobody there, a silence, a death, and what it alone refuses."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import MongoClient
from pymongo.errors import BulkWriteError

from services.chassis.errors import DependencyDown
from services.chassis.store import INDEXES
from services.chassis.store_mongo import MongoStore
from tests.compose.project import Project


@pytest.fixture(scope="module")
def own(engine: Callable[[str], Project]) -> Iterator[Project]:
    """A store of these tests alone, which they may freeze and kill."""
    project = engine("store")
    try:
        project.up("store")
        yield project
    finally:
        project.down()


def address(own: Project) -> str:
    """Where it is now: with every start the machine gives it another port."""
    return f"mongodb://{own.compose('port store 27017').strip()}/scout"


async def test_a_store_that_nobody_runs_is_down():
    """Within its 5 s the store says that it was not reached, where, and what to look at, without the password."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        store = MongoStore(f"mongodb://someone:secret@127.0.0.1:{nobody.getsockname()[1]}/scout")
        since = time.monotonic()

        with pytest.raises(DependencyDown, match=r"store 127\.0\.0\.1:\d+ does not answer .*MongoDB run") as down:
            await store.get("things", "a")

    assert time.monotonic() - since < 8
    assert "secret" not in str(down.value)
    await store.close()


async def test_a_store_that_is_silent_is_down_until_it_speaks(own: Project):
    """A frozen store ends in DependencyDown after its timeouts; thawed, the same client goes on."""
    store = MongoStore(address(own))
    await store.insert("things", {"_id": "a"})
    own.compose("pause store")
    since = time.monotonic()
    try:
        with pytest.raises(DependencyDown):
            await store.insert("things", {"_id": "b"})
        assert time.monotonic() - since < 20
    finally:
        own.compose("unpause store")

    await written(store, "c")
    assert {"a", "c"} <= {document["_id"] for document in await store.find("things")}
    await store.close()


async def test_what_was_acknowledged_outlives_the_store(own: Project):
    """Killed in the middle of writing and started again, the store has every document that it said it had."""
    store, said = MongoStore(address(own)), list[str]()

    async def write() -> None:
        for n in range(10_000):
            try:
                await store.insert("events", {"_id": str(n), "type": "t"})
            except DependencyDown:
                return
            said.append(str(n))

    writing = asyncio.create_task(write())
    while len(said) < 100:  # noqa: ASYNC110 - a list sets no event
        await asyncio.sleep(0.01)
    await asyncio.to_thread(own.compose, "kill store")
    await writing
    await asyncio.to_thread(own.up, "store")
    await store.close()

    again = MongoStore(address(own))
    assert set(said) <= {document["_id"] for document in await again.find("events")}
    await again.close()


async def written(store: MongoStore, key: str) -> None:
    """Insert a document as soon as the store takes it."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await store.insert("things", {"_id": key})
            except DependencyDown:
                await asyncio.sleep(0.2)


async def test_what_is_found_by_a_field_has_its_index(mongo_url: str):
    """The first write to a collection makes its indexes; one that is only read is not made by reading."""
    store = MongoStore(mongo_url)
    await store.find("runs")
    await store.insert("events", {"_id": "a"})

    with MongoClient[dict[str, object]](mongo_url) as client:
        database = client.get_default_database()
        made = [tuple(index["key"]) for index in database["events"].list_indexes()]
        assert ["events"] == database.list_collection_names()
    assert {("_id",), *INDEXES["events"]} == set(made)
    await store.close()


async def test_what_no_attempt_can_write_is_an_error_of_the_document(mongo_url: str):
    """A document over the store's limit is refused as itself, since a dependency that is down is waited for."""
    store = MongoStore(mongo_url)

    with pytest.raises(Exception, match="too large") as refused:
        await store.insert("things", {"_id": "a", "text": "x" * 17 * 2**20})

    assert not isinstance(refused.value, DependencyDown)
    await store.close()


async def test_an_error_list_is_not_believed(mongo_url: str, monkeypatch: pytest.MonkeyPatch):
    """When a bulk insert fails, what is there is read back, and what is not there is inserted again."""
    store, insert_many = MongoStore(mongo_url), AsyncIOMotorCollection.insert_many
    wrong = [BulkWriteError({"nInserted": 1, "writeErrors": [{"index": 0, "code": 11000, "errmsg": "b"}]})]

    async def half(collection: AsyncIOMotorCollection, documents: list[dict], **options: bool) -> object:
        if wrong:
            await insert_many(collection, documents[:1])
            raise wrong.pop()
        return await insert_many(collection, documents, **options)

    monkeypatch.setattr(AsyncIOMotorCollection, "insert_many", half)

    assert 3 == await store.insert_many("things", [{"_id": "a"}, {"_id": "b"}, {"_id": "c"}])
    assert 3 == await store.count("things")
    await store.close()


def test_a_store_serves_one_loop_after_another(mongo_url: str):
    """Closed in the loop that it was opened in, a store opens again in the next."""
    store = MongoStore(mongo_url)

    async def add(key: str) -> int:
        await store.insert("things", {"_id": key})
        count = await store.count("things")
        await store.close()
        return count

    assert [1, 2] == [asyncio.run(add(key)) for key in "ab"]
