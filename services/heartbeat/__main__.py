"""The sidecar as a process: `python -m services.heartbeat`. It tells the house's own gateway, and an office outside."""

import asyncio
import json
from functools import partial

import httpx
import structlog

from contracts.status import AgentStatus
from services.chassis.bus_aio import AioBus
from services.chassis.entry import beat, kept, needed, run
from services.chassis.pulse import Pulse
from services.chassis.settings import Settings
from services.heartbeat.relay import TIMEOUT, Relay
from services.heartbeat.sidecar import Sidecar

log = structlog.get_logger(__name__)
_TRIES = 20


async def main(settings: Settings, stop: asyncio.Event) -> None:
    """Hand on how every agent is until `stop`, and then the newest state once more."""
    own = f"{needed(settings.url, 'SCOUT_URL', 'the gateway of this house')}/v1"
    relays = {"gateway": Relay(own, settings.agents_token.get_secret_value() if settings.agents_token else "")}
    if outside := Relay.of(settings):
        relays["office"] = outside
    async with AioBus(needed(settings.broker_url, "SCOUT_BROKER_URL", "RabbitMQ as user heartbeat")) as bus:
        sidecar = Sidecar(bus, list(relays.values()), settings)
        await _recall(sidecar, own, stop)
        parts = {name: relay.run for name, relay in relays.items()}
        pulse = partial(beat, Pulse(settings), partial(_listens, bus))
        async with kept(**parts, sidecar=sidecar.run, pulse=pulse):
            await stop.wait()
            await sidecar.flush()
            await asyncio.gather(*(relay.finish() for relay in relays.values()))


async def _recall(sidecar: Sidecar, own: str, stop: asyncio.Event) -> None:
    """Go on from what the gateway shows, since the day's counters are there alone; for a while wait until it is up."""
    async with httpx.AsyncClient(timeout=TIMEOUT) as http:
        for _ in range(_TRIES):
            try:
                answer = await http.get(f"{own}/agents")
                for agent in answer.raise_for_status().json()["items"]:
                    sidecar.recall(AgentStatus.from_json(json.dumps(agent)))
                return
            except httpx.HTTPError as exc:
                why = str(exc) or type(exc).__name__
            if stop.is_set():
                return
            await asyncio.sleep(1)
    log.warning("the gateway does not say what it shows, the day's counters start anew", error=why)


async def _listens(bus: AioBus) -> bool:
    return bus.connected


if __name__ == "__main__":
    run(main)
