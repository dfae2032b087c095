"""Who is no part of the house: an outsider whose event has its effect, and a reader with a browser."""

import asyncio
import json
import uuid
from typing import Any

import aio_pika
import httpx
import pytest

from contracts.message import outside_id
from tests.browser import checks, chromium
from tests.compose.house import ComposeHouse
from tests.embedded.home import eventually


@pytest.fixture
def analysis(house: ComposeHouse, answers: dict[str, Any]) -> dict[str, Any]:
    """An analysis that the house made; an outsider tells it again as his own."""
    del answers  # the market behind it
    found = ask(house, "/v1/events?type=analysis.completed&limit=1")
    data: dict[str, Any] = found["items"][0]["data"]
    return data


def ask(house: ComposeHouse, path: str) -> Any:
    """What the gateway answers to a reader."""
    return httpx.get(f"{house.url}{path}", trust_env=False).raise_for_status().json()


def scored(house: ComposeHouse, run_id: str) -> dict[str, Any]:
    """The run that an event from outside opened, once it has ended."""

    def ended() -> dict[str, Any] | None:
        answer = httpx.get(f"{house.url}/v1/runs/{run_id}", trust_env=False)
        return answer.json() if answer.is_success and "finished_at" in answer.json() else None

    return eventually(ended)


def test_an_event_over_http_is_scored(house: ComposeHouse, analysis: dict[str, Any]):
    """It ends as a run of its own, whose result is the score of exactly this analysis."""
    event = {"specversion": "1.0", "id": "7", "source": "lab", "type": "analysis.completed", "data": analysis}

    accepted = httpx.post(f"{house.url}/v1/events", json=event, trust_env=False)

    assert (accepted.status_code, accepted.json()["id"]) == (202, outside_id("lab", "7"))
    run = scored(house, accepted.json()["id"])
    assert (run["state"], run["result"]["niche_id"]) == ("done", analysis["niche_id"])


def test_an_event_in_five_lines_of_aio_pika_is_scored(house: ComposeHouse, analysis: dict[str, Any]):
    """The broker's user `outside` may say it, and only what the catalog opens to outsiders."""
    password = house.project.value("SCOUT_PASSWORD_OUTSIDE")
    url = f"amqp://outside:{password}@127.0.0.1:{house.project.port('rabbitmq', 5672)}/scout"
    event_id = str(uuid.uuid4())

    async def publish(key: str) -> None:
        head = {"specversion": "1.0", "id": event_id, "type": key, "source": "lab", "time": "2026-11-24T12:00:00Z"}
        headers = {f"cloudEvents_{name}": value for name, value in head.items()}
        body = aio_pika.Message(
            json.dumps(analysis).encode(), headers=headers, content_type="application/json", user_id="outside"
        )
        async with await aio_pika.connect(url) as connection:
            channel = await connection.channel(on_return_raises=True)
            await (await channel.get_exchange("scout.events", ensure=False)).publish(body, key, timeout=5)

    asyncio.run(publish("analysis.completed"))

    assert scored(house, outside_id("lab", event_id))["state"] == "done"
    with pytest.raises(aio_pika.exceptions.AMQPError):
        asyncio.run(publish("opportunity.scored"))


def test_the_pages_of_the_house_are_right_in_a_browser(house: ComposeHouse, answers: dict[str, Any]):
    """Both pages, as the gateway's container serves them, pass every check of the pages."""
    del answers  # what they show
    with chromium.started() as browser:
        checks.everything(browser, house.url)
