"""The store of the deployed house: MongoDB, or what speaks its protocol, through Motor."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, NoReturn

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import ReplaceOne, WriteConcern
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError

from services.chassis.errors import DependencyDown, Duplicate
from services.chassis.store import INDEXES, Document, Where

_OPERATORS = {"$in", "$gt", "$gte", "$lt", "$lte", "$ne", "$eq"}
_CHUNK = 500
_FEW = 8
_REPLACED = 50
"""How many are replaced in one go: at more than 100 FerretDB 1.24 stands still, and its database with it."""
_TRIES = 10
_TIMES: dict[str, Any] = {"serverSelectionTimeoutMS": 5_000, "connectTimeoutMS": 5_000, "socketTimeoutMS": 10_000}
_KEPT = str.maketrans({".": "\uff0e", "$": "\uff04"})
"""A key may hold neither: their wide forms, which nobody types, are kept in their place."""
_TOLD = {ord(wide): plain for plain, wide in zip(".$", "\uff0e\uff04", strict=True)}
_UNFIT = {2, 9, 51, 52, 54, 57, 121, 10334, 17280, 17419}
"""Codes that say that a document cannot be written, whenever it is tried: a field's name, its size, its depth."""


class MongoStore:
    """A `Store` in the database that the address names ("scout" when it names none).

    The client is made when it is first needed, in the loop that needs it: it survives neither a fork nor its loop.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: AsyncIOMotorClient[Document] | None = None
        self._known: set[str] = set()
        self._indexing = asyncio.Lock()

    async def insert(self, collection: str, document: Document) -> None:
        async with self._asked():
            table = await self._indexed(collection)
            try:
                await table.insert_one(_plain(document))
            except DuplicateKeyError:
                raise Duplicate(f"{collection} has {document['_id']} already") from None

    async def insert_many(self, collection: str, documents: Sequence[Document]) -> int:
        missing: dict[str, Document] = {}
        for document in documents:
            missing.setdefault(document["_id"], _plain(document))
        written = 0
        for again in (True, False):
            count, error = await self._insert_missing(collection, list(missing.values()))
            written += count
            if error is None:
                return written
            there = await self.get_many(collection, missing)  # which ones failed, an error list may get wrong
            missing = {key: document for key, document in missing.items() if key not in there}
            if not missing:
                return written
            if not again:
                self._failed(error)
        return written

    async def get(self, collection: str, key: str) -> Document | None:
        async with self._asked() as database:
            found = await database[collection].find_one({"_id": key})
            return None if found is None else _read(found)

    async def get_many(self, collection: str, keys: Iterable[str]) -> dict[str, Document]:
        wanted = list(dict.fromkeys(keys))
        if len(wanted) <= _FEW:  # FerretDB reads a whole collection for `$in`, and one document for an id
            few = await asyncio.gather(*(self.get(collection, key) for key in wanted))
            return {document["_id"]: document for document in few if document is not None}
        found: dict[str, Document] = {}
        for chunk in _chunks(wanted):
            for document in await self.find(collection, {"_id": {"$in": chunk}}):
                found[document["_id"]] = document
        return found

    async def find(
        self,
        collection: str,
        where: Where | None = None,
        *,
        sort: Sequence[tuple[str, int]] = (("_id", 1),),
        limit: int = 0,
        skip: int = 0,
    ) -> list[Document]:
        order = [(_field(name), 1 if way > 0 else -1) for name, way in sort]
        async with self._asked() as database:
            found = database[collection].find(_where(where), sort=order, limit=limit, skip=skip)
            return [_read(document) for document in await found.to_list(None)]

    async def count(self, collection: str, where: Where | None = None) -> int:
        async with self._asked() as database:
            return await database[collection].count_documents(_where(where))

    async def replace(self, collection: str, *documents: Document) -> None:
        plain = [_plain(document) for document in documents]
        for start in range(0, len(plain), _REPLACED):
            async with self._asked():
                await self._replace(await self._indexed(collection), plain[start : start + _REPLACED])

    async def _replace(self, table: AsyncIOMotorCollection[Document], documents: Sequence[Document]) -> None:
        try:
            await table.bulk_write([ReplaceOne({"_id": d["_id"]}, d, upsert=True) for d in documents])
            return
        except (BulkWriteError, KeyError):  # FerretDB's answer about one that failed lacks what the driver reads
            pass
        for document in documents:  # one by one it says which, and why
            for last in (*[False] * _TRIES, True):
                try:
                    await table.replace_one({"_id": document["_id"]}, document, upsert=True)
                    break
                except DuplicateKeyError:  # another wrote the same new one meanwhile: now it is there
                    if last:
                        raise

    async def delete(self, collection: str, keys: Iterable[str]) -> int:
        deleted = 0
        for chunk in _chunks(keys):
            async with self._asked() as database:
                deleted += (await database[collection].delete_many(_one_of(chunk))).deleted_count
        return deleted

    async def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
            self._known.clear()

    async def _insert_missing(self, collection: str, documents: list[Document]) -> tuple[int, BulkWriteError | None]:
        """Insert documents, whichever of them can be; how many were, and what failed."""
        if not documents:
            return 0, None
        async with self._asked():
            table = await self._indexed(collection)
            try:
                return len((await table.insert_many(documents, ordered=False)).inserted_ids), None
            except BulkWriteError as exc:
                return int((exc.details or {}).get("nInserted", 0)), exc

    async def _indexed(self, collection: str) -> AsyncIOMotorCollection[Document]:
        """A collection that is about to be written to; the first writer of a process sees to its indexes."""
        table = self._database()[collection]
        async with self._indexing:
            if collection not in self._known:
                for fields in INDEXES.get(collection, ()):
                    await table.create_index([(name, 1) for name in fields])
                self._known.add(collection)
        return table

    def _database(self) -> AsyncIOMotorDatabase[Document]:
        if self._client is None:
            self._client = AsyncIOMotorClient(self._url, appname="scout", **_TIMES)
        # What is acknowledged must be on disk; an address that names another write concern means it.
        unsaid = self._client.write_concern.is_server_default
        concern = WriteConcern("majority", j=True) if unsaid else self._client.write_concern
        return self._client.get_default_database("scout", write_concern=concern)

    @asynccontextmanager
    async def _asked(self) -> AsyncIterator[AsyncIOMotorDatabase[Document]]:
        """The database, in whose name every error of the driver becomes one of ours."""
        database = self._database()
        try:
            yield database
        except PyMongoError as exc:
            self._failed(exc)

    def _failed(self, exc: PyMongoError) -> NoReturn:
        if isinstance(exc, OperationFailure) and _codes(exc) & _UNFIT:
            raise ValueError(f"the store cannot take this: {exc}") from exc
        where = self._url.partition("://")[2].partition("/")[0].rpartition("@")[2]
        why = str(exc).partition(", Timeout:")[0]
        raise DependencyDown(
            f"the store {where} does not answer ({why}); does MongoDB run, and is the address right?"
        ) from exc


def _codes(exc: OperationFailure) -> set[int | None]:
    details: Any = exc.details if isinstance(exc, BulkWriteError) else None
    return {error.get("code") for error in details["writeErrors"]} if details else {exc.code}


def _plain(document: Document) -> Document:
    """The document as JSON has it, so that it is read back as every other store gives it; its keys can be kept."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    plain: Document = json.loads(text, object_pairs_hook=lambda pairs: {k.translate(_KEPT): v for k, v in pairs})
    return {"_id": document["_id"], **plain}


def _read(value: Any) -> Any:
    """What was written, its keys as they were."""
    if isinstance(value, dict):
        return {key.translate(_TOLD): _read(inner) for key, inner in value.items()}
    return [_read(inner) for inner in value] if isinstance(value, list) else value


def _chunks(keys: Iterable[str]) -> list[list[str]]:
    wanted = list(dict.fromkeys(keys))
    return [wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK)]


def _one_of(keys: list[str]) -> dict[str, Any]:
    """A condition on ids; a single one plainly, since FerretDB 1.24 reads all documents for any other condition."""
    return {"_id": {"$in": keys} if len(keys) > 1 else keys[0]}


def _field(name: str) -> str:
    if not name.replace("_", "").isalnum():
        raise ValueError(f"{name!r} is no field name: letters, digits and _ only")
    return name


def _where(where: Where | None) -> dict[str, Any]:
    """Conditions as MongoDB takes them, which is as ours are; an unknown operator is an error of ours."""
    for condition in (where or {}).values():
        for operator in condition if isinstance(condition, dict) else ():
            if operator not in _OPERATORS:
                raise ValueError(f"the store knows no operator {operator}")
    return {_field(name): condition for name, condition in (where or {}).items()}
