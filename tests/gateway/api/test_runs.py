from datetime import timedelta
from typing import Any

import httpx

from contracts.analysis import AnalysisFailed
from contracts.message import scout_id
from contracts.run import AttemptNoted, Progress
from contracts.status import SCOUT_AGENT, Source, StatusReported
from services.gateway.deps import Deps
from tests.examples import NOON
from tests.gateway import world


async def batch(http: httpx.AsyncClient, deps: Deps, *names: str) -> dict[str, Any]:
    """A batch over niches of these names."""
    await world.market(deps)
    ids = [await world.niche(deps, name) for name in names]
    answer = await http.post("/v1/analyses", json={"market": "shop", "niche_ids": ids})
    assert answer.status_code == 202
    return {**answer.json(), "niches": ids}


def attempt(run_id: str) -> Any:
    """The event that a heavy handler tells when it begins."""
    noted = AttemptNoted(task="scout.tasks.analyze_niche", service="analysis", attempt=1, errors=0, losses=0)
    return world.message(noted, "analysis", run_id, cause=run_id)


async def test_a_batch_counts_its_runs_by_state(http: httpx.AsyncClient, deps: Deps):
    """Each run is in one state; those that failed are named with their reason."""
    started = await batch(http, deps, "Tea", "Milk", "Eggs", "Rice")
    done, failed, running, _ = started["ids"]
    await world.write(deps, world.message(world.score(started["niches"][0], 70.0), "scoring", done))
    no = AnalysisFailed(niche_id=started["niches"][1], market="shop", reason="three weeks are too few")
    await world.write(deps, world.message(no, "analysis", failed), attempt(running))

    state = (await http.get(f"/v1/batches/{started['batch']}")).json()

    assert started["runs"] == 4
    assert state == {
        "batch": started["batch"],
        "total": 4,
        "accepted": 1,
        "running": 1,
        "done": 1,
        "failed": 1,
        "failures": [{"run_id": failed, "niche_id": started["niches"][1], "reason": "three weeks are too few"}],
    }


async def test_every_command_of_a_batch_is_told(http: httpx.AsyncClient, deps: Deps):
    """Without ids it is every niche of the market, each in a run of its own with the batch's name."""
    await world.market(deps)
    niches = {await world.niche(deps, name) for name in ("Tea", "Milk", "Eggs")}
    await world.market(deps, "bazaar")
    await world.niche(deps, "Tea", "bazaar")

    answer = await http.post("/v1/analyses", json={"market": "shop"})
    await deps.outbox.drained()

    assert answer.headers["Location"] == f"/v1/batches/{answer.json()['batch']}"
    sent = await world.taken(deps.bus, "analysis", 3)
    assert {world.arguments(one)["niche_id"] for one in sent} == niches
    assert {one.id for one in sent} == set(answer.json()["ids"])
    runs = (await http.get("/v1/runs", params={"batch": answer.json()["batch"]})).json()["items"]
    assert {run["niche_id"] for run in runs} == niches


async def test_a_batch_over_unknown_niches_starts_nothing(http: httpx.AsyncClient, deps: Deps):
    """Ids that no niche has, or one of another market, are pointed at."""
    await world.market(deps)
    await world.market(deps, "bazaar")
    tea, foreign = await world.niche(deps, "Tea"), await world.niche(deps, "Tea", "bazaar")

    answer = await http.post("/v1/analyses", json={"market": "shop", "niche_ids": [tea, "nobody", foreign]})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/niche_ids/1", "/niche_ids/2"]
    assert "scout niche list --market shop" in answer.json()["detail"]
    assert await deps.store.count("requests") == 0


async def test_a_batch_needs_observations(http: httpx.AsyncClient, deps: Deps):
    """A market that was never imported, and one whose niches are not there yet."""
    await world.market(deps)

    unknown = await http.post("/v1/analyses", json={"market": "toys"})
    empty = await http.post("/v1/analyses", json={"market": "shop"})

    assert (unknown.status_code, empty.status_code) == (422, 422)
    assert unknown.json()["type"] == "/problems/market-not-found"
    assert empty.json()["type"] == "/problems/no-niches"


