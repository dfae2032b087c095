"""What the journal derives from written events. A projection is made anew each time, never counted up."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from contracts.catalog import EVENTS
from contracts.observation import ObservationsImported
from contracts.run import AttemptNoted
from contracts.score import OpportunityScored
from services.chassis.store import Document
from services.journal.outcomes import kind_of


def run_document(
    run_id: str, events: Sequence[Document], request: Document | None, outcome: Document | None
) -> Document:
    """A run: its stages in order, and its outcome. Answers about one of many subjects are counted, not listed."""
    ordered = in_order(events)
    counts = Counter(event["type"] for event in ordered if event.get("subject"))
    stages = [_stage(event) for event in ordered if not event.get("subject")]
    first = request["accepted_at"] if request else (ordered[0]["time"] if ordered else (outcome or {}).get("at"))
    document: Document = {
        "_id": run_id,
        "kind": kind_of(run_id, ordered, request) or "unknown",
        "state": outcome["state"] if outcome else ("running" if ordered else "accepted"),
        "started_at": first,
        "stages": stages,
        "counts": dict(counts),
    }
    named = {name: _first(name, request, ordered) for name in ("niche_id", "market", "batch", "retry_of")}
    ended = (
        {"finished_at": outcome["at"], "reason": outcome.get("reason"), "event_id": outcome.get("event_id")}
        if outcome
        else {}
    )
    return document | {name: value for name, value in (named | ended).items() if value is not None}


def in_order(events: Iterable[Document]) -> list[Document]:
    """Events by time, and causes before their answers: a light answer has the time of its cause."""
    by_id = {event["_id"]: event for event in events}

    def depth(event: Document) -> int:
        cause = by_id.get(event.get("causation_id", ""))
        return 0 if cause is None or cause is event else depth(cause) + 1

    return sorted(by_id.values(), key=lambda event: (event["time"], depth(event), event["_id"]))


def leaderboard_row(niche_id: str, scored: Iterable[Document], seqs: dict[str, int], gone: set[str]) -> Document | None:
    """The newest score of a niche by (as_of, seq), leaving out analyses that are `gone`."""
    newest: tuple[tuple[str, int], Document, OpportunityScored] | None = None
    for document in scored:
        if document.get("analysis_id") in gone:
            continue
        event = OpportunityScored.from_json(document["body"])
        order = (event.score.as_of.isoformat(), seqs.get(document["_id"], -1))
        if newest is None or order > newest[0]:
            newest = (order, document, event)
    if newest is None:
        return None
    (as_of, seq), document, event = newest
    score = event.score
    return {
        "_id": niche_id,
        "market": score.market,
        "name": score.niche_name,
        "as_of": as_of,
        "seq": seq,
        "event_id": document["_id"],
        "analysis_id": score.analysis_id,
        "verdict": score.verdict,
        "opportunity": score.opportunity.score if score.opportunity else None,
        "growth": score.growth.score if score.growth else None,
        "entry": score.entry.score if score.entry else None,
        **event.model_dump(mode="json", exclude_none=True),
    }


def market_document(imports: Sequence[Document]) -> Document:
    """A market as its imports describe it; the newest names it."""
    reports = [ObservationsImported.from_json(document["body"]).report for document in imports]
    last = reports[-1]
    return {
        "_id": last.market,
        "name": last.market_name,
        "currency": last.currency,
        "timezone": last.tz,
        "grain": last.grain,
        "first_day": min(report.first_day for report in reports).isoformat(),
        "last_day": max(report.last_day for report in reports).isoformat(),
        "imports": len(reports),
    }


def _stage(event: Document) -> dict[str, Any]:
    stage: dict[str, Any] = {"name": event["type"], "at": event["time"], "event_id": event["_id"]}
    if event["type"] == "attempt.noted":
        note = EVENTS["attempt.noted"].model.from_json(event["body"])
        assert isinstance(note, AttemptNoted)
        stage |= {"name": note.task, "attempt": note.attempt}
        if note.reason:
            stage["reason"] = note.reason
    return stage


def _first(name: str, request: Document | None, events: Sequence[Document]) -> Any:
    """A field of the request, or of the first event that has it."""
    if request and request.get(name) is not None:
        return request[name]
    if name == "niche_id" and len({event.get(name) for event in events if event.get(name)}) > 1:
        return None
    return next((event[name] for event in events if event.get(name) is not None), None)
