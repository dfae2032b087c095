"""The clock, in a simulated time that moves only while the ticker waits."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta, tzinfo
from types import SimpleNamespace
from typing import Self
from zoneinfo import ZoneInfo

import pytest

from services.chassis import ticker
from services.chassis.bus_local import LocalBus
from services.chassis.errors import PublishFailed
from services.chassis.settings import Settings
from services.chassis.ticker import run_ticker
from services.chassis.wire import Message

MOSCOW = ZoneInfo("Europe/Moscow")
BEFORE_SIX = datetime(2026, 11, 24, 5, 59, 30, tzinfo=MOSCOW)
TRENDS, CLEANUP, HEARTBEAT = (
    f"scout.tasks.{name}" for name in ("update_trend_data", "cleanup_old_analyses", "office_heartbeat")
)


class Clock(datetime):
    """A clock that stands still."""

    present = BEFORE_SIX

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.present.astimezone(tz)  # type: ignore[return-value] # a datetime is all that is asked for


class Out:
    """Takes what is published; refuses the first `broken` messages."""

    def __init__(self, broken: int = 0) -> None:
        self.messages: list[Message] = []
        self.broken = broken

    async def publish(self, message: Message, *, confirm: bool = True) -> None:
        assert confirm
        if self.broken:
            self.broken -= 1
            raise PublishFailed("the broker is away")
        self.messages.append(message)

    def slots(self, command: str) -> list[str]:
        """The times in Moscow of a command's slots."""
        stamps = [message.timestamp for message in self.messages if message.key == command]
        return [f"{datetime.fromtimestamp(stamp or 0, MOSCOW):%d %H:%M}" for stamp in stamps]


@pytest.fixture
def until(monkeypatch: pytest.MonkeyPatch):
    """Runs a ticker from half a minute before six until a moment of simulated time."""
    monkeypatch.setattr(ticker, "datetime", Clock)

    async def run(publisher: object, end: datetime, start: datetime = BEFORE_SIX) -> None:
        async def sleep(seconds: float) -> None:
            assert 0 < seconds <= 30
            Clock.present += timedelta(seconds=seconds)
            if Clock.present > end:
                raise asyncio.CancelledError

        monkeypatch.setattr(ticker, "asyncio", SimpleNamespace(sleep=sleep))
        monkeypatch.setattr(Clock, "present", start)
        with pytest.raises(asyncio.CancelledError):
            await run_ticker(publisher, Settings())  # type: ignore[arg-type] # the bus or `Out`, both publish

    return run


async def test_the_newest_past_slot_of_every_entry_is_sent_at_start(until):
    """A house that was closed at six does its daily work when it opens: yesterday's, since today's is not due."""
    out = Out()

    await until(out, BEFORE_SIX)

    assert ["23 06:00"] == out.slots(TRENDS)
    assert ["24 03:00"] == out.slots(CLEANUP)
    assert ["24 05:59"] == out.slots(HEARTBEAT)


async def test_each_slot_is_sent_once_when_its_time_comes(until):
    """Waiting is cut into pieces of half a minute at most, but a slot is sent once."""
    out = Out()

    await until(out, BEFORE_SIX + timedelta(minutes=2))

    assert ["23 06:00", "24 06:00"] == out.slots(TRENDS)
    assert ["24 03:00"] == out.slots(CLEANUP)
    assert ["24 05:59", "24 06:00", "24 06:01"] == out.slots(HEARTBEAT)


async def test_two_tickers_send_the_same_ids_for_the_same_slots(until):
    """Two clocks are one: whoever receives both sees repeats; another slot is another command."""
    first, second = Out(), Out()

    await until(first, BEFORE_SIX + timedelta(minutes=1))
    await until(second, BEFORE_SIX + timedelta(minutes=1, seconds=12), BEFORE_SIX + timedelta(seconds=12))

    ids = {(m.key, m.timestamp): m.id for m in first.messages}
    assert ids == {(m.key, m.timestamp): m.id for m in second.messages}
    assert [1] * len(ids) == list(Counter(ids.values()).values())


async def test_a_tick_that_was_not_taken_is_tried_again(until):
    """A broker that is away for a moment loses no daily work."""
    out, start = Out(broken=3), BEFORE_SIX + timedelta(minutes=10)

    await until(out, start + timedelta(minutes=1), start)

    assert ["24 06:00"] == out.slots(TRENDS)
    assert ["24 03:00"] == out.slots(CLEANUP)
    assert ["24 06:10"] == out.slots(HEARTBEAT)[-1:]


async def test_the_broker_takes_every_tick(until):
    """The clock's user may send each command of the schedule, and each reaches a queue."""
    bus = LocalBus()

    await until(bus, BEFORE_SIX)

    assert (1, 1, 1) == tuple(bus.depth(queue) for queue in ("trend", "analysis", "scoring"))
