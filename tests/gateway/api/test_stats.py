from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from contracts.analysis import AnalysisFailed
from contracts.message import Event, scout_id
from contracts.niche import NicheWatched
from contracts.run import AttemptNoted
from services.chassis.answers import stamp
from services.chassis.wire import envelope_for, event_message
from services.gateway.api import stats
from services.gateway.deps import Deps
from tests.examples import NOON, analysis_completed
from tests.gateway import world

NOTED = AttemptNoted(task="scout.tasks.analyze_niche", service="analysis", attempt=1, errors=0, losses=0)
FAILED = AnalysisFailed(niche_id="n", market="shop", reason="three weeks are too few")
_NUMBERS = iter(range(1_000_000))


async def told(deps: Deps, service: str, host: str, *events: Event, run_id: str = "run") -> None:
    """Events that a replica told, written as the journal does."""
    envelopes = [envelope_for(one, scout_id(next(_NUMBERS)), service, NOON, run_id, None, "") for one in events]
    await world.write(deps, *(event_message(*pair, host) for pair in zip(events, envelopes, strict=True)))


async def entered(deps: Deps, *entries: dict[str, Any]) -> None:
    """Entries of the journal, one after the other, of answers of one analysis."""
    base = {"run_id": "run", "type": "analysis.completed", "source": "analysis", "host": "a"}
    numbers = range(1, len(entries) + 1)
    await deps.store.insert_many("log", [{"_id": f"e{n}", "seq": n, **base, **entries[n - 1]} for n in numbers])


async def counted(http: httpx.AsyncClient, **params: str) -> list[dict[str, Any]]:
    """The replicas of an answer, without their moments."""
    answer = await http.get("/v1/runs/stats", params=params)
    assert answer.status_code == 200, answer.text
    return [{k: v for k, v in one.items() if k not in {"first", "last"}} for one in answer.json()["items"]]


def ago(**time: float) -> str:
    """A moment before now, as the store keeps it."""
    return stamp(datetime.now(UTC) - timedelta(**time))


async def test_each_replica_has_its_attempts_and_its_share_of_the_answers(http: httpx.AsyncClient, deps: Deps):
    """Replicas come in the order of the services; the shares of a service's replicas make a hundred percent."""
    await told(deps, "scoring", "s1", world.score("n", 70.0))
    await told(deps, "analysis", "a2", NOTED, FAILED)
    await told(deps, "analysis", "a1", NOTED, NOTED, analysis_completed(), FAILED)

    assert await counted(http) == [
        {"service": "analysis", "host": "a1", "attempts": 2, "answers": 2, "share": 66.7},
        {"service": "analysis", "host": "a2", "attempts": 1, "answers": 1, "share": 33.3},
        {"service": "scoring", "host": "s1", "attempts": 0, "answers": 1, "share": 100.0},
    ]


async def test_who_only_began_has_no_part_of_the_answers(http: httpx.AsyncClient, deps: Deps):
    """A replica without an answer has none of them; while its service has none either, the share is not known."""
    await told(deps, "trend", "t1", NOTED)
    await told(deps, "analysis", "a1", NOTED)
    await told(deps, "analysis", "a2", FAILED)

    assert [one.get("share") for one in await counted(http)] == [None, 0.0, 100.0]


async def test_only_workers_are_counted(http: httpx.AsyncClient, deps: Deps):
    """What the gateway tells, and somebody outside, is nobody's answer."""
    await told(deps, "gateway", "g1", NicheWatched(niche_id="n", market="shop", watched=True))
    await entered(deps, {"_id": "outside", "written_at": ago(hours=1), "source": "outside"})

    assert await counted(http) == []


async def test_first_and_last_are_when_the_journal_wrote(http: httpx.AsyncClient, deps: Deps):
    """The moments are those by which `since` chooses, whatever the order in which entries are found."""
    moments = [ago(hours=3), ago(hours=1), ago(hours=2)]
    await entered(deps, *({"written_at": moment} for moment in moments))

    [one] = (await http.get("/v1/runs/stats")).json()["items"]

    assert [stamp(datetime.fromisoformat(one[name])) for name in ("first", "last")] == [moments[0], moments[1]]


