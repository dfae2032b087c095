"""How many niches were analysed today, counted from what is written; the journal is a source of the office too."""

from collections.abc import Sequence
from datetime import UTC, datetime

from services.chassis.answers import stamp
from services.chassis.office import OfficeReporter
from services.chassis.settings import Settings
from services.chassis.store import Document, Store


class DayCounter:
    """Counts distinct niches per day of the house's time zone."""

    def __init__(self, store: Store, settings: Settings, reporter: OfficeReporter) -> None:
        self._store, self._zone, self._reporter = store, settings.zone, reporter
        self._midnight = datetime.min.replace(tzinfo=UTC)
        self._niches: set[str] = set()

    async def count(self, written: Sequence[Document]) -> None:
        """Take these documents into account, and report if that changed the number."""
        analysed = [d for d in written if d["type"] == "analysis.completed"]
        if not analysed:
            return
        before = len(self._niches) if await self._today() else -1
        self._niches |= {d["niche_id"] for d in analysed if d["time"] >= stamp(self._midnight)}
        if len(self._niches) != before:
            self._report()

    async def midnight(self) -> None:
        """Report at start what the day has so far, and its zero once a new day begins."""
        if not await self._today():
            self._report()

    async def _today(self) -> bool:
        """Whether the count is of today; otherwise it is made anew."""
        now = datetime.now(self._zone)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if midnight == self._midnight:
            return True
        self._midnight = midnight
        today = {"type": "analysis.completed", "time": {"$gte": stamp(midnight)}}
        self._niches = {d["niche_id"] for d in await self._store.find("log", today)}
        return False

    def _report(self) -> None:
        self._reporter.report_metrics({"niches_analyzed_today": len(self._niches)})
