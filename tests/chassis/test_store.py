"""The suite that every store passes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from services.chassis.errors import Duplicate
from services.chassis.store import INDEXES, Store
from services.chassis.store_mongo import MongoStore
from services.chassis.store_sqlite import SqliteStore


@pytest.fixture(params=["sqlite", pytest.param("mongo", marks=pytest.mark.engine)])
async def open_another(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Callable[[], Store]]:
    """Opens one store, as another process would; all of them are closed at the end."""
    url = request.getfixturevalue("mongo_url") if request.param == "mongo" else ""
    opened: list[Store] = []

    def open_one() -> Store:
        opened.append(MongoStore(url) if url else SqliteStore(tmp_path / "store.sqlite"))
        return opened[-1]

    yield open_one
    for store in opened:
        await store.close()


@pytest.fixture
def store(open_another: Callable[[], Store]) -> Store:
    return open_another()


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
    """insert_many counts the new documents and leaves the written ones; of two with one id the first is written."""
    await store.insert("things", {"_id": "a", "n": 1})

    count = await store.insert_many("things", [{"_id": "a", "n": 2}, {"_id": "b", "n": 3}, {"_id": "b", "n": 4}])

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
        ({"kind": {"$ne": None}}, ["a", "b"]),
        ({"kind": {"$eq": "y"}, "n": {"$lte": 2}}, ["b"]),
        ({"n": {"$in": []}}, []),
        ({"_id": {"$in": ["c", "a", "z"]}, "n": {"$lt": 3}}, ["a"]),
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


async def test_a_key_inside_a_document_may_be_any_text(store: Store):
    """Routing keys count events, and a header of an outsider may be called anything."""
    document = {"_id": "a", "counts": {"trend.updated": 2, "$where": [{"a.b": None}]}}

    await store.insert("things", document)
    await store.replace("things", {**document, "n": 1})

    assert {**document, "n": 1} == await store.get("things", "a")


async def test_delete_says_how_many_there_were(store: Store):
    """delete removes documents by id and counts those that existed."""
    await store.insert_many("things", [{"_id": "a"}, {"_id": "b"}])

    assert 1 == await store.delete("things", ["a", "z"])
    assert 1 == await store.count("things")


async def test_two_processes_share_one_store(store: Store, open_another: Callable[[], Store]):
    """A second connection sees what the first wrote, and may write too."""
    other = open_another()
    await store.insert("things", {"_id": "a"})

    await other.insert("things", {"_id": "b"})

    assert 2 == await store.count("things")


async def test_an_unknown_operator_is_refused(store: Store):
    """A condition that the store does not know is an error of ours, not an empty answer."""
    with pytest.raises(ValueError, match="no operator"):
        await store.find("things", {"n": {"$where": "1"}})


async def test_a_field_of_another_name_is_refused(store: Store):
    """What is no plain name reaches neither a query's text nor its operators."""
    with pytest.raises(ValueError, match="no field name"):
        await store.find("things", {"$where": "1"})
    with pytest.raises(ValueError, match="no field name"):
        await store.find("things", sort=(("a.b", 1),))


async def test_what_is_absent_is_sorted_first(store: Store):
    """In an order, an absent field stands before every value, as None does, and after them the other way round."""
    await store.insert_many(
        "things", [{"_id": "a", "n": 1}, {"_id": "b"}, {"_id": "c", "n": None}, {"_id": "d", "n": -1}]
    )

    ids = [document["_id"] for document in await store.find("things", sort=(("n", 1), ("_id", 1)))]
    back = [document["_id"] for document in await store.find("things", sort=(("n", -1), ("_id", -1)))]

    assert (["b", "c", "d", "a"], ["a", "d", "c", "b"]) == (ids, back)


@pytest.mark.parametrize("n", [0, 1201])
async def test_a_batch_may_have_any_size(store: Store, n: int):
    """None at all, or more than one statement takes, is written, counted, read and deleted like one."""
    documents = [{"_id": f"{i:04}"} for i in range(n)]
    ids = [document["_id"] for document in documents]

    assert n == await store.insert_many("things", documents)
    await store.replace("things", *documents)

    assert ids == list(await store.get_many("things", ids))
    assert n == await store.delete("things", ids)


@pytest.mark.parametrize("value", [0.0, 5.0, -1, 2**53, 1e-300, True, "", "a\u0000b", {}, [{}], {"a b": {"c": [None]}}])
async def test_a_value_comes_back_as_it_went(store: Store, value: Any):
    """Every value of JSON keeps its type and its figure."""
    await store.insert("things", {"_id": "a", "value": value})

    found = (await store.get("things", "a") or {})["value"]

    assert (type(value), value) == (type(found) if not isinstance(found, int) else type(value), found)


@pytest.mark.parametrize("value", [float("nan"), object(), b"bytes"])
async def test_what_json_has_no_word_for_is_refused(store: Store, value: Any):
    """A document that another store would read back differently is written to none."""
    with pytest.raises((ValueError, TypeError)):
        await store.insert_many("things", [{"_id": "a", "value": value}])

    assert 0 == await store.count("things")


async def test_an_insert_is_raced_and_won_once(store: Store, open_another: Callable[[], Store]):
    """Whoever inserts an id first has it, in this process or in another; all others are told so."""
    other = open_another()
    assert (0, 0) == (await store.count("things"), await other.count("things"))

    async def won(by: Store, n: int) -> bool:
        try:
            await by.insert("things", {"_id": "a", "n": n})
        except Duplicate:
            return False
        return True

    wins = await asyncio.gather(*(won((store, other)[n % 2], n) for n in range(50)))

    assert 1 == wins.count(True)
    assert {"_id": "a", "n": wins.index(True)} == await store.get("things", "a")


async def test_batches_that_overlap_write_every_id_once(store: Store, open_another: Callable[[], Store]):
    """Two writers of the same ids at once have counted every document once, and neither fails."""
    other = open_another()
    assert (0, 0) == (await store.count("things"), await other.count("things"))
    documents = [{"_id": str(n)} for n in range(100)]

    counts = await asyncio.gather(*(s.insert_many("things", documents) for s in (store, other, store, other)))

    assert (100, 100) == (sum(counts), await store.count("things"))


@pytest.mark.parametrize("collection", INDEXES)
async def test_a_collection_with_indexes_is_one_like_any_other(store: Store, collection: str):
    """What a collection is found by changes nothing in what is found."""
    await asyncio.gather(*(store.insert(collection, {"_id": str(n), "type": "t", "time": str(n)}) for n in range(3)))

    assert ["2", "1"] == [d["_id"] for d in await store.find(collection, {"type": "t"}, sort=(("time", -1),), limit=2)]


async def test_a_store_that_was_closed_opens_again(store: Store):
    """Closing lets go; who asks afterwards is served."""
    await store.insert("events", {"_id": "a"})
    await store.close()

    await store.insert("events", {"_id": "b"})
    assert 2 == await store.count("events")
