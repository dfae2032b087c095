"""The suite that every store passes."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.chassis.errors import DependencyDown, Duplicate
from services.chassis.store import Store
from services.chassis.store_sqlite import SqliteStore


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = SqliteStore(tmp_path / "store.sqlite")
    yield store
    await store.close()


async def test_an_inserted_document_is_read_back_whole(store: Store):
    """get returns what insert wrote, nested values, Unicode and all."""
    document = {"_id": "a", "name": "Чай", "list": [1, 2.5, None], "deep": {"yes": True}}

    await store.insert("things", document)

    assert document == await store.get("things", "a")


async def test_a_second_insert_of_an_id_is_refused_and_changes_nothing(store: Store):
    """insert raises Duplicate for an id that is written, and the first document stays."""
    await store.insert("things", {"_id": "a", "n": 1})

    with pytest.raises(Duplicate, match="a already"):
        await store.insert("things", {"_id": "a", "n": 2})

    assert {"_id": "a", "n": 1} == await store.get("things", "a")


async def test_insert_many_writes_only_what_is_new(store: Store):
    """insert_many counts the new documents and leaves the written ones."""
    await store.insert("things", {"_id": "a", "n": 1})

    count = await store.insert_many("things", [{"_id": "a", "n": 2}, {"_id": "b", "n": 3}])

    assert 1 == count
    assert {"a": {"_id": "a", "n": 1}, "b": {"_id": "b", "n": 3}} == await store.get_many("things", ["a", "b", "c"])


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        (None, ["a", "b", "c"]),
        ({"n": 2}, ["b"]),
        ({"n": {"$gte": 2}}, ["b", "c"]),
        ({"n": {"$gt": 1, "$lt": 3}}, ["b"]),
        ({"n": {"$in": [1, 3]}}, ["a", "c"]),
        ({"kind": None}, ["c"]),
        ({"kind": {"$ne": "x"}}, ["b", "c"]),
        ({"kind": "x", "n": 1}, ["a"]),
    ],
)
async def test_find_returns_what_all_conditions_hold_for(store: Store, where: dict | None, ids: list[str]):
    """find and count agree, and an absent field equals None."""
    await store.insert_many(
        "things", [{"_id": "a", "n": 1, "kind": "x"}, {"_id": "b", "n": 2, "kind": "y"}, {"_id": "c", "n": 3}]
    )

    assert ids == [document["_id"] for document in await store.find("things", where)]
    assert len(ids) == await store.count("things", where)


async def test_find_sorts_skips_and_limits(store: Store):
    """sort goes field by field, skip and limit cut a page out of the order."""
    await store.insert_many("things", [{"_id": str(n), "even": n % 2, "n": n} for n in range(6)])

    page = await store.find("things", sort=(("even", 1), ("n", -1)), skip=1, limit=3)

    assert ["2", "0", "5"] == [document["_id"] for document in page]


async def test_replace_writes_new_and_written_documents(store: Store):
    """replace takes several documents, those that exist and those that do not."""
    await store.replace("things", {"_id": "a", "n": 1})
    await store.replace("things", {"_id": "a", "n": 2}, {"_id": "b", "n": 3})

    assert [2, 3] == [document["n"] for document in await store.find("things")]


async def test_a_collection_may_have_any_name(store: Store):
    """A collection named like a word of SQL is one like any other."""
    await store.insert("references", {"_id": "a"})
    await store.replace("references", {"_id": "a", "n": 1})

    assert [{"_id": "a", "n": 1}] == await store.find("references", {"n": 1})
    assert (1, 1) == (await store.count("references"), await store.delete("references", ["a"]))


async def test_delete_says_how_many_there_were(store: Store):
    """delete removes documents by id and counts those that existed."""
    await store.insert_many("things", [{"_id": "a"}, {"_id": "b"}])

    assert 1 == await store.delete("things", ["a", "z"])
    assert 1 == await store.count("things")


async def test_two_processes_share_one_store(store: Store, tmp_path: Path):
    """A second connection sees what the first wrote, and may write too."""
    other = SqliteStore(tmp_path / "store.sqlite")
    await store.insert("things", {"_id": "a"})

    await other.insert("things", {"_id": "b"})

    assert 2 == await store.count("things")
    await other.close()


async def test_an_unreachable_store_says_so(tmp_path: Path):
    """A store whose folder cannot be made is a dependency that is down."""
    (tmp_path / "file").write_text("")
    store = SqliteStore(tmp_path / "file" / "store.sqlite")

    with pytest.raises(DependencyDown, match="does not answer"):
        await store.count("things")


async def test_an_unknown_operator_is_refused(store: Store):
    """A condition that the store does not know is an error of ours, not an empty answer."""
    with pytest.raises(ValueError, match="no operator"):
        await store.find("things", {"n": {"$where": "1"}})


def test_a_store_that_was_closed_while_it_opened_leaves_no_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """On a slow disk a command may be interrupted before its store is open: it still ends, and in silence."""
    connect, opening, failed = sqlite3.connect, threading.Event(), []

    def slowly(*args, **kwargs):
        opening.set()
        threading.Event().wait(0.1)  # the disk
        return connect(*args, **kwargs)

    async def interrupted() -> None:
        store = SqliteStore(tmp_path / "store.sqlite")
        reading = asyncio.create_task(store.get("things", "a"))
        await asyncio.to_thread(opening.wait, 10)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await store.close()

    monkeypatch.setattr("aiosqlite.core.sqlite3.connect", slowly)
    monkeypatch.setattr(threading, "excepthook", failed.append)
    before = set(threading.enumerate())
    asyncio.run(interrupted())
    left = set(threading.enumerate()) - before
    for thread in left:
        thread.join(10)

    assert [] == [thread for thread in left if thread.is_alive()]
    assert [] == failed
