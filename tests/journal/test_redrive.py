"""Dead letters that are sent again: edited, or a second time."""

from typing import Any

from contracts.analysis import AnalysisCompleted
from contracts.message import scout_id
from contracts.score import OpportunityScored
from services.chassis.answers import answer_id, stamp
from services.chassis.cause import carry, parse
from services.chassis.store import Document
from tests.examples import NOON, analysis_completed, cause_of, command, event_from
from tests.journal.conftest import Room, accept, scored

AGAIN = scout_id("again")


async def dead(room: Room, cause: Any, service: str) -> Document:
    """A dead letter that the journal recorded."""
    await room.bus.publish(carry(cause, service, "dead", "ValueError: boom", errors=3))
    await room.until(lambda: room.holds("dead_letters"))
    (letter,) = await room.store.find("dead_letters")
    return letter


async def order(room: Room, letter: Document, **more: Any) -> None:
    """Order it to be sent again as the run AGAIN, as the gateway does, and wait until that is done."""
    request = {"_id": AGAIN, "kind": letter["key"], "redrive": True, "arguments": {}, "accepted_at": stamp(NOON)}
    await room.store.insert("requests", request)
    times = {"at": stamp(NOON), "at_s": NOON.timestamp()}
    named = {"_id": AGAIN, "kind": "redrive", "letter_id": letter["_id"], "run_id": AGAIN}
    await room.store.insert("orders", named | times | more)
    await room.written("orders_done", AGAIN)


async def test_an_edited_event_is_written_before_it_is_sent(room: Room):
    """It is a fact from then on, with an id and a run of its own, and what its service hears is what is written."""
    letter = await dead(room, cause_of(event_from("analysis", analysis_completed()), "scoring"), "scoring")
    edited = analysis_completed(niche_name="Green tea").to_json().decode()

    await order(room, letter, body=edited)
    async with room.bus.consume("scoring", 1) as deliveries:
        cause = parse(await anext(deliveries), "scoring")

    written = await room.written("events", cause.id)
    assert (AGAIN, AGAIN) == (cause.run_id, written["correlation_id"])
    assert "Green tea" == AnalysisCompleted.from_json(written["body"]).niche_name
    assert (cause.body.decode(), cause.time) == (written["body"], NOON)
    assert cause.id != letter["message_id"]
    assert await room.store.get("log", cause.id) is not None


async def test_a_letter_that_is_sent_a_second_time_ends_as_it_ended_the_first_time(room: Room):
    """Its answers have the ids that they had: the new run has their end, and waits for nothing."""
    await accept(room)
    cause = cause_of(command("analyze_niche", "run", niche_id="n"), "analysis")
    letter = await dead(room, cause, "analysis")
    analysed = answer_id(cause.id, "analysis")
    first = scout_id("first")
    await room.bus.publish(event_from("analysis", analysis_completed(), event_id=analysed, run_id=first))
    score = scored(run_id=first)
    score_id = answer_id(analysed, "score")
    await room.bus.publish(
        event_from("scoring", OpportunityScored.from_json(score.body), event_id=score_id, run_id=first)
    )
    await room.settled()

    await order(room, letter)

    outcome = await room.written("outcomes", AGAIN)
    assert ("done", score_id) == (outcome["state"], outcome["event_id"])
    assert "done" == (await room.written("runs", AGAIN))["state"]
    assert 0 == room.bus.depth("analysis")
