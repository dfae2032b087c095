"""What only the store of the embedded house can get wrong: its transactions, and its one connection."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import aiosqlite
import pytest

from services.chassis.errors import DependencyDown
from services.chassis.store_sqlite import SqliteStore


async def test_a_write_that_is_cancelled_leaves_the_store_open_to_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A batch that was given up holds no transaction: the next writer writes, and another process sees it."""
    store, other = SqliteStore(tmp_path / "s.sqlite"), SqliteStore(tmp_path / "s.sqlite")
    await store.insert("things", {"_id": "a"})
    begun, go_on, execute = asyncio.Event(), asyncio.Event(), aiosqlite.Connection.executemany

    async def slowly(db: aiosqlite.Connection, statement: str, rows: list[tuple[str, str]]) -> aiosqlite.Cursor:
        begun.set()
        await go_on.wait()
        return await execute(db, statement, rows)

    monkeypatch.setattr(aiosqlite.Connection, "executemany", slowly)
    writing = asyncio.create_task(store.insert_many("things", [{"_id": "b"}]))
    await begun.wait()
    writing.cancel()
    go_on.set()
    await asyncio.gather(writing, return_exceptions=True)

    assert 1 == await store.insert_many("things", [{"_id": "c"}])
    await store.insert("things", {"_id": "d"})
    assert {"a", "c", "d"} <= {document["_id"] for document in await other.find("things")}
    await store.close()
    await other.close()


async def test_a_write_that_fails_is_rolled_back(tmp_path: Path):
    """What the store cannot take is the caller's error; it takes nothing of it, and goes on with the next."""
    store = SqliteStore(tmp_path / "s.sqlite")

    with pytest.raises(UnicodeEncodeError):
        await store.replace("things", {"_id": "a"}, {"_id": "b", "text": "\ud800"})

    await store.replace("things", {"_id": "c"})
    assert ["c"] == [document["_id"] for document in await store.find("things")]
    await store.close()


async def test_the_store_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """All parts of a house that start at once share one connection."""
    opened, connect = [], aiosqlite.connect

    def counted(*args: object, **options: object) -> aiosqlite.Connection:
        opened.append(args)
        return connect(*args, **options)  # type: ignore[arg-type] # whatever the store gave

    monkeypatch.setattr(aiosqlite, "connect", counted)
    store = SqliteStore(tmp_path / "s.sqlite")
    await asyncio.gather(*(store.count("things") for _ in range(5)))

    assert 1 == len(opened)
    await store.close()


async def test_an_unreachable_store_says_so(tmp_path: Path):
    """A store whose folder cannot be made is a dependency that is down."""
    (tmp_path / "file").write_text("")
    store = SqliteStore(tmp_path / "file" / "store.sqlite")

    with pytest.raises(DependencyDown, match="does not answer"):
        await store.count("things")


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
