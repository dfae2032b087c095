from typing import Any

import httpx
import pytest

from contracts.report import ReportFailed
from services.gateway.deps import Deps
from tests.gateway import world


async def started(http: httpx.AsyncClient, deps: Deps, **request: Any) -> str:
    """A report that was asked for; its run."""
    await world.market(deps)
    answer = await http.post("/v1/exports", json={"market": "shop", "format": "csv", **request})
    assert answer.status_code == 202, answer.text
    run_id: str = answer.json()["id"]
    return run_id


async def test_a_finished_report_can_be_taken_away(http: httpx.AsyncClient, deps: Deps):
    """It is listed, described, and its file comes under the name that it was given."""
    run_id = await started(http, deps)
    file = deps.files.put("reports", b"name;score\n", ".csv")
    await world.write(deps, world.message(world.report(run_id, file, 'Отчёт "1".csv'), "export", run_id))

    listed = (await http.get("/v1/exports", params={"market": "shop"})).json()["items"]
    shown = (await http.get(f"/v1/exports/{run_id}")).json()
    taken = await http.get(f"/v1/exports/{run_id}/file")

    assert listed == [shown]
    assert (shown["run_id"], shown["file"]["sha256"]) == (run_id, file.sha256)
    assert taken.content == b"name;score\n"
    assert taken.headers["Content-Type"] == "text/csv; charset=utf-8"
    disposition = taken.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="_____')
    assert "filename*=UTF-8''%D0%9E" in disposition


async def test_a_report_that_is_not_there_says_why(http: httpx.AsyncClient, deps: Deps):
    """It is under way, it failed, or its file was cleaned up."""
    run_id = await started(http, deps)
    waits = await http.get(f"/v1/exports/{run_id}/file")
    failed = ReportFailed(market="shop", kind="leaderboard", reason="no niche has a score yet")
    await world.write(deps, world.message(failed, "export", run_id))
    broke = await http.get(f"/v1/exports/{run_id}")
    gone_id = await started(http, deps)
    await world.write(deps, world.message(world.report(gone_id), "export", gone_id))
    gone = await http.get(f"/v1/exports/{gone_id}/file")

    assert [answer.status_code for answer in (waits, broke, gone)] == [404, 404, 404]
    assert waits.json()["run_id"] == run_id
    assert "accepted" in waits.json()["detail"]
    assert "no niche has a score yet" in broke.json()["detail"]
    assert gone.json()["type"] == "/problems/file-not-found"


@pytest.mark.parametrize(
    ("request_", "pointer"),
    [
        ({"market": "toys"}, "/market"),
        ({"market": "shop", "kind": "niche"}, ""),
        ({"market": "shop", "kind": "niche", "niche_id": "nobody"}, "/niche_id"),
        ({"market": "shop", "format": "pdf"}, "/format"),
    ],
)
async def test_a_report_that_cannot_be_made_is_refused_at_once(http: httpx.AsyncClient, deps: Deps, request_, pointer):
    """What is wrong is pointed at before a run is started."""
    await world.market(deps)

    answer = await http.post("/v1/exports", json=request_)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await deps.store.count("requests") == 0


async def test_a_report_of_a_niche_is_asked_for_by_its_id(http: httpx.AsyncClient, deps: Deps):
    """The command carries the request as it was sent."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")
    await started(http, deps, kind="niche", niche_id=tea)
    await deps.outbox.drained()

    [command] = await world.taken(deps.bus, "export", 1)

    assert world.arguments(command)["report"]["niche_id"] == tea
