"""What the trend service reads back: markets, their parts, and how old each niche's trend is."""

import json
from pathlib import Path

from contracts.niche import Niche
from contracts.observation import ObservationsImported
from services.chassis.files import Files
from services.chassis.store import Store


async def part_paths(store: Store, files: Files, market: str) -> list[Path]:
    """Where the market's observations lie, oldest import first."""
    written = await store.find(
        "events", {"type": "observations.imported", "market": market}, sort=(("time", 1), ("_id", 1))
    )
    return [files.path(ObservationsImported.from_json(document["body"]).report.part) for document in written]


async def niches_by_age(store: Store) -> list[Niche]:
    """All niches of all markets, watched ones first, those whose trend is oldest (or missing) before the others."""
    newest: dict[str, str] = {}
    for entry in await store.find("log", {"type": "trend.updated"}, sort=(("seq", 1),)):
        newest[entry.get("niche_id", "")] = entry["time"]
    found = await store.find("niches", sort=(("market", 1), ("name", 1)))
    niches = [Niche.model_validate_json(json.dumps({"id": document["_id"], **document})) for document in found]
    return sorted(niches, key=lambda niche: (not niche.watched, newest.get(niche.id, "")))
