"""What the trend service reads back: markets, their parts, and how old each niche's trend is."""

import json
from pathlib import Path

from contracts.niche import Niche
from contracts.observation import Grain, ImportReport, ObservationsImported
from services.chassis.files import Files
from services.chassis.store import Store


async def part_paths(store: Store, files: Files, market: str) -> list[Path]:
    """Where the market's observations lie, oldest import first."""
    return [files.path(report.part) for report in await _reports(store, market)]


async def known_grain(store: Store, market: str) -> Grain:
    """Whether the market's rows are days or weeks by its newest import; days while there is none."""
    reports = await _reports(store, market)
    return reports[-1].grain if reports else "day"


async def _reports(store: Store, market: str) -> list[ImportReport]:
    """What was imported into the market, oldest first."""
    written = await store.find(
        "events", {"type": "observations.imported", "market": market}, sort=(("time", 1), ("_id", 1))
    )
    return [ObservationsImported.from_json(document["body"]).report for document in written]


async def niches_by_age(store: Store) -> list[Niche]:
    """All niches of all markets, watched ones first, those whose trend is oldest (or missing) before the others."""
    newest: dict[str, str] = {}
    for entry in await store.find("log", {"type": "trend.updated"}, sort=(("seq", 1),)):
        newest[entry.get("niche_id", "")] = entry["time"]
    found = await store.find("niches", sort=(("market", 1), ("name", 1)))
    niches = [Niche.model_validate_json(json.dumps({"id": document["_id"], **document})) for document in found]
    return sorted(niches, key=lambda niche: (not niche.watched, newest.get(niche.id, "")))
