"""Expired analyses: looked at again, deleted, and remembered by a tombstone, so that a late message revives none."""

from collections.abc import Sequence
from datetime import UTC, datetime

from contracts.analysis import AnalysisExpired
from services.chassis.answers import stamp
from services.chassis.files import Files
from services.chassis.store import Document, Store
from services.journal.batch import Writer


async def delete_expired(store: Store, files: Files, writer: Writer, written: Sequence[Document]) -> None:
    """Delete what `analysis.expired` names, unless it is its niche's newest analysis or the niche is watched."""
    for document in written:
        if document["type"] != "analysis.expired":
            continue
        event = AnalysisExpired.from_json(document["body"])
        row = await store.get("leaderboard", event.niche_id)
        niche = await store.get("niches", event.niche_id)
        if (row and row["analysis_id"] == event.analysis_id) or (niche and niche.get("watched")):
            continue
        await store.insert_many("tombstones", [{"_id": event.analysis_id, "at": stamp(datetime.now(UTC))}])
        told = await store.find("events", {"type": "analysis.completed", "niche_id": event.niche_id})
        scored = await store.find("events", {"type": "opportunity.scored", "niche_id": event.niche_id})
        gone = [d["_id"] for d in (*told, *scored) if d.get("analysis_id") == event.analysis_id]
        await store.delete("events", gone)
        if event.series is not None:
            files.delete(event.series.key)
        await writer.derive_niches([event.niche_id])
