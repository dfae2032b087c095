import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from contracts.message import scout_id
from contracts.run import AttemptNoted, Progress
from contracts.status import SCOUT_AGENT, Source, StatusReported
from services.gateway.api import stream
from services.gateway.api.stream import follow
from services.gateway.deps import Deps
from tests.examples import NOON
from tests.gateway import world


def parsed(text: str) -> list[dict[str, Any]]:
    """The messages of a stream: their fields, data as JSON; comments and the pause to reconnect left out."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "data" in fields:
            found.append({**fields, "data": json.loads(fields["data"])})
    return found


async def accepted(http: httpx.AsyncClient, deps: Deps) -> tuple[str, str]:
    """A run that was asked for, and its niche."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")
    return (await http.post(f"/v1/niches/{tea}/analyses")).json()["id"], tea


async def attempt(deps: Deps, run_id: str) -> None:
    """The run begins."""
    noted = AttemptNoted(task="scout.tasks.analyze_niche", service="analysis", attempt=1, errors=0, losses=0)
    await tell(deps, world.message(noted, "analysis", run_id, cause=run_id))


async def scored(deps: Deps, run_id: str, niche: str) -> None:
    """The run ends."""
    await tell(deps, world.message(world.score(niche, 70.0), "scoring", run_id, cause=run_id))


async def tell(deps: Deps, message: Any) -> None:
    """Publish an event, and write it after its hearers were told of it, as happens in the house."""
    await deps.bus.publish(message, confirm=False)
    await asyncio.sleep(0)
    await world.write(deps, message)


async def whole(messages: AsyncIterator[str]) -> str:
    """A stream until it ends."""
    return "".join([message async for message in messages])


@pytest.fixture
async def listening(deps: Deps):
    """The gateway listens on the bus."""
    task = asyncio.create_task(deps.live.run(deps.bus))
    await asyncio.sleep(0)
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_finished_run_is_told_in_the_order_of_the_journal_and_ends(http: httpx.AsyncClient, deps: Deps):
    """Each event has its number and type and what it says; the outcome is last, and no other run's events are there."""
    run_id, tea = await accepted(http, deps)
    await attempt(deps, run_id)
    await world.scored(deps, "Milk", 50.0)
    await scored(deps, run_id, tea)

    answer = await http.get(f"/v1/runs/{run_id}/stream")
    listed = (await http.get(f"/v1/runs/{run_id}/events")).json()["items"]

    told = parsed(answer.text)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [one["event"] for one in told] == ["attempt.noted", "opportunity.scored", "outcome"]
    assert [one["data"] for one in told[:2]] == listed
    assert [one["id"] for one in told[:2]] == [str(event["seq"]) for event in listed]
    assert (told[2]["data"]["run_id"], told[2]["data"]["state"]) == (run_id, "done")


async def test_who_was_cut_off_goes_on_behind_the_last_id(http: httpx.AsyncClient, deps: Deps):
    """From whichever id, the rest comes once; the header goes before the address; behind the outcome is nothing."""
    run_id, tea = await accepted(http, deps)
    await attempt(deps, run_id)
    await scored(deps, run_id, tea)
    place = f"/v1/runs/{run_id}/stream"
    whole = parsed((await http.get(place)).text)

    for known in range(1, len(whole)):
        rest = await http.get(place, headers={"Last-Event-ID": whole[known - 1]["id"]}, params={"after": 0})
        assert parsed(rest.text) == whole[known:]
    assert parsed((await http.get(place, params={"after": whole[0]["id"]})).text) == whole[1:]
    assert (await http.get(place, headers={"Last-Event-ID": whole[-1]["id"]})).status_code == 204


@pytest.mark.usefixtures("listening")
async def test_what_happens_meanwhile_comes_by_itself(http: httpx.AsyncClient, deps: Deps):
    """Who follows before anything is written gets all of it once, and the end, without asking again."""
    run_id, tea = await accepted(http, deps)
    followers = [asyncio.create_task(whole(follow(deps, run_id, 0))) for _ in range(20)]
    await asyncio.sleep(0)
    assert len(deps.live._followers[run_id]) == 20

    await attempt(deps, run_id)
    await scored(deps, run_id, tea)

    for follower in followers:
        assert [one["event"] for one in parsed(await follower)] == ["attempt.noted", "opportunity.scored", "outcome"]
    assert deps.live._followers == {}


