"""Somebody outside tells the house of an analysis; the real scoring service hears it, and its score appears."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.analysis import AnalysisCompleted
from contracts.message import FileRef, outside_id
from contracts.model import Reference
from services.chassis.cause import parse
from services.chassis.settings import Settings
from services.cli.embedded import House
from services.journal.batch import Writer

GOLDEN = Path(__file__).parents[1] / "contracts" / "golden" / "analysis.completed.json"
ANALYSIS = AnalysisCompleted.from_json(GOLDEN.read_bytes())


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A whole house with one market; nothing heavy is asked of it."""
    async with asyncio.timeout(60), House(Settings(home=tmp_path), heavy=lambda *_: _never, grace=0, pause=0.05) as one:
        days = {"first_day": "2017-01-01", "last_day": "2017-11-30", "timezone": "UTC", "grain": "day"}
        market = {"_id": ANALYSIS.market, "name": "Shop", "currency": "USD", "imports": 1, "niches": 1, **days}
        await one.store.replace("markets", market)
        yield one


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A client of its gateway."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(house.app), base_url="http://scout") as client:
        yield client


async def _never(*_: Any) -> str:
    raise AssertionError("nothing heavy is asked for here")


def golden(house: House, market: str = ANALYSIS.market) -> dict[str, Any]:
    """The golden event with files that are in the house's store."""
    quantiles = {term.name: tuple(i / 10 - 5 for i in range(101)) for term in ANALYSIS.terms}
    reference = Reference(market=market, as_of=ANALYSIS.as_of, niches=101, terms=quantiles)
    files = {
        "reference": house.files.put("references", reference.to_json(), ".json"),
        "series": house.files.put("analyses", b"{}", ".json"),
    }
    data = ANALYSIS.model_copy(update={**files, "model": None}).model_dump(mode="json", exclude_none=True)
    return {"specversion": "1.0", "id": "7", "source": "lab", "type": "analysis.completed", "data": data}


async def ended(http: httpx.AsyncClient, run_id: str) -> dict[str, Any]:
    """The run, once it ended."""
    while "finished_at" not in (run := (await http.get(f"/v1/runs/{run_id}")).json()):  # noqa: ASYNC110 - no event
        await asyncio.sleep(0)
    return dict(run)


async def test_the_score_of_an_analysis_from_outside_appears(house: House, http: httpx.AsyncClient) -> None:
    """On the leaderboard, as the end of a run of its own, whose first event says that it came from outside."""
    accepted = (await http.post("/v1/events", json=golden(house))).json()

    run = await ended(http, accepted["id"])

    [row] = (await http.get("/v1/scores", params={"market": ANALYSIS.market})).json()["items"]
    first, last = (await http.get(f"/v1/runs/{accepted['id']}/events")).json()["items"]
    assert (run["state"], run["kind"]) == ("done", "analysis.completed")
    assert (row["score"]["niche_id"], row["score"]["run_id"]) == (ANALYSIS.niche_id, ANALYSIS.run_id)
    assert (first["source"], first["id"], first["type"]) == ("outside", outside_id("lab", "7"), "analysis.completed")
    assert (last["source"], last["causation_id"]) == ("scoring", first["id"])
    assert await house.store.count("dead_letters") == 0


async def test_a_repeat_from_outside_is_scored_once(house: House, http: httpx.AsyncClient) -> None:
    """Whoever is not sure that it was heard says it again, and nothing is there twice."""
    for _ in range(3):
        accepted = await http.post("/v1/events", json=golden(house))
        assert accepted.status_code == 202
    await ended(http, accepted.json()["id"])
    await house.settle()

    assert await house.store.count("events", {"type": "analysis.completed"}) == 1
    assert await house.store.count("events", {"type": "opportunity.scored"}) == 1


async def test_what_cannot_be_scored_ends_its_run_with_the_reason(house: House, http: httpx.AsyncClient) -> None:
    """A reference of another market: the teller reads why, and nothing appears."""
    accepted = (await http.post("/v1/events", json=golden(house, market="another"))).json()

    run = await ended(http, accepted["id"])

    assert run["state"] == "failed"
    assert "another" in run["reason"]
    assert (await http.get("/v1/scores", params={"market": ANALYSIS.market})).json()["items"] == []


async def test_an_event_that_its_hearer_lost_is_told_again_by_the_next_house(tmp_path: Path) -> None:
    """The house is killed between writing it and scoring it; the bus is empty when it opens again."""
    settings, heavy = Settings(home=tmp_path), lambda *_: _never
    first = House(settings, heavy=heavy)
    event = golden(first)
    transport = httpx.ASGITransport(first.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://scout") as http:
        run_id = (await http.post("/v1/events", json=event)).json()["id"]
    await first._deps.outbox.drained()
    async with first.bus.consume("journal", 1) as deliveries:
        await Writer(first.store, first.files, first.bus).write([parse(await anext(deliveries), "journal")])
    await first.store.close()

    async with asyncio.timeout(60), House(settings, heavy=heavy, pause=0.05) as house:
        transport = httpx.ASGITransport(house.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://scout") as http:
            assert (await ended(http, run_id))["state"] == "done"


def test_the_golden_event_names_files() -> None:
    """The test that stands on it would prove nothing if it did not."""
    assert isinstance(ANALYSIS.reference, FileRef)
    assert json.loads(GOLDEN.read_text())["series"]
