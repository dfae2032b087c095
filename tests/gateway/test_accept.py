import asyncio
import json

import httpx
import pytest

from contracts.message import scout_id
from services.gateway.accept import message_of, republish, republish_once
from services.gateway.deps import Deps
from tests.gateway import world

BY_KEY = {"Idempotency-Key": "mine"}


async def test_accepted_work_is_written_and_told(http: httpx.AsyncClient, deps: Deps):
    """The answer names the run, the request is in the store, and the command is in its service's queue."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")

    answer = await http.post(f"/v1/niches/{tea}/analyses", json={"as_of": "2017-11-05"})
    await deps.outbox.drained()

    assert answer.status_code == 202
    run_id = answer.json()["id"]
    assert answer.json() == {"id": run_id, "kind": "scout.tasks.analyze_niche", "state": "accepted"}
    assert answer.headers["Location"] == f"/v1/runs/{run_id}"
    [sent] = await world.taken(deps.bus, "analysis", 1)
    request = await deps.store.get("requests", run_id)
    assert (sent.id, world.arguments(sent)) == (run_id, request["arguments"])
    assert (request["niche_id"], request["market"]) == (tea, "shop")
    assert world.arguments(sent)["params"]["as_of"] == "2017-11-05"


async def test_work_is_accepted_while_the_bus_refuses_and_told_when_it_takes_it(http: httpx.AsyncClient, deps: Deps):
    """The request is written and answered with 202 whatever the bus does; it is repeated until it is confirmed."""
    world.refusing(deps.bus)

    answer = await http.post("/v1/trends/refresh")
    for _ in range(5):
        await asyncio.sleep(0)

    assert answer.status_code == 202
    assert await deps.store.get("requests", answer.json()["id"])
    assert deps.bus.depth("trend") == 0
    world.trusting(deps.bus)
    await deps.outbox.drained()
    [sent] = await world.taken(deps.bus, "trend", 1)
    assert sent.id == answer.json()["id"]


async def test_the_same_key_and_body_are_one_request(http: httpx.AsyncClient, deps: Deps):
    """A repeat gets the same answer, and the id follows from the key alone."""
    first = await http.post("/v1/trends/refresh", headers=BY_KEY)
    second = await http.post("/v1/trends/refresh", headers=BY_KEY, json={})

    assert first.json() == second.json()
    assert first.json()["id"] == scout_id("local", "mine")
    assert await deps.store.count("requests") == 1


async def test_the_same_key_with_another_request_is_refused(http: httpx.AsyncClient, deps: Deps):
    """Another body and another address are both something else."""
    await world.market(deps)
    tea, milk = await world.niche(deps, "Tea"), await world.niche(deps, "Milk")
    first = await http.post(f"/v1/niches/{tea}/analyses", headers=BY_KEY, json={"horizon": 8})

    other_body = await http.post(f"/v1/niches/{tea}/analyses", headers=BY_KEY, json={"horizon": 4})
    other_niche = await http.post(f"/v1/niches/{milk}/analyses", headers=BY_KEY, json={"horizon": 8})
    other_kind = await http.post("/v1/analyses", headers=BY_KEY, json={"market": "shop"})

    assert first.status_code == 202
    for answer in (other_body, other_niche, other_kind):
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/idempotency-key-reused"
        assert answer.json()["run_id"] == first.json()["id"]
    assert await deps.store.count("requests") == 1


async def test_a_refused_request_does_not_use_up_its_key(http: httpx.AsyncClient, deps: Deps):
    """Who corrects what was wrong may send it with the same key."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")

    wrong = await http.post(f"/v1/niches/{tea}/analyses", headers=BY_KEY, json={"as_of": "1999-01-01"})
    right = await http.post(f"/v1/niches/{tea}/analyses", headers=BY_KEY, json={"as_of": "2017-11-05"})

    assert (wrong.status_code, right.status_code) == (422, 202)


async def test_a_repeat_is_told_again_only_while_nothing_happened(http: httpx.AsyncClient, deps: Deps):
    """A lost command is sent again by its asker's repeat; one that was heard of is not."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")
    address = f"/v1/niches/{tea}/analyses"
    run_id = (await http.post(address, headers=BY_KEY)).json()["id"]
    await http.post(address, headers=BY_KEY)
    await deps.outbox.drained()
    assert deps.bus.depth("analysis") == 2

    await world.write(deps, world.message(world.score(tea, 70.0), "scoring", run_id))
    await http.post(address, headers=BY_KEY)
    await deps.outbox.drained()

    assert deps.bus.depth("analysis") == 2


async def test_a_repeated_batch_is_the_first_one(http: httpx.AsyncClient, deps: Deps):
    """A niche that came in between belongs to no batch that was asked for before."""
    await world.market(deps)
    await world.niche(deps, "Tea")
    first = await http.post("/v1/analyses", headers=BY_KEY, json={"market": "shop"})
    await world.niche(deps, "Milk")

    second = await http.post("/v1/analyses", headers=BY_KEY, json={"market": "shop"})

    assert first.status_code == 202
    assert second.json() == first.json()
    assert await deps.store.count("requests") == 1


async def test_an_accepted_event_is_told_with_the_same_bytes_each_time(http: httpx.AsyncClient, deps: Deps):
    """What is told again is the same event: its id, time and body come from the written request."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")

    run_id = (await http.put(f"/v1/niches/{tea}/watch", json={"watched": True})).json()["id"]
    await deps.outbox.drained()

    [sent] = await world.taken(deps.bus, "journal", 1)
    request = await deps.store.get("requests", run_id)
    assert (sent.id, sent.key, sent.user) == (run_id, "niche.watched", "gateway")
    assert json.loads(sent.body) == {"niche_id": tea, "market": "shop", "watched": True}
    assert message_of(request) == sent


async def test_accepted_events_are_told_until_they_are_written(http: httpx.AsyncClient, deps: Deps):
    """An event whose telling was lost is told again; one that the journal wrote, and commands, are not."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")
    await http.post("/v1/trends/refresh")
    written = (await http.put(f"/v1/niches/{tea}/watch", json={"watched": True})).json()["id"]
    lost = (await http.put(f"/v1/niches/{tea}/watch", json={"watched": False})).json()["id"]
    await deps.outbox.drained()
    await world.taken(deps.bus, "journal", 2)
    await world.write(deps, message_of(await deps.store.get("requests", written)))
    before = deps.bus.depth("analysis")

    assert await republish_once(deps) == 1

    assert deps.bus.depth("analysis") == before + 1
    await world.write(deps, message_of(await deps.store.get("requests", lost)))
    assert await republish_once(deps) == 0


async def test_a_bus_that_refuses_does_not_end_the_republishing(http: httpx.AsyncClient, deps: Deps):
    """It goes on with the next round."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")
    world.refusing(deps.bus)
    await http.put(f"/v1/niches/{tea}/watch", json={"watched": True})

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await republish(deps)

    assert await republish_once(deps) == 1
