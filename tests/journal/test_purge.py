"""A dead letter whose body somebody deleted: the journal does it, in the order in which things were asked."""

from datetime import UTC, datetime
from typing import Any

from contracts.message import scout_id
from services.chassis.answers import stamp
from services.chassis.cause import carry
from services.chassis.letters import purge_id
from services.chassis.store import Document
from tests.examples import analysis_completed, cause_of, event_from
from tests.journal.conftest import RUN, Room, accept


async def dead(room: Room) -> Document:
    """A dead letter of the scoring service, recorded by the journal."""
    cause = cause_of(event_from("analysis", analysis_completed()), "scoring")
    await room.bus.publish(carry(cause, "scoring", "dead", "ValueError: x"))
    await room.until(lambda: room.holds("dead_letters"))
    (letter,) = await room.store.find("dead_letters")
    return letter


def purge(letter: Document, second: int = 1) -> Document:
    """The order to purge it."""
    order = {"_id": purge_id(letter["_id"]), "kind": "purge", "letter_id": letter["_id"], "note": "private"}
    return order | times(second)


def redrive(letter: Document, name: str, second: int) -> Document:
    """The order to send it again."""
    run_id = scout_id(name)
    return {"_id": run_id, "kind": "redrive", "letter_id": letter["_id"], "run_id": run_id, **times(second)}


def times(second: int) -> dict[str, Any]:
    """When an order was given."""
    at = datetime(2026, 11, 24, 12, 0, second, tzinfo=UTC)
    return {"at": stamp(at), "at_s": at.timestamp()}


async def done(room: Room, *orders: Document) -> None:
    """Give orders at once, and wait until they are carried out."""
    await room.store.insert_many("orders", orders)
    for order in orders:
        await room.written("orders_done", order["_id"])


async def test_a_purge_deletes_the_body_and_keeps_the_record(room: Room):
    """What it was, why it died, and why nobody can read it any more."""
    letter = await dead(room)

    await done(room, purge(letter))

    left = await room.store.get("dead_letters", letter["_id"])
    assert left is not None
    assert left["purged"] == {"note": "private", "at": "2026-11-24T12:00:01.000000+00:00"}
    assert left.items() >= {name: letter[name] for name in ("reason", "run_id", "key", "at")}.items()
    assert "Tea" not in str(left)


async def test_a_redelivery_of_a_purged_letter_brings_no_body_back(room: Room):
    """The broker may deliver again what was recorded; the record stands."""
    letter = await dead(room)
    await done(room, purge(letter))

    cause = cause_of(event_from("analysis", analysis_completed()), "scoring")
    await room.bus.publish(carry(cause, "scoring", "dead", "ValueError: x"))
    await room.bus.drained("scoring.dead")

    kept = [one for one in await room.store.find("dead_letters") if one["_id"] == letter["_id"]]
    assert ["body" in one for one in kept] == [False]


async def test_what_was_ordered_before_a_purge_is_done_before_it(room: Room):
    """A letter that was sent again and then purged was sent with its body; one after it is not sent at all."""
    letter = await dead(room)
    before, after = redrive(letter, "a", 0), redrive(letter, "z", 2)

    await done(room, purge(letter), after, before)

    assert room.bus.depth("scoring") == 1


async def test_a_purged_letter_still_ends_its_run(room: Room):
    """The body is gone, the reason is not: a run does not wait for hours because somebody was quick."""
    await accept(room)
    letter = {"_id": "l", "service": "scoring", "key": "analysis.completed", "run_id": RUN, "reason": "ValueError: x"}
    at = stamp(datetime.now(UTC))
    await room.store.insert("dead_letters", {**letter, "at": at, "purged": {"note": "private", "at": at}})

    outcome = await room.written("outcomes", RUN)

    assert (outcome["state"], outcome["reason"]) == ("failed", "ValueError: x")
