from datetime import datetime, timedelta
from typing import Any

import httpx

from contracts.status import SCOUT_AGENT
from tests.gateway import world

ADDRESS = "/v1/agents/scout_niche"


def status(at: datetime, **changes: Any) -> dict[str, Any]:
    """What the sidecar says of the agent."""
    said = {"state": "working", "text": "Анализ ниши Tea", "task_id": "t", "sent_at": at.isoformat()}
    return SCOUT_AGENT.model_dump() | said | changes


async def test_an_agent_is_shown_as_it_was_last_said(http: httpx.AsyncClient):
    """A PUT is answered with what is known now, which the list shows too."""
    body = status(world.now(), metrics={"trends_updated": 3})

    answer = await http.put(ADDRESS, json=body)

    shown = (await http.get(ADDRESS)).json()
    assert answer.status_code == 200
    assert answer.json() == shown
    assert (await http.get("/v1/agents")).json()["items"] == [shown]
    assert (shown["state"], shown["text"], shown["metrics"]) == ("working", body["text"], {"trends_updated": 3})
    assert shown["salary_equivalent"] == 70_000


async def test_an_older_word_changes_nothing(http: httpx.AsyncClient):
    """Statuses may overtake one another on their way."""
    now = world.now()
    await http.put(ADDRESS, json=status(now))

    answer = await http.put(ADDRESS, json=status(now - timedelta(seconds=9), state="error", text="no"))

    assert answer.json()["state"] == "working"
    assert (await http.get(ADDRESS)).json()["state"] == "working"


async def test_an_agent_that_is_silent_is_offline(http: httpx.AsyncClient):
    """After three minutes nobody believes that it still works."""
    await http.put(ADDRESS, json=status(world.now() - timedelta(seconds=200)))

    shown = (await http.get(ADDRESS)).json()

    assert (shown["state"], shown["text"]) == ("offline", "")
    assert "task_id" not in shown


async def test_an_agent_speaks_for_itself(http: httpx.AsyncClient):
    """The address and the body name one agent."""
    answer = await http.put("/v1/agents/somebody", json=status(world.now()))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/agent_id"
