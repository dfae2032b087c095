"""What the sweep looks at, and what it costs."""

from datetime import UTC, datetime, timedelta

import pytest

from services.chassis.answers import stamp
from services.chassis.store import Document
from tests.journal.conftest import RUN, Room, accept, scored

NOW = datetime.now(UTC)


async def test_what_was_left_open_is_sent_again_however_long_the_house_was_closed(room: Room):
    """A command of last week that has no outcome is sent when the house opens."""
    await accept(room, accepted_at=stamp(NOW - timedelta(days=10)))

    assert 1 == await room.journal.sweep.resend_all()
    assert 1 == room.bus.depth("analysis")


async def test_requests_that_have_ended_are_not_read_again(room: Room, monkeypatch: pytest.MonkeyPatch):
    """A bulk of last week costs nothing today: the last look says from where on something may be open."""
    ended = [
        {
            "_id": f"r{n}",
            "kind": "scout.tasks.analyze_niche",
            "arguments": {},
            "accepted_at": stamp(NOW - timedelta(days=2)),
        }
        for n in range(9)
    ]
    await room.store.insert_many("requests", ended)
    await room.store.insert_many("outcomes", [{"_id": one["_id"], "state": "done", "at": stamp(NOW)} for one in ended])
    await room.journal.sweep.once(stamp(NOW + timedelta(minutes=2)))
    read = list[Document]()
    find = room.store.find

    async def counted(collection: str, *args: object, **options: object) -> list[Document]:
        found = await find(collection, *args, **options)  # type: ignore[arg-type] # whatever the sweep asks
        read.extend(found if collection == "requests" else ())
        return found

    monkeypatch.setattr(room.store, "find", counted)
    await room.journal.sweep.once(stamp(NOW + timedelta(minutes=4)))

    assert [] == read


async def test_a_request_that_is_open_is_read_until_it_has_ended(room: Room):
    """The look goes back as far as the oldest open one, and no further."""
    ahead = NOW + timedelta(days=1)  # of the journal that sweeps by the real clock meanwhile
    accepted = stamp(NOW - timedelta(hours=5))
    await accept(room, accepted_at=accepted)
    await room.journal.sweep.once(stamp(ahead + timedelta(minutes=2)))
    assert accepted == (await room.written("marks", "sweep"))["ended_before"]

    await room.bus.publish(scored())
    await room.written("outcomes", RUN)
    await room.journal.sweep.once(stamp(ahead + timedelta(minutes=4)))
    assert accepted < (await room.written("marks", "sweep"))["ended_before"]


async def test_a_request_of_a_kind_that_nobody_takes_stops_no_sweep(room: Room):
    """It is sent as often as any, and said to be lost in the end; the others are swept beside it."""
    long_ago = stamp(NOW - timedelta(hours=2))
    odd = {"_id": "odd", "kind": "back", "redrive": True, "arguments": {}, "accepted_at": long_ago}
    await room.store.insert("requests", odd)
    await accept(room, accepted_at=long_ago)

    await room.journal.sweep.once(stamp(NOW + timedelta(minutes=2)))

    assert {"odd/1", f"{RUN}/1"} == {document["_id"] for document in await room.store.find("resends")}


async def test_a_sweep_that_stumbles_keeps_no_event_from_being_written(room: Room, monkeypatch: pytest.MonkeyPatch):
    """What is wrong with one request is logged; events are written on."""

    async def stumbles(now: str) -> None:
        raise KeyError(now)

    monkeypatch.setattr(room.journal.sweep, "once", stumbles)
    await room.until(lambda: _active(room))
    await accept(room)
    await room.bus.publish(scored())

    assert "done" == (await room.written("outcomes", RUN))["state"]


async def _active(room: Room) -> bool:
    return room.journal.active