async def test_the_last_day_is_counted_unless_another_time_is_named(http: httpx.AsyncClient, deps: Deps):
    """`since` goes as far back, or begins as late, as one wants; its offset is its own."""
    await entered(deps, *({"written_at": ago(hours=hours)} for hours in (50, 25, 23, 1)))
    east = (datetime.now(UTC) - timedelta(hours=30)).isoformat().replace("+00:00", "-00:00")

    assert [one["answers"] for one in await counted(http)] == [2]
    assert [one["answers"] for one in await counted(http, since=east)] == [3]
    assert [one["answers"] for one in await counted(http, since="2020-01-01T00:00:00+05:00")] == [4]
    assert await counted(http, since="2999-01-01T00:00:00Z") == []


@pytest.mark.parametrize("since", ["yesterday", "2026-11-24T10:00:00", "0001-01-01T00:00:00+05:00"])
async def test_a_moment_that_is_none_is_pointed_at(http: httpx.AsyncClient, since: str):
    """A moment without an offset could be any of 24, and one before the first year is none."""
    answer = await http.get("/v1/runs/stats", params={"since": since})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/since"


async def test_a_batch_is_counted_whole_and_alone(http: httpx.AsyncClient, deps: Deps):
    """Only its runs, however long ago; with `since` only what came later. Runs are asked for some at a time."""
    await world.market(deps)
    niches = [await world.niche(deps, name) for name in ("Tea", "Milk", "Eggs")]
    batch = (await http.post("/v1/analyses", json={"market": "shop", "niche_ids": niches})).json()
    days = {"written_at": ago(days=3)}
    await entered(deps, *({"run_id": one, **days} for one in batch["ids"]), {"run_id": "other", **days})
    await told(deps, "analysis", "b", FAILED, run_id=batch["ids"][0])

    assert [(one["host"], one["answers"]) for one in await counted(http, batch=batch["batch"])] == [("a", 3), ("b", 1)]
    late = await http.get("/v1/runs/stats", params={"batch": batch["batch"], "since": ago(hours=1)})
    assert [one["host"] for one in late.json()["items"]] == ["b"]
    assert late.json()["batch"] == batch["batch"]


async def test_a_batch_that_is_not_there_is_not_found(http: httpx.AsyncClient):
    """It is the problem that GET /v1/batches answers."""
    answer = await http.get("/v1/runs/stats", params={"batch": "nothing"})

    assert answer.status_code == 404
    assert answer.json() == (await http.get("/v1/batches/nothing")).json()


async def test_pieces_make_the_same_whole(http: httpx.AsyncClient, deps: Deps, monkeypatch: pytest.MonkeyPatch):
    """However small the pieces that the journal and a batch are read in, nothing is missed or counted twice."""
    monkeypatch.setattr(stats, "_CHUNK", 2)
    monkeypatch.setattr(stats, "_RUNS", 1)
    same = {"written_at": ago(hours=1)}
    await deps.store.insert_many("requests", [{"_id": f"r{n}", "batch": "b"} for n in range(2)])
    await entered(deps, *({"run_id": f"r{n % 2}", **same} for n in range(5)), {"source": "journal", **same})

    assert [one["answers"] for one in await counted(http)] == [5]
    assert [one["answers"] for one in await counted(http, batch="b")] == [5]


async def test_stats_is_no_runs_id(http: httpx.AsyncClient):
    """With nothing written the answer is empty, and says since when it looked."""
    answer = await http.get("/v1/runs/stats")

    assert answer.status_code == 200
    assert answer.json()["items"] == []
    assert datetime.now(UTC) - datetime.fromisoformat(answer.json()["since"]) >= timedelta(days=1)
