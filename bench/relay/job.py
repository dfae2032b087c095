"""The job, the same for all: 1 KiB of JSON, a strict model, a pure function, one follow-up with CloudEvents headers."""

from datetime import UTC, date, datetime
from typing import Any

from contracts.analysis import AnalysisCompleted, Term
from contracts.message import FileRef, scout_id
from contracts.score import Estimate, OpportunityScored, Score
from services.chassis.wire import Header, Message, envelope_for, event_message

HEARD, TOLD = "analysis.completed", "opportunity.scored"
SIZE = 1024
_FILE = FileRef(key="references/" + "0" * 64 + ".json", sha256="0" * 64, size=2)
_TERMS = {"level": 0.25, "momentum": 0.375, "listings": -0.125, "concentration": -0.25}
_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def cause(number: int, lot: str) -> Message:
    """The event that the job hears, as the analysis service tells it: number `number` of a `lot`, `SIZE` bytes."""
    run_id = scout_id("bench", lot, number)
    fields: dict[str, Any] = {
        "analysis_id": scout_id(run_id, "analysis"),
        "run_id": run_id,
        "niche_id": scout_id("niche", number),
        "niche_name": "Tea",
        "market": "shop",
        "currency": "USD",
        "as_of": date(2017, 11, 5),
        "terms": tuple(
            Term(name=name, raw=(number * 7919 + i * 104729) % 997 / 997, unit="share") for i, name in enumerate(_TERMS)
        ),
        "reference": _FILE,
        "series": _FILE,
    }
    short = SIZE - len(AnalysisCompleted(**fields).to_json())
    event = AnalysisCompleted(**fields | {"niche_name": "Tea " + "." * (short - 1)})
    envelope = envelope_for(event, scout_id(run_id, "event"), "analysis", _NOON, run_id, None, "")
    return event_message(event, envelope, "bench")


def judge(event: AnalysisCompleted) -> OpportunityScored:
    """A score of the weighed terms: the pure function."""
    score = 50 + 100 * sum(_TERMS[term.name] * (term.raw - 0.5) for term in event.terms if term.raw is not None)
    return OpportunityScored(
        currency=event.currency,
        score=Score(
            id=scout_id(event.analysis_id, "score"),
            analysis_id=event.analysis_id,
            niche_id=event.niche_id,
            niche_name=event.niche_name[:3],
            market=event.market,
            run_id=event.run_id,
            as_of=event.as_of,
            model="bench",
            opportunity=Estimate(score=score, lo=score, hi=score),
            verdict="watch",
            confidence="low",
            base=50.0,
        ),
    )


def follow_up(body: bytes) -> tuple[bytes, str, dict[str, Header]]:
    """What a peer does with a body: the follow-up's body, id and headers, those of our wire, by the shortest way."""
    event = AnalysisCompleted.from_json(body)
    told = judge(event).to_json()
    told_id = scout_id(event.analysis_id, "score", "")
    headers: dict[str, Header] = {
        "cloudEvents_specversion": "1.0",
        "cloudEvents_id": told_id,
        "cloudEvents_type": TOLD,
        "cloudEvents_source": "scoring",
        "cloudEvents_time": _NOON.isoformat(),
        "cloudEvents_correlationid": event.run_id,
        "cloudEvents_causationid": event.analysis_id,
        "cloudEvents_dataschema": f"scout:schemas/{TOLD}.json",
        "cloudEvents_host": "bench",
    }
    return told, told_id, headers
