"""The store of the embedded house: SQLite in WAL mode, a table per collection, a document per row as JSON."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import aiosqlite

from services.chassis.errors import DependencyDown, Duplicate
from services.chassis.store import INDEXES, Document, Where

_OPERATORS = {"$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}
_CHUNK = 500


class SqliteStore:
    """A `Store` in one file that several processes may open; their writes wait for one another, 30 s at most."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db: aiosqlite.Connection | None = None
        self._known: set[str] = set()
        self._opening, self._writing = asyncio.Lock(), asyncio.Lock()

    async def insert(self, collection: str, document: Document) -> None:
        db = await self._table(collection)
        try:
            async with self._writing:
                statement = f'INSERT INTO "{collection}" VALUES (?, ?)'  # noqa: S608 - our own names
                await db.execute(statement, _row(document))
        except aiosqlite.IntegrityError:
            raise Duplicate(f"{collection} has {document['_id']} already") from None
        except aiosqlite.OperationalError as exc:
            raise self._down(exc) from exc

    async def insert_many(self, collection: str, documents: Sequence[Document]) -> int:
        return await self._write(collection, 'INSERT OR IGNORE INTO "{}" VALUES (?, ?)', [_row(d) for d in documents])

    async def get(self, collection: str, key: str) -> Document | None:
        return (await self.get_many(collection, [key])).get(key)

    async def get_many(self, collection: str, keys: Iterable[str]) -> dict[str, Document]:
        wanted, found = list(dict.fromkeys(keys)), {}
        for start in range(0, len(wanted), _CHUNK):
            for document in await self.find(collection, {"_id": {"$in": wanted[start : start + _CHUNK]}}):
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
        clause, values = _where(where)
        order = ", ".join(f"{_field(name)} {'ASC' if way > 0 else 'DESC'}" for name, way in sort)
        query = f'SELECT doc FROM "{collection}" {clause} ORDER BY {order} LIMIT ? OFFSET ?'  # noqa: S608 - our own names
        rows = await self._read(collection, query, [*values, limit or -1, skip])
        return [json.loads(row[0]) for row in rows]

    async def count(self, collection: str, where: Where | None = None) -> int:
        clause, values = _where(where)
        rows = await self._read(collection, f'SELECT count(*) FROM "{collection}" {clause}', values)  # noqa: S608 - our own names
        return int(rows[0][0])

    async def replace(self, collection: str, *documents: Document) -> None:
        await self._write(collection, 'INSERT OR REPLACE INTO "{}" VALUES (?, ?)', [_row(d) for d in documents])

    async def delete(self, collection: str, keys: Iterable[str]) -> int:
        return await self._write(collection, 'DELETE FROM "{}" WHERE id = ?', [(key,) for key in keys])

    async def close(self) -> None:
        async with self._opening, self._writing:
            if self._db is not None:
                await self._db.close()
                self._db = None
                self._known.clear()

    async def _read(self, collection: str, query: str, values: list[Any]) -> list[Any]:
        db = await self._table(collection)
        try:
            return list(await db.execute_fetchall(query, values))
        except aiosqlite.OperationalError as exc:
            raise self._down(exc) from exc

    async def _write(self, collection: str, statement: str, rows: Sequence[tuple[str, ...]]) -> int:
        db = await self._table(collection)
        try:
            # A writer that is cancelled leaves no transaction open: it would lock every process out of the store.
            return await asyncio.shield(self._transaction(db, statement.format(collection), rows))
        except aiosqlite.OperationalError as exc:
            raise self._down(exc) from exc

    async def _transaction(self, db: aiosqlite.Connection, statement: str, rows: Sequence[tuple[str, ...]]) -> int:
        async with self._writing:
            await db.execute("BEGIN IMMEDIATE")
            before = db.total_changes
            try:
                await db.executemany(statement, rows)
                await db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    await db.execute("ROLLBACK")
                raise
            return db.total_changes - before

    async def _table(self, collection: str) -> aiosqlite.Connection:
        try:
            async with self._opening:
                if self._db is None:
                    self.path.parent.mkdir(parents=True, exist_ok=True)
                    self._db = await self._open()
                    await self._db.execute("PRAGMA journal_mode=WAL")
                if collection not in self._known:
                    await self._create(self._db, collection)
                return self._db
        except (aiosqlite.DatabaseError, OSError) as exc:
            raise self._down(exc) from exc

    async def _open(self) -> aiosqlite.Connection:
        """Open the file; one who is cancelled meanwhile waits for its thread to end, since that outlives no loop."""
        connecting = asyncio.ensure_future(self._connect())
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            await (await connecting).close()
            raise

    async def _connect(self) -> aiosqlite.Connection:
        return await aiosqlite.connect(self.path, timeout=30, isolation_level=None)

    async def _create(self, db: aiosqlite.Connection, collection: str) -> None:
        async with self._writing:  # inside another's transaction a rollback would take the table away again
            await db.execute(f'CREATE TABLE IF NOT EXISTS "{collection}" (id TEXT PRIMARY KEY, doc TEXT)')
            for fields in INDEXES.get(collection, ()):
                name = f"{collection}_{'_'.join(fields)}"
                columns = ", ".join(_field(field) for field in fields)
                await db.execute(f'CREATE INDEX IF NOT EXISTS "{name}" ON "{collection}" ({columns})')
        self._known.add(collection)

    def _down(self, exc: Exception) -> DependencyDown:
        return DependencyDown(f"the store {self.path.name} does not answer ({exc}); is the disk full or read-only?")


def _row(document: Document) -> tuple[str, str]:
    return document["_id"], json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _field(name: str) -> str:
    if not name.replace("_", "").isalnum():
        raise ValueError(f"{name!r} is no field name: letters, digits and _ only")
    return "id" if name == "_id" else f"json_extract(doc, '$.{name}')"


def _where(where: Where | None) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    for name, condition in (where or {}).items():
        for operator, value in condition.items() if isinstance(condition, dict) else [("$eq", condition)]:
            column = _field(name)
            if operator == "$in":
                parts.append(f"{column} IN ({','.join('?' * len(value))})")
                values.extend(value)
            elif operator in _OPERATORS:
                parts.append(f"{column} {_OPERATORS[operator]} ?")
                values.append(value)
            elif operator in {"$eq", "$ne"}:
                parts.append(f"{column} IS {'NOT ' if operator == '$ne' else ''}?")
                values.append(value)
            else:
                raise ValueError(f"the store knows no operator {operator}")
    return ("WHERE " + " AND ".join(parts) if parts else ""), values
