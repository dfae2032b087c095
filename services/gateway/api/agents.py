"""Agents: software employees as the office shows them."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from contracts.status import AgentStatus
from services.chassis.store import Document
from services.gateway.deps import Here
from services.gateway.pages import ListQuery, Page, counted, cut
from services.gateway.problems import ProblemError, not_found, unfit
from services.gateway.routes import JsonBody, Routes, read

router = Routes(prefix="/v1/agents", tags=["agents"])
SILENCE = timedelta(seconds=180)
"""Who said nothing for so long is offline: three beats of the schedule's heartbeat."""


Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(HTTPBearer(auto_error=False))]


async def _known(deps: Here, shown: Bearer) -> None:
    """Let in who shows the token of SCOUT_AGENTS_TOKEN; where none is set, everybody."""
    token = deps.settings.agents_token.get_secret_value() if deps.settings.agents_token else ""
    if token and not (shown and hmac.compare_digest(shown.credentials.encode(), token.encode())):
        raise ProblemError(
            401,
            "agents-token",
            "The agents' token is missing or another one",
            "Send `Authorization: Bearer` and the value of SCOUT_AGENTS_TOKEN, which `just env` wrote to .env.",
            headers={"WWW-Authenticate": "Bearer"},
        )


@router.get("")
async def list_agents(deps: Here, query: Annotated[ListQuery, Query()]) -> Page[AgentStatus]:
    """List the agents and what each of them does."""
    found = await deps.store.find("agents", limit=query.limit + 1, skip=counted(query))
    shown, cursor = cut(found, query)
    now = datetime.now(UTC)
    return Page[AgentStatus](items=tuple(_status(document, now) for document in shown), next=cursor)


@router.get("/{agent_id}")
async def get_agent(deps: Here, agent_id: str) -> AgentStatus:
    """Get an agent: whether it works, and what it counted today."""
    document = await deps.store.get("agents", agent_id)
    if document is None:
        known = ", ".join(agent["_id"] for agent in await deps.store.find("agents", limit=10)) or "none yet"
        raise not_found("agent", f"There is no agent {agent_id!r}. Known: {known}.")
    return _status(document, datetime.now(UTC))


@router.put("/{agent_id}", dependencies=[Depends(_known)])
async def put_agent(deps: Here, agent_id: str, status: JsonBody[AgentStatus]) -> AgentStatus:
    """Say how an agent is. What is older than what is known already changes nothing."""
    if status.agent_id != agent_id:
        raise unfit(
            "agent-mismatch", f"The address names {agent_id}, the body {status.agent_id}: make them one.", "/agent_id"
        )
    known = await deps.store.get("agents", agent_id)
    if known is not None and datetime.fromisoformat(known["sent_at"]) > status.sent_at:
        return _status(known, datetime.now(UTC))
    document = {"_id": agent_id, **status.model_dump(mode="json", exclude_none=True)}
    await deps.store.replace("agents", document)
    return _status(document, datetime.now(UTC))


def _status(document: Document, now: datetime) -> AgentStatus:
    """The status as it was said; silence says that the agent is offline."""
    status = read(AgentStatus, document)
    if now - status.sent_at <= SILENCE:
        return status
    return status.model_copy(update={"state": "offline", "text": "", "task_id": None})
