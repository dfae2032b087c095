import json
from typing import Any

import httpx
import pytest

from services.gateway.deps import Deps
from services.journal.redrive import redriven
from tests.examples import analysis_completed

COMMAND = json.dumps([[], {"niche_id": "n"}, {}])


async def letter(deps: Deps, name: str = "letter", **changes: Any) -> None:
    """A command that was given up."""
    document = {
        "_id": name,
        "service": "analysis",
        "key": "scout.tasks.analyze_niche",
        "message_id": "old-run",
        "publisher": "gateway",
        "body": COMMAND,
        "reason": "RuntimeError: no",
        "errors": 3,
        "losses": 0,
        "at": f"2026-11-24T12:00:00.00000{len(name)}+00:00",
        "run_id": "old-run",
        "headers": {"task": "scout.tasks.analyze_niche", "id": "old-run", "scout-errors": 3},
    }
    await deps.store.insert("dead_letters", document | changes)


async def test_dead_letters_are_listed_newest_first_and_read_whole(http: httpx.AsyncClient, deps: Deps):
    """The list has the reasons, the letter its body too."""
    await letter(deps, "one")
    await letter(deps, "newer", service="scoring")

    items = (await http.get("/v1/dead-letters")).json()["items"]
    scoring = (await http.get("/v1/dead-letters", params={"service": "scoring"})).json()["items"]
    whole = (await http.get("/v1/dead-letters/one")).json()

    assert [item["id"] for item in items] == ["newer", "one"]
    assert [item["id"] for item in scoring] == ["newer"]
    assert "body" not in items[0]
    assert (whole["body"], whole["reason"], whole["headers"]["scout-errors"]) == (COMMAND, "RuntimeError: no", "3")


async def test_a_redriven_letter_gets_a_run_and_an_order(http: httpx.AsyncClient, deps: Deps):
    """The run is known from the start and names the old one; the journal finds all that it needs in the order."""
    await letter(deps)
    old = {"_id": "old-run", "kind": "scout.tasks.analyze_niche", "accepted_at": "2026-11-24T11:00:00.000000+00:00"}
    await deps.store.insert("requests", {**old, "arguments": {}, "niche_id": "n", "market": "shop"})

    answer = await http.post("/v1/dead-letters/letter/redrive")

    assert answer.status_code == 202
    run_id = answer.json()["run_id"]
    run = (await http.get(f"/v1/runs/{run_id}")).json()
    assert (run["kind"], run["state"]) == ("scout.tasks.analyze_niche", "accepted")
    assert (run["retry_of"], run["niche_id"]) == ("old-run", "n")
    [order] = await deps.store.find("orders")
    assert (order["_id"], order["kind"], order["letter_id"]) == (run_id, "redrive", "letter")
    message = redriven(await deps.store.get("dead_letters", "letter"), order)
    assert (message.body, message.headers["scout-run"]) == (COMMAND.encode(), run_id)
    assert (await deps.store.get("requests", run_id))["redrive"] is True
    assert deps.bus.depth("analysis") == 0


async def test_a_letter_is_redriven_once_per_key(http: httpx.AsyncClient, deps: Deps):
    """A repeat with the same key orders nothing new."""
    await letter(deps)

    answers = [
        (await http.post("/v1/dead-letters/letter/redrive", json={}, headers={"Idempotency-Key": "k"})).json()
        for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert await deps.store.count("orders") == 1


async def test_a_new_body_must_be_one_that_the_service_takes(http: httpx.AsyncClient, deps: Deps):
    """A command's arguments and an event's fields are checked before the letter is sent again."""
    await letter(deps)
    await letter(deps, "event", service="scoring", key="analysis.completed", body="{}")
    good_event = analysis_completed().to_json().decode()
    bodies = {
        "letter": [("{", False), ("[]", False), ('[[], {"nich": 1}, {}]', False), (COMMAND, True)],
        "event": [("{}", False), (good_event, True)],
    }

    for name, tried in bodies.items():
        for body, fits in tried:
            answer = await http.post(f"/v1/dead-letters/{name}/redrive", json={"body": body})
            assert answer.status_code == (202 if fits else 422), answer.text
            assert fits or answer.json()["errors"][0]["pointer"] == "/body"

    ordered = {order["letter_id"]: order["body"] for order in await deps.store.find("orders")}
    assert ordered == {"letter": COMMAND, "event": good_event}


@pytest.mark.parametrize(("changes", "said"), [({"service": "journal"}, "journal"), ({"purged": True}, "deleted")])
async def test_a_letter_without_a_way_back_is_refused(http: httpx.AsyncClient, deps: Deps, changes, said):
    """The journal's own letters go nowhere, and a body that was deleted cannot be sent."""
    await letter(deps, **changes)

    answer = await http.post("/v1/dead-letters/letter/redrive")

    assert answer.status_code == 409
    assert said in answer.json()["detail"]
    assert await deps.store.count("orders") == 0


async def test_a_purged_letter_is_a_record_without_a_body(http: httpx.AsyncClient, deps: Deps):
    """From the answer on nobody sees the body, nor the copy of it that Celery puts into a header."""
    await letter(deps, headers={"task": "scout.tasks.analyze_niche", "kwargsrepr": "{'niche_id': 'n'}"})

    answer = await http.delete("/v1/dead-letters/letter", params={"note": "a person's name was in it"})
    again = await http.delete("/v1/dead-letters/letter", params={"note": "another"})
    shown = (await http.get("/v1/dead-letters/letter")).json()

    assert answer.status_code == 202
    assert answer.json() == again.json() == shown
    assert shown["purged"]["note"] == "a person's name was in it"
    assert "body" not in shown
    assert shown["headers"] == {"task": "scout.tasks.analyze_niche"}
    assert (shown["reason"], shown["run_id"]) == ("RuntimeError: no", "old-run")
    assert (await http.post("/v1/dead-letters/letter/redrive")).status_code == 409
    assert (await http.post("/v1/dead-letters/letter/redrive", json={"body": COMMAND})).status_code == 202


@pytest.mark.parametrize("params", [{}, {"note": ""}, {"note": "  "}, {"note": "x" * 501}])
async def test_a_purge_says_why(http: httpx.AsyncClient, deps: Deps, params: dict[str, str]):
    """Whoever looks for the body later finds a reason in its place."""
    await letter(deps)

    answer = await http.delete("/v1/dead-letters/letter", params=params)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/note")
    assert await deps.store.count("orders") == 0


async def test_a_letter_that_is_not_there_is_not_purged(http: httpx.AsyncClient):
    """A typo is no success."""
    assert (await http.delete("/v1/dead-letters/none", params={"note": "x"})).status_code == 404


async def test_the_list_says_which_letters_were_purged(http: httpx.AsyncClient, deps: Deps):
    """As soon as it is ordered, whoever carries it out."""
    await letter(deps, "one")
    await letter(deps, "other")
    await http.delete("/v1/dead-letters/one", params={"note": "old"})

    items = {item["id"]: item for item in (await http.get("/v1/dead-letters")).json()["items"]}

    assert items["one"]["purged"]["note"] == "old"
    assert "purged" not in items["other"]
