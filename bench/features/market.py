"""The demo market at its finest level (types within categories), as frames and as a house keeps it."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from contracts.message import FileRef
from contracts.niche import Niche
from contracts.observation import OBSERVATION_KEY, ImportReport, ObservationsImported
from services.chassis.cause import Cause
from services.chassis.files import LocalFiles
from services.chassis.job import Job
from services.chassis.observations import write_part
from services.chassis.office import OfficeReporter
from services.chassis.settings import Settings
from services.chassis.store_sqlite import SqliteStore
from services.trend.markets.complete_journey import CURRENCY, TZ, read_complete_journey

MARKET, AS_OF = "complete-journey", date(2017, 12, 31)
ACTIVE_WEEKS, LEAST_REVENUE = 40, 1040.0
"""A niche counts that sold in so many weeks of the year and for so much in it: 709 of them do."""


@dataclass(frozen=True, slots=True)
class Market:
    """All observations, in the order of a part of a house, and the niches that are analysed."""

    frame: pl.DataFrame
    niches: tuple[Niche, ...]

    @property
    def rows(self) -> pl.DataFrame:
        """The observations of the niches that are analysed."""
        return self.frame.filter(pl.col("niche_id").is_in([niche.id for niche in self.niches]))


def market(most: int | None = None) -> Market:
    """Read the market; at most so many niches (the first by id) are analysed."""
    read = read_complete_journey(MARKET, "bench", "type")
    sold = read.frame.group_by("niche_id").agg(pl.col("day").n_unique().alias("weeks"), pl.col("revenue").sum())
    counts = sold.filter((pl.col("weeks") >= ACTIVE_WEEKS) & (pl.col("revenue") >= LEAST_REVENUE))["niche_id"]
    wanted = set(counts.sort().head(most or len(counts)))
    return Market(read.frame.sort(OBSERVATION_KEY), tuple(niche for niche in read.niches if niche.id in wanted))


async def house(of: Market, folder: Path) -> Job:
    """A house in a folder that has imported the market, and a job in it; ask for a niche as often as you like."""
    files, store = LocalFiles(folder / "files"), SqliteStore(folder / "store.sqlite")
    niches = [niche.model_dump(mode="json") for niche in of.niches]
    report = _report(files.put("parts", write_part(of.frame), ".parquet"), files, niches)
    event = ObservationsImported(market=MARKET, report=report)
    told = {"_id": "import", "type": "observations.imported", "market": MARKET, "time": "2018-01-01T00:00:00Z"}
    await store.insert("events", {**told, "body": event.to_json().decode()})
    for niche in niches:
        await store.insert("niches", {"_id": niche.pop("id"), **niche})
    cause = Cause("scout.tasks.analyze_niche", "bench", "bench", b"", "bench", None, first_seen=time.time())
    settings = Settings(home=folder)
    return Job(cause, store, files, OfficeReporter(lambda _: None, "analysis", settings), settings, time.time() + 3600)


def _report(part: FileRef, files: LocalFiles, niches: list[dict[str, object]]) -> ImportReport:
    return ImportReport(
        id="bench",
        market=MARKET,
        market_name=f"Complete Journey, read {datetime.now(UTC):%Y-%m-%d}",
        currency=CURRENCY,
        tz=TZ,
        grain="week",
        source=MARKET,
        part=part,
        niches=files.put("niches", json.dumps(niches).encode(), ".json"),
        niche_count=len(niches),
        rows=0,
        kept=0,
        merged=0,
        rejected_count=0,
        first_day=date(2017, 1, 2),
        last_day=date(2017, 12, 25),
    )
