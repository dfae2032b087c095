"""Markets and their niches, as the imports told them and the watch list marks them."""

import json

from contracts.niche import NicheWatched
from contracts.observation import ImportReport, ObservationsImported
from services.chassis.files import Files
from services.chassis.store import Document, Store
from services.journal.projections import market_document


async def project_market(store: Store, files: Files, market: str) -> None:
    """Write the market's document, one per import, and one per niche that any of its imports holds."""
    imports = await store.find(
        "events", {"type": "observations.imported", "market": market}, sort=(("time", 1), ("_id", 1))
    )
    if not imports:
        return
    niches: dict[str, Document] = {}
    for document in imports:
        report = ObservationsImported.from_json(document["body"]).report
        for niche in json.loads(files.read(report.niches)):
            niches[niche["id"]] = {"_id": niche["id"], **{k: v for k, v in niche.items() if k != "id"}}
        await store.replace("imports", _import(document, report))
    for niche_id, watched in (await _watched(store, market)).items():
        if niche_id in niches:
            niches[niche_id]["watched"] = watched
    known = await store.get_many("niches", niches)
    await store.replace("niches", *(document for key, document in niches.items() if known.get(key) != document))
    await store.replace("markets", {**market_document(imports), "niches": len(niches)})


def _import(document: Document, report: ImportReport) -> Document:
    ids = {"_id": report.id, "market": report.market, "run_id": document["correlation_id"], "at": document["time"]}
    return {**ids, "report": report.model_dump(mode="json", exclude_none=True)}


async def _watched(store: Store, market: str) -> dict[str, bool]:
    """What the newest choice about each niche was."""
    choices = await store.find("events", {"type": "niche.watched", "market": market}, sort=(("time", 1),))
    events = [NicheWatched.from_json(document["body"]) for document in choices]
    return {event.niche_id: event.watched for event in events}
