"""Files that no written document names, left by a crash, a repeat or a deletion: removed after 48 hours."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta

import structlog

from services.chassis.answers import stamp
from services.chassis.files import Files
from services.chassis.store import Store

log = structlog.get_logger(__name__)
KEPT = timedelta(hours=48)
NAMING = ("events", "references", "dead_letters", "orders", "requests")
"""The collections whose documents name files; requests come last, since one may name a file that lay there before."""
DERIVED = ("imports", "leaderboard", "log", "markets", "niches", "runs", "outcomes", "tombstones")
OTHERS = ("agents", "idempotency", "marks", "orders_done", "resends")
_KEY = re.compile(r"[a-z_]+/[0-9a-f]{64}(?:\.[a-z0-9]+)?")
_DAY = timedelta(days=1)
_PAGE = 200


class Orphans:
    """Looks for such files once a day, in the journal that is active."""

    def __init__(self, store: Store, files: Files) -> None:
        self._store, self._files = store, files
        self._looked: datetime | None = None

    async def once(self, now: datetime) -> None:
        """Remove them, if the last look was a day ago."""
        if self._looked is None:
            mark = await self._store.get("marks", "files")
            self._looked = datetime.fromisoformat(mark["at"]) if mark else datetime.min.replace(tzinfo=UTC)
        if now - self._looked < _DAY:
            return
        before = now - KEPT
        unnamed = await self._unnamed(set(await asyncio.to_thread(self._files.older, before)))
        removed = await asyncio.to_thread(self._remove, unnamed, before)
        if removed:
            log.info("files that nothing names removed", files=removed)
        await self._store.replace("marks", {"_id": "files", "at": stamp(now)})
        self._looked = now

    async def _unnamed(self, keys: set[str]) -> set[str]:
        """Those of the keys that no document names."""
        for collection in NAMING:
            last = ""
            while keys:
                page = await self._store.find(collection, {"_id": {"$gt": last}}, limit=_PAGE)
                for document in page:
                    keys.difference_update(_KEY.findall(json.dumps(document, ensure_ascii=False)))
                if len(page) < _PAGE:
                    break
                last = page[-1]["_id"]
        return keys

    def _remove(self, keys: set[str], before: datetime) -> int:
        removed = 0
        for key in sorted(keys):
            try:
                self._files.delete(key, put_before=before)
                removed += 1
            except OSError as exc:
                log.warning("file not removed, tried again tomorrow", key=key, error=str(exc))
        return removed
