"""The store: a narrow document store that MongoDB and SQLite both are. Only inserts by id are ever raced."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

Document = dict[str, Any]
"""A JSON object with `_id`. Times are ISO 8601 texts in UTC, so that they sort."""

Where = Mapping[str, Any]
"""Conditions on top-level fields, all of which must hold: a value (equals) or `{"$in" | "$gt" | "$gte" | "$lt" |
"$lte" | "$ne": value}`. A field that is absent equals `None`."""

INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "events": (("correlation_id",), ("type", "niche_id"), ("type", "market", "time"), ("type", "time")),
    "log": (("seq",), ("run_id", "seq"), ("type", "time"), ("written_at",)),
    "requests": (("accepted_at",), ("batch",)),
    "runs": (("started_at",), ("batch",)),
    "outcomes": (("at",),),
    "dead_letters": (("at",), ("run_id",)),
    "leaderboard": (("market", "opportunity"),),
    "niches": (("market", "name"),),
}
"""The indexes of each collection, in the order of their fields."""


class Store(Protocol):
    """A document store. Every method raises `DependencyDown` when the store cannot be reached."""

    async def insert(self, collection: str, document: Document) -> None:
        """Write a document once; raises `Duplicate` when its `_id` is written already."""

    async def insert_many(self, collection: str, documents: Sequence[Document]) -> int:
        """Write those documents whose `_id` is not written yet, and say how many they were."""

    async def get(self, collection: str, key: str) -> Document | None:
        """The document of this id, or `None`."""

    async def get_many(self, collection: str, keys: Iterable[str]) -> dict[str, Document]:
        """The documents of these ids, by id; those that do not exist are left out."""

    async def find(
        self,
        collection: str,
        where: Where | None = None,
        *,
        sort: Sequence[tuple[str, int]] = (("_id", 1),),
        limit: int = 0,
        skip: int = 0,
    ) -> list[Document]:
        """The documents for which all of `where` holds; `sort` is pairs of field and 1 or -1, `limit` 0 is all."""

    async def count(self, collection: str, where: Where | None = None) -> int:
        """How many documents `find` would return."""

    async def replace(self, collection: str, *documents: Document) -> None:
        """Write documents whether they exist or not. Only for collections that one process alone writes."""

    async def delete(self, collection: str, keys: Iterable[str]) -> int:
        """Delete the documents of these ids, and say how many there were."""

    async def close(self) -> None:
        """Let go of what the store holds."""
