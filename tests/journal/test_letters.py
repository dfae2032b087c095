"""Dead letters that the broker or an outsider wrote: whose run they may end."""

from dataclasses import replace

from contracts.message import scout_id
from services.chassis.cause import carry, refused
from services.chassis.wire import Delivery
from services.journal.letters import letter_of
from tests.examples import analysis_completed, cause_of, command, event_from
from tests.journal.conftest import RUN, Room, accept


async def test_what_the_broker_rejected_ends_the_run_of_its_message(room: Room):
    """A message that was delivered too often lies under what it was, not under the key that brought it here."""
    await accept(room)
    message = command("analyze_niche", "run", niche_id="n")
    letter = letter_of("analysis", Delivery(replace(message, exchange="analysis.own", key="dead"), "analysis.dead", 1))
    assert ("scout.tasks.analyze_niche", RUN) == (letter["key"], letter["run_id"])

    event = event_from("analysis", analysis_completed())
    await room.bus.publish(command("analyze_niche", "run", niche_id="n"))
    async with room.bus.consume("analysis", 1) as deliveries:
        for _ in range(21):
            await room.bus.requeue(await anext(deliveries))
    assert "failed" == (await room.written("outcomes", RUN))["state"]
    told = letter_of("scoring", Delivery(replace(event, exchange="scoring.own", key="dead"), "scoring.dead", 1))
    assert "analysis.completed" == told["key"]


def test_a_refused_outsider_names_nobodys_run():
    """Its correlation id and its counters are what it wrote; the letter of one that we sent back has its run."""
    outside = event_from("outsider", analysis_completed(), run_id=RUN)
    outside = replace(outside, user="outside", content_type="text/plain", headers={**outside.headers, "scout-run": RUN})
    letter = letter_of("scoring", Delivery(refused(Delivery(outside, "scoring", 1), "scoring", "x"), "scoring.dead", 1))
    assert "run_id" not in letter

    ours = event_from("analysis", analysis_completed(), run_id=RUN)
    letter = letter_of("scoring", Delivery(refused(Delivery(ours, "scoring", 1), "scoring", "x"), "scoring.dead", 1))
    assert RUN == letter["run_id"]


def test_headers_that_are_no_counters_are_none():
    """The broker passes on what a sender wrote; a word in place of a number stops no journal."""
    message = replace(event_from("analysis", analysis_completed()), headers={"scout-errors": "many", "scout-losses": 2})

    letter = letter_of("scoring", Delivery(message, "scoring.dead", 1))

    assert (0, 2) == (letter["errors"], letter["losses"])


def test_a_returned_message_that_is_refused_is_still_what_it_was():
    """Its key, id, run and counters are those that came back with it."""
    back = replace(
        carry(cause_of(command("analyze_niche", niche_id="n"), "analysis"), "analysis", "back", "x", errors=2)
    )
    back = replace(back, headers={**back.headers, "eta": "tomorrow", "scout-run": RUN})

    letter = letter_of("analysis", Delivery(refused(Delivery(back, "analysis", 1, True, 1), "analysis", "eta"), "q", 1))

    assert ("scout.tasks.analyze_niche", scout_id("task"), RUN) == (
        letter["key"],
        letter["message_id"],
        letter["run_id"],
    )
    assert (2, 1, "gateway") == (letter["errors"], letter["losses"], letter["publisher"])
