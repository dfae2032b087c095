from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from contracts.status import SCOUT_AGENT
from services.gateway.app import create_app
from services.gateway.deps import Deps
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


async def test_who_has_no_token_says_nothing(deps: Deps):
    """Where a token is set, a PUT without it or with another one is answered 401 and changes nothing."""
    guarded = replace(deps, settings=deps.settings.model_copy(update={"agents_token": SecretStr("s3cret")}))
    transport = httpx.ASGITransport(create_app(guarded))
    async with httpx.AsyncClient(transport=transport, base_url="http://scout") as http:
        for headers in ({}, {"Authorization": "Bearer other"}, {"Authorization": "Basic s3cret"}):
            refused = await http.put(ADDRESS, json=status(world.now()), headers=headers)
            assert (refused.status_code, refused.json()["type"]) == (401, "/problems/agents-token")
        assert (await http.get("/v1/agents")).json()["items"] == []

        taken = await http.put(ADDRESS, json=status(world.now()), headers={"Authorization": "Bearer s3cret"})
        assert taken.status_code == 200