@pytest.mark.usefixtures("listening")
async def test_progress_is_told_live_and_has_no_id(http: httpx.AsyncClient, deps: Deps):
    """How far a run is comes when it is said, once each; it moves nobody's place in the journal."""
    run_id, _ = await accepted(http, deps)
    source = Source(service="trend", host="here", pid=1, boot="1", seq=1)
    messages = follow(deps, run_id, 0)
    await anext(messages)
    for done in (1, 2):
        status = StatusReported(
            agent=SCOUT_AGENT,
            source=source,
            state="working",
            sent_at=NOON,
            run_id=run_id,
            progress=Progress(done=done, total=9, unit="niches"),
        )
        waiting = asyncio.ensure_future(anext(messages))
        await deps.bus.publish(world.message(status, "trend", run_id), confirm=False)
        assert parsed(await waiting) == [{"event": "progress", "data": {"done": done, "total": 9, "unit": "niches"}}]
    await messages.aclose()


async def test_silence_is_broken_by_a_comment_and_the_store_is_looked_at(http: httpx.AsyncClient, deps: Deps):
    """Without a bus that carries, a stream lives on its pings alone and still misses nothing."""
    run_id, tea = await accepted(http, deps)
    messages = follow(deps, run_id, 0, ping=0.01)

    assert [await anext(messages), await anext(messages)] == ["retry: 2000\n\n", ": ping\n\n"]
    await scored(deps, run_id, tea)
    rest = parsed(await whole(messages))

    assert [one["event"] for one in rest] == ["opportunity.scored", "outcome"]


async def test_a_long_run_is_read_page_by_page(http: httpx.AsyncClient, deps: Deps, monkeypatch: pytest.MonkeyPatch):
    """However many events there are, each comes once."""
    monkeypatch.setattr(stream, "_PAGE", 2)
    run_id, tea = await accepted(http, deps)
    for n in range(5):
        noted = AttemptNoted(task="t", service="analysis", attempt=n, errors=n, losses=0)
        at = NOON.replace(second=n)
        await world.write(deps, world.message(noted, "analysis", run_id, at, cause=run_id))
    await scored(deps, run_id, tea)

    told = parsed((await http.get(f"/v1/runs/{run_id}/stream")).text)

    assert [one["event"] for one in told] == ["attempt.noted"] * 5 + ["opportunity.scored", "outcome"]
    assert len({one["id"] for one in told}) == 7


async def test_a_house_that_is_left_lets_its_followers_go(http: httpx.AsyncClient, deps: Deps):
    """The stream ends without an outcome, so that whoever follows asks again."""
    run_id, _ = await accepted(http, deps)
    following = asyncio.create_task(whole(follow(deps, run_id, 0)))
    await asyncio.sleep(0)

    deps.live.close()

    assert parsed(await following) == []


async def test_a_store_that_fails_ends_the_stream(http: httpx.AsyncClient, deps: Deps):
    """What was not told is asked for again with the last id."""
    run_id, _ = await accepted(http, deps)
    messages = follow(deps, run_id, 0)
    await anext(messages)
    await deps.store.close()
    world.without_store(deps)

    assert await whole(messages) == ""


async def test_a_stream_of_nothing_is_refused(http: httpx.AsyncClient, deps: Deps):
    """An unknown run, an id that no stream sent, a parameter that nobody knows."""
    run_id, _ = await accepted(http, deps)

    unknown = await http.get(f"/v1/runs/{scout_id('nobody')}/stream")
    strange = await http.get(f"/v1/runs/{run_id}/stream", headers={"Last-Event-ID": "abc"})
    misspelt = await http.get(f"/v1/runs/{run_id}/stream", params={"afer": 3})

    assert (unknown.status_code, strange.status_code, misspelt.status_code) == (404, 422, 422)
    assert strange.json()["type"] == "/problems/invalid-last-event-id"
