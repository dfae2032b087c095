import json
from datetime import datetime
from typing import Any

import httpx
import pytest

from contracts.message import FileRef, outside_id
from services.gateway.accept import message_of, republish_once
from services.gateway.deps import Deps
from tests.examples import cause_of
from tests.gateway import world

PLACE = "/v1/events"


def told(deps: Deps, **changes: Any) -> dict[str, Any]:
    """An analysis that somebody outside made, with files that are there."""
    file = deps.files.put("uploads", b"{}", ".json")
    data = world.analysed("n1", file, reference=file).model_dump(mode="json", exclude_none=True)
    return {"specversion": "1.0", "id": "1", "source": "lab", "type": "analysis.completed", "data": data} | changes


async def test_an_event_from_outside_opens_a_run_of_its_own(http: httpx.AsyncClient, deps: Deps) -> None:
    """It is written first, then told as the user `outside`; the run is made of its source and id."""
    answer = await http.post(PLACE, json=told(deps, time="2026-11-24T12:00:00Z", subject="n1"))
    await deps.outbox.drained()

    run_id = outside_id("lab", "1")
    assert (answer.status_code, answer.headers["Location"]) == (202, f"/v1/runs/{run_id}")
    assert answer.json() == {"id": run_id, "kind": "analysis.completed", "state": "accepted"}
    [sent] = await world.taken(deps.bus, "scoring", 1)
    cause = cause_of(sent, "scoring")
    assert (sent.user, cause.id, cause.run_id, cause.time.hour) == ("outside", run_id, run_id, 12)
    assert json.loads(sent.body)["niche_id"] == "n1"
    assert (await http.get(f"/v1/runs/{run_id}")).json()["niche_id"] == "n1"


async def test_a_repeat_of_source_and_id_is_the_same_event(http: httpx.AsyncClient, deps: Deps) -> None:
    """It is answered as the first time, whatever its time, and told with the same bytes while nobody wrote it."""
    first = await http.post(PLACE, json=told(deps))
    second = await http.post(PLACE, json=told(deps, time="2026-11-24T12:00:00Z"))
    await deps.outbox.drained()

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert await deps.store.count("requests") == 1
    one, other = await world.taken(deps.bus, "scoring", 2)
    assert one == other
    request = await deps.store.get("requests", outside_id("lab", "1"))
    assert cause_of(one, "scoring").time == datetime.fromisoformat(request["accepted_at"])


async def test_another_event_under_the_same_id_is_a_conflict(http: httpx.AsyncClient, deps: Deps) -> None:
    """The first stays what the id stands for; another source has ids of its own."""
    await http.post(PLACE, json=told(deps))
    other = told(deps)
    other["data"]["niche_name"] = "Coffee"

    conflict = await http.post(PLACE, json=other)
    elsewhere = await http.post(PLACE, json=other | {"source": "another"})
    await deps.outbox.drained()

    assert (conflict.status_code, conflict.json()["type"]) == (409, "/problems/event-id-reused")
    assert conflict.json()["run_id"] == outside_id("lab", "1")
    assert elsewhere.status_code == 202
    assert "Tea" in (await deps.store.get("requests", outside_id("lab", "1")))["arguments"]["niche_name"]


async def test_an_unknown_key_is_answered_with_the_catalog(http: httpx.AsyncClient, deps: Deps) -> None:
    """404, and where to look."""
    answer = await http.post(PLACE, json=told(deps, type="analysis.complete"))

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/event-not-found")
    assert "/v1/events/catalog" in answer.json()["detail"]


