import httpx

from contracts.catalog import EVENTS
from services.gateway.deps import Deps
from tests.gateway import world


async def test_events_are_listed_in_the_order_of_the_journal(http: httpx.AsyncClient, deps: Deps):
    """Pages join to the whole, and `after` goes on from an event that is known."""
    await world.market(deps)
    for name in ("Tea", "Milk", "Eggs"):
        await world.scored(deps, name, 50.0)

    whole = (await http.get("/v1/events")).json()
    first = (await http.get("/v1/events", params={"limit": 2})).json()
    second = (await http.get("/v1/events", params={"limit": 2, "cursor": first["next"]})).json()
    rest = (await http.get("/v1/events", params={"after": 2})).json()

    assert [event["seq"] for event in whole["items"]] == [1, 2, 3]
    assert first["items"] + second["items"] == whole["items"]
    assert "next" not in second
    assert rest["items"] == whole["items"][2:]


async def test_the_newest_events_alone_are_a_page(http: httpx.AsyncClient, deps: Deps):
    """Who follows the journal begins at its end; in order, and no further than what is known already."""
    await world.market(deps)
    for name in ("Tea", "Milk", "Eggs"):
        await world.scored(deps, name, 50.0)

    newest = (await http.get("/v1/events", params={"last": 2})).json()
    newer = (await http.get("/v1/events", params={"last": 2, "after": 2})).json()
    others = (await http.get("/v1/events", params={"last": 2, "type": "trend.updated"})).json()

    assert [event["seq"] for event in newest["items"]] == [2, 3]
    assert [event["seq"] for event in newer["items"]] == [3]
    assert others == {"items": []}


async def test_events_are_found_by_type_and_run(http: httpx.AsyncClient, deps: Deps):
    """Both narrow the list, and an event shows its envelope and its data."""
    await world.market(deps)
    await world.scored(deps, "Tea", 50.0)
    [event] = (await http.get("/v1/events")).json()["items"]
    run = {"run_id": event["correlation_id"]}

    assert (await http.get("/v1/events", params={"type": "opportunity.scored", **run})).json()["items"] == [event]
    assert (await http.get("/v1/events", params={"type": "trend.updated", **run})).json()["items"] == []
    assert event["source"] == "scoring"
    assert event["data"]["score"]["verdict"] == "enter"
    assert "subject" not in event


async def test_the_catalog_lists_every_event(http: httpx.AsyncClient):
    """Who tells it, who hears it, its schema, and what it means."""
    items = (await http.get("/v1/events/catalog")).json()["items"]

    assert [item["key"] for item in items] == list(EVENTS)
    [completed] = [item for item in items if item["key"] == "analysis.completed"]
    assert completed == {
        "key": "analysis.completed",
        "told_by": ["analysis"],
        "heard_by": ["scoring", "journal"],
        "outside": True,
        "schema": "scout:schemas/analysis.completed.json",
        "doc": "A niche was analysed: all that scoring needs. `series` holds the whole `Analysis` as JSON.",
    }
