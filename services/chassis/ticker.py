"""The clock: sends each schedule entry's command once per slot. Two clocks are one, since a slot is an id."""

import asyncio
from datetime import datetime, timedelta

import structlog

from contracts.message import scout_id
from contracts.schedule import SCHEDULE, Entry
from services.chassis.bus import Publisher
from services.chassis.errors import PublishFailed
from services.chassis.settings import Settings
from services.chassis.wire import Message, command_message

log = structlog.get_logger(__name__)


def tick(name: str, entry: Entry, slot: datetime) -> Message:
    """The command of one slot; its id is made of both, so that a repeat is the same command."""
    return command_message(entry.command, {}, scout_id(name, slot.isoformat()), "beat", timestamp=slot.timestamp())


async def run_ticker(publisher: Publisher, settings: Settings) -> None:
    """Send every entry's newest past slot at start, since a repeat is free, and each slot from then on."""
    sent: dict[str, datetime] = {}
    while True:
        now = datetime.now(settings.zone)
        for name, entry in SCHEDULE.items():
            slot = entry.slot(now)
            if sent.get(name) == slot:
                continue
            try:
                await publisher.publish(tick(name, entry, slot))
                sent[name] = slot
            except PublishFailed as exc:
                log.warning("tick not sent, tried again", entry=name, error=str(exc))
        soonest = min(entry.slot(now) + entry.period for entry in SCHEDULE.values())
        await asyncio.sleep(max(0.5, min(soonest - now, timedelta(seconds=30)).total_seconds()))
