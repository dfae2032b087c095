"""What the analysis service reads back: a market's parts, its niches, its reference, and old analyses."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from contracts.analysis import AnalysisCompleted
from contracts.market import MarketConfigured, MarketSettings
from contracts.message import FileRef, scout_id
from contracts.model import ModelActivated, Reference
from contracts.niche import Niche
from contracts.observation import ImportReport, ObservationsImported
from services.analysis.span import Span
from services.chassis.errors import Duplicate, NotYetWritten
from services.chassis.files import Files
from services.chassis.job import Job
from services.chassis.store import Document, Store

Measured = tuple[Reference, Span]


@dataclass(frozen=True, slots=True)
class Parts:
    """A market's imports, oldest first: of rows that overlap the newest wins.

    `model` is the weights that a person chose for the market last (`None` are the shipped ones), `settings` what a
    person said of it last.
    """

    market: str
    reports: tuple[ImportReport, ...]
    model: FileRef | None = None
    settings: MarketSettings = field(default_factory=MarketSettings)

    @property
    def keys(self) -> tuple[str, ...]:
        """The files that the rows come from."""
        return tuple(report.part.key for report in self.reports)

    def paths(self, files: Files) -> list[Path]:
        """Where the parts lie."""
        return [files.path(report.part) for report in self.reports]

    def today(self, now: datetime) -> date:
        """The day that a moment belongs to in the market's zone."""
        return now.astimezone(ZoneInfo(self.reports[-1].tz)).date()

    def last_full_day(self, now: datetime) -> date:
        """The last day of which all is known: the last observed one, yesterday in the market's zone at the latest."""
        rest = timedelta(days=6)  # a weekly import's last day is a Monday, which stands for its week
        last = max(report.last_day + (rest if report.grain == "week" else timedelta()) for report in self.reports)
        return min(last, self.today(now) - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a market as of a day: its reference, as a file and read, and the span of its observations."""

    file: FileRef
    reference: Reference
    span: Span


async def parts_of(store: Store, market: str) -> Parts:
    """The market's parts by what is written; raises `NotYetWritten` while there is none."""
    kinds = ["observations.imported", "model.activated", "market.configured"]
    where = {"type": {"$in": kinds}, "market": market}
    written = await store.find("events", where, sort=(("time", 1), ("_id", 1)))
    bodies = {kind: [d["body"] for d in written if d["type"] == kind] for kind in kinds}
    if not bodies["observations.imported"]:
        raise NotYetWritten(f"the market {market} has no observations (yet)")
    chosen, configured = bodies["model.activated"], bodies["market.configured"]
    return Parts(
        market,
        tuple(ObservationsImported.from_json(body).report for body in bodies["observations.imported"]),
        ModelActivated.from_json(chosen[-1]).model if chosen else None,
        MarketConfigured.from_json(configured[-1]).settings if configured else MarketSettings(),
    )


async def niche_of(job: Job, niche_id: str) -> Niche:
    """A niche as its import told it."""
    return _niche(await job.need("niches", niche_id))


async def niches_of(store: Store, market: str, *, watched: bool = False) -> list[Niche]:
    """The niches of a market; only the watched ones, if asked."""
    found = await store.find("niches", {"market": market}, sort=(("name", 1),))
    return [_niche(document) for document in found if document.get("watched") or not watched]


_known: dict[str, Known] = {}


async def known_of(job: Job, parts: Parts, as_of: date, measure: Callable[[], Measured]) -> Known:
    """The market's reference as of a day: measured once, kept as a file, and never changed."""
    key = scout_id("reference", parts.market, as_of, *parts.keys, *parts.settings.pseudo_sellers)
    if key not in _known:
        document = await job.store.get("references", key) or await _keep(job, key, *measure())
        file = FileRef.model_validate(document["file"])
        span = document["span"]
        gaps = tuple(date.fromisoformat(day) for day in span["gaps"])
        known = Span(date.fromisoformat(span["first"]), date.fromisoformat(span["last"]), gaps)
        _known[key] = Known(file, Reference.from_json(job.files.read(file)), known)
    return _known[key]


async def _keep(job: Job, key: str, reference: Reference, span: Span) -> Document:
    file = job.files.put("references", reference.to_json(), ".json")
    days = {"first": span.first.isoformat(), "last": span.last.isoformat()}
    gaps = [day.isoformat() for day in span.gaps]
    document: Document = {"_id": key, "file": file.model_dump(), "span": {**days, "gaps": gaps}}
    try:
        await job.store.insert("references", document)
    except Duplicate:  # another child measured the same; its document says the same
        return await job.need("references", key)
    return document


async def newest_analyses(store: Store, market: str) -> list[AnalysisCompleted]:
    """The analysis behind each row of the market's leaderboard: what its score was told for."""
    rows = await store.find("leaderboard", {"market": market})
    scores = await store.get_many("events", [row["event_id"] for row in rows])
    causes = await store.get_many("events", [score["causation_id"] for score in scores.values()])
    found = {d["analysis_id"]: d for d in causes.values() if d["type"] == "analysis.completed"}
    for row in rows:
        if row["analysis_id"] not in found:  # a score that was asked for by hand answers a command
            told = await store.find("events", {"type": "analysis.completed", "niche_id": row["_id"]})
            found |= {d["analysis_id"]: d for d in told if d["analysis_id"] == row["analysis_id"]}
    return [AnalysisCompleted.from_json(document["body"]) for document in found.values()]


async def expired_analyses(store: Store, before: str) -> list[AnalysisCompleted]:
    """Analyses told before a moment (a stamp) that are not their niche's newest, and whose niche nobody watches."""
    old = await store.find("events", {"type": "analysis.completed", "time": {"$lt": before}})
    rows = await store.get_many("leaderboard", [document["niche_id"] for document in old])
    niches = await store.get_many("niches", [document["niche_id"] for document in old])
    return [
        AnalysisCompleted.from_json(document["body"])
        for document in old
        if rows.get(document["niche_id"], {}).get("analysis_id") != document["analysis_id"]
        and not niches.get(document["niche_id"], {}).get("watched")
    ]


async def reports_of(store: Store, niche_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The keys of the report files of each niche."""
    written = await store.find("events", {"type": "report.exported"})
    found: dict[str, list[str]] = {}
    for document in written:
        report = json.loads(document["body"])["report"]
        for niche_id in report.get("niche_ids", ()):
            if niche_id in niche_ids and report["kind"] == "niche":
                found.setdefault(niche_id, []).append(report["file"]["key"])
    return {niche_id: tuple(keys) for niche_id, keys in found.items()}


def _niche(document: Document) -> Niche:
    return Niche.model_validate_json(json.dumps({"id": document["_id"], **document}))