async def test_a_run_goes_from_accepted_to_its_result(http: httpx.AsyncClient, deps: Deps):
    """A run can be asked for at once; when it is done it has what the command returns."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")
    run_id = (await http.post(f"/v1/niches/{tea}/analyses")).json()["id"]

    accepted = (await http.get(f"/v1/runs/{run_id}")).json()
    await world.write(deps, attempt(run_id))
    running = (await http.get(f"/v1/runs/{run_id}")).json()
    await world.write(deps, world.message(world.score(tea, 70.0), "scoring", run_id, NOON + timedelta(seconds=9)))
    done = (await http.get(f"/v1/runs/{run_id}")).json()

    assert (accepted["state"], accepted["niche_id"], accepted["stages"]) == ("accepted", tea, [])
    assert (running["state"], running["stages"][0]["name"]) == ("running", "scout.tasks.analyze_niche")
    assert (done["state"], done["result"]["opportunity"]["score"]) == ("done", 70.0)
    assert [stage["name"] for stage in done["stages"]] == ["scout.tasks.analyze_niche", "opportunity.scored"]


async def test_an_outcome_counts_before_its_run_is_derived(http: httpx.AsyncClient, deps: Deps):
    """A run that was given up while the journal knew nothing of it is failed, with the reason."""
    run_id = (await http.post("/v1/trends/refresh")).json()["id"]
    outcome = {"_id": run_id, "state": "failed", "at": "2026-11-24T12:00:00.000000+00:00", "reason": "lost"}
    await deps.store.insert("outcomes", outcome)

    run = (await http.get(f"/v1/runs/{run_id}")).json()

    assert (run["state"], run["reason"]) == ("failed", "lost")
    assert "result" not in run


async def test_a_working_run_says_how_far_it_is(http: httpx.AsyncClient, deps: Deps):
    """Progress is live: it is heard on the bus, and shown only while the run works."""
    run_id = (await http.post("/v1/trends/refresh")).json()["id"]
    await world.write(deps, attempt(run_id))
    source = Source(service="trend", host="here", pid=1, boot="1", seq=1)
    told = StatusReported(
        agent=SCOUT_AGENT,
        source=source,
        state="working",
        sent_at=NOON,
        run_id=run_id,
        progress=Progress(done=3, total=9, unit="niches"),
    )
    deps.live._hear(told.to_json())

    assert (await http.get(f"/v1/runs/{run_id}")).json()["progress"] == {"done": 3, "total": 9, "unit": "niches"}
    await deps.store.delete("runs", [run_id])
    assert "progress" not in (await http.get(f"/v1/runs/{run_id}")).json()


async def listed(http: httpx.AsyncClient, **params: str | int) -> list[str]:
    """The ids of runs over all pages."""
    ids, cursor = [], None
    while True:
        page = (await http.get("/v1/runs", params=params | ({"cursor": cursor} if cursor else {}))).json()
        ids += [run["id"] for run in page["items"]]
        cursor = page.get("next")
        if cursor is None:
            return ids


async def test_runs_are_listed_newest_first_whoever_knows_of_them(http: httpx.AsyncClient, deps: Deps):
    """Runs that the journal derived and requests that it has not seen yet are one list, on pages of any size."""
    ids = [(await http.post("/v1/trends/refresh")).json()["id"] for _ in range(7)]
    await world.write(deps, *(attempt(one) for one in ids[::2]))
    newest_first = ids[::-1]

    for limit in (1, 2, 3, 7):
        assert await listed(http, limit=limit) == newest_first
    assert await listed(http, state="accepted", limit=2) == newest_first[1::2]
    assert await listed(http, state="running", limit=2) == newest_first[::2]
    assert await listed(http, kind="scout.tasks.backtest") == []


async def test_runs_of_one_moment_are_shown_once_each(http: httpx.AsyncClient, deps: Deps):
    """A page may end amid runs that began together; what comes in meanwhile shifts nothing."""
    at = "2026-11-24T12:00:00.000000+00:00"
    same = [{"_id": scout_id(n), "kind": "scout.tasks.backtest", "arguments": {}, "accepted_at": at} for n in range(5)]
    await deps.store.insert_many("requests", same)
    first = (await http.get("/v1/runs", params={"limit": 2})).json()
    await http.post("/v1/trends/refresh")

    rest = await listed(http, limit=2, cursor=first["next"])
    shown = [run["id"] for run in first["items"]] + rest

    assert sorted(shown) == sorted(one["_id"] for one in same)


async def test_a_runs_events_come_in_the_order_of_the_journal(http: httpx.AsyncClient, deps: Deps):
    """Its own only, each with its number and what it says, and from any number on."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")
    run_id = (await http.post(f"/v1/niches/{tea}/analyses")).json()["id"]
    await world.write(deps, attempt(run_id))
    await world.scored(deps, "Milk", 50.0)
    await world.write(deps, world.message(world.score(tea, 70.0), "scoring", run_id))

    events = (await http.get(f"/v1/runs/{run_id}/events")).json()["items"]
    later = (await http.get(f"/v1/runs/{run_id}/events", params={"after": events[0]["seq"]})).json()["items"]

    assert [event["type"] for event in events] == ["attempt.noted", "opportunity.scored"]
    assert events[1]["data"]["score"]["niche_id"] == tea
    assert later == events[1:]