@pytest.mark.parametrize("key", ["opportunity.scored", "status.reported", "run.finished", "niche.watched"])
async def test_the_houses_own_events_are_not_told_from_outside(http: httpx.AsyncClient, deps: Deps, key: str) -> None:
    """403, who tells it, and what is open."""
    answer = await http.post(PLACE, json=told(deps, type=key))

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/event-not-open")
    assert "analysis.completed" in answer.json()["detail"]
    assert await deps.store.count("requests") == 0


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("niche_id", 5, "/data/niche_id"),
        ("as_of", "yesterday", "/data/as_of"),
        ("terms", [{"name": "level", "raw": "much", "unit": "log money"}], "/data/terms/0/raw"),
        ("reference", {"key": "x", "sha256": "short", "size": 1}, "/data/reference/sha256"),
        ("currency", None, "/data/currency"),
    ],
)
async def test_data_that_do_not_fit_are_refused_by_their_field(
    http: httpx.AsyncClient, deps: Deps, field: str, value: Any, pointer: str
) -> None:
    """What would be a dead letter is told to whoever can correct it."""
    event = told(deps)
    event["data"][field] = value

    answer = await http.post(PLACE, json=event)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-event")
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert await deps.store.count("requests") == 0


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"specversion": "0.3"}, "/specversion"),
        ({"id": ""}, "/id"),
        ({"source": "two\nlines"}, "/source"),
        ({"time": "2026-11-24T12:00:00"}, "/time"),
        ({"data": [1]}, "/data"),
        ({"datacontenttype": "text/plain"}, "/datacontenttype"),
        ({"correlationid": "another's run"}, "/correlationid"),
    ],
)
async def test_an_envelope_that_is_no_cloud_event_is_refused(
    http: httpx.AsyncClient, deps: Deps, changes: dict[str, Any], pointer: str
) -> None:
    """A field that is wrong or that nobody knows is named."""
    answer = await http.post(PLACE, json=told(deps, **changes))

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


async def test_a_file_that_is_not_there_is_refused(http: httpx.AsyncClient, deps: Deps) -> None:
    """Whoever hears the event would wait for it in vain."""
    event = told(deps)
    missing = FileRef(key=f"references/{'0' * 64}.json", sha256="0" * 64, size=2)
    event["data"]["series"] = missing.model_dump()

    answer = await http.post(PLACE, json=event)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/data/series")


async def test_an_event_that_is_too_large_is_refused(http: httpx.AsyncClient, deps: Deps) -> None:
    """The limit is the one that a service has for a message."""
    event = told(deps)
    event["data"]["niche_name"] = "x" * 300_000

    assert (await http.post(PLACE, json=event)).status_code == 413


async def test_a_cloud_events_media_type_is_taken(http: httpx.AsyncClient, deps: Deps) -> None:
    """As the specification names it."""
    headers = {"Content-Type": "application/cloudevents+json; charset=utf-8"}

    assert (await http.post(PLACE, content=json.dumps(told(deps)), headers=headers)).status_code == 202


async def test_an_event_from_outside_is_told_until_it_is_written(http: httpx.AsyncClient, deps: Deps) -> None:
    """As the gateway's own; after a start also while its run is open, since its hearer may have lost it."""
    await http.post(PLACE, json=told(deps))
    await deps.outbox.drained()
    request = await deps.store.get("requests", outside_id("lab", "1"))
    assert await republish_once(deps, "2026") == 1

    await world.write(deps, message_of(request))

    assert await republish_once(deps, "2026") == 0
    assert await republish_once(deps) == 1
    await world.write(deps, world.message(world.score("n1", 70.0), "scoring", request["_id"]))
    assert await republish_once(deps) == 0


async def test_a_redriven_event_is_not_told_as_a_new_one(deps: Deps) -> None:
    """Its request has no arguments: the journal sends the dead letter, nobody else."""
    at = "2026-11-24T12:00:00.000000+00:00"
    redrive = {"_id": "r", "kind": "analysis.completed", "arguments": {}, "accepted_at": at, "redrive": True}
    await deps.store.insert("requests", redrive)

    assert await republish_once(deps) == 0


async def test_who_may_publish_for_others_publishes_what_they_tell(deps: Deps) -> None:
    """A broker checks the user of a message, so that a house on one has a connection for it."""
    request = {"outside": {"source": "lab", "id": "1", "time": "2026-11-24T12:00:00Z"}, "arguments": told(deps)["data"]}
    at = {"accepted_at": "2026-11-24T12:00:01.000000+00:00"}
    message = message_of({"_id": "r", "kind": "analysis.completed", **request, **at})
    other = type(deps)(deps.bus, deps.store, deps.files, deps.settings, deps.live, outside=deps.outbox)

    assert other.publisher(message) is deps.outbox
    assert deps.publisher(message) is deps.bus
