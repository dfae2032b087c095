from datetime import date

import httpx
import pytest

from contracts.observation import ImportReport
from contracts.run import AttemptNoted
from services.gateway.api import imports
from services.gateway.deps import Deps
from tests.gateway import world

TABLE = b"day,product,price\n2017-01-01,tea,3.5\n"


async def sent(http: httpx.AsyncClient) -> dict:
    """A file that was sent."""
    answer = await http.post("/v1/files", params={"filename": "Sales.CSV"}, content=TABLE)
    assert answer.status_code == 201
    body: dict = answer.json()
    return body


async def imported(deps: Deps, run_id: str, rejected: bytes | None = None) -> None:
    """The import that the journal writes when a table was read."""
    part = deps.files.put("parts", b"part", ".parquet")
    report = ImportReport(
        id="import-1",
        market="shop",
        market_name="Shop",
        currency="USD",
        tz="Europe/Moscow",
        grain="day",
        source="csv",
        part=part,
        niches=part,
        niche_count=1,
        rows=2,
        kept=1,
        merged=0,
        rejected_count=1,
        rejected_rows=deps.files.put("rejected", rejected, ".csv") if rejected else None,
        first_day=date(2017, 1, 1),
        last_day=date(2017, 1, 1),
    )
    document = {"_id": "import-1", "market": "shop", "run_id": run_id, "at": "2026-11-24T12:00:00.000000+00:00"}
    await deps.store.insert("imports", {**document, "report": report.model_dump(mode="json", exclude_none=True)})


async def test_a_file_is_kept_as_it_is_and_imported_by_its_name(http: httpx.AsyncClient, deps: Deps):
    """Sending it answers a reference, which the import's command carries to the service."""
    uploaded = await sent(http)

    answer = await http.post("/v1/imports", json={"market": "shop", "file": uploaded["file"], "filename": "Sales.CSV"})
    await deps.outbox.drained()

    assert answer.status_code == 202
    assert uploaded["filename"] == "Sales.CSV"
    assert uploaded["file"]["key"].endswith(".csv")
    [command] = await world.taken(deps.bus, "trend", 1)
    upload = world.arguments(command)["upload"]
    assert upload["file"] == uploaded["file"]
    assert (deps.files.root / upload["file"]["key"]).read_bytes() == TABLE


async def test_a_file_that_is_empty_too_large_or_a_form_is_refused(
    http: httpx.AsyncClient, deps: Deps, monkeypatch: pytest.MonkeyPatch
):
    """The answer says what to send instead, and nothing is kept."""
    monkeypatch.setattr(imports, "MAX_UPLOAD", 1 << 20)

    async def pieces():
        for _ in range(3):
            yield b"x" * (1 << 19)

    empty = await http.post("/v1/files")
    announced = await http.post("/v1/files", content=b"x" * (1 << 20) + b"x")
    streamed = await http.post("/v1/files", content=pieces())
    form = await http.post("/v1/files", files={"file": TABLE})

    assert [answer.status_code for answer in (empty, announced, streamed, form)] == [422, 413, 413, 415]
    assert "1 MiB" in streamed.json()["detail"]
    assert "--data-binary" in form.json()["detail"]
    assert not deps.files.root.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "sales.c/sv", "sales." + "x" * 40, "", "таблица"])
async def test_a_files_name_never_leads_out_of_the_store(http: httpx.AsyncClient, deps: Deps, name: str):
    """Its content names it; of the sender's name only a plain ending is taken."""
    answer = await http.post("/v1/files", params={"filename": name}, content=TABLE)

    file = answer.json()["file"]
    assert file["key"] == f"uploads/{file['sha256']}"
    assert [path.name for path in deps.files.root.rglob("*") if path.is_file()] == [file["sha256"]]


@pytest.mark.parametrize("key", ["uploads/nothing.csv", "../house.lock", "uploads/" + "0" * 64 + ".csv"])
async def test_an_import_of_a_file_that_was_not_sent_is_refused(http: httpx.AsyncClient, key: str):
    """It would fail much later: the answer says to send the file first."""
    file = {"key": key, "sha256": "0" * 64, "size": 1}

    answer = await http.post("/v1/imports", json={"market": "shop", "file": file})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/file-not-found"
    assert "POST /v1/files" in answer.json()["detail"]


async def test_an_import_is_found_by_its_id_and_by_its_run(http: httpx.AsyncClient, deps: Deps):
    """Both lead to the report, and the market's list names it."""
    await world.market(deps)
    await imported(deps, "run-1")

    by_id = (await http.get("/v1/imports/import-1")).json()
    by_run = (await http.get("/v1/imports/run-1")).json()
    items = (await http.get("/v1/imports", params={"market": "shop"})).json()["items"]
    others = (await http.get("/v1/imports", params={"market": "toys"})).json()["items"]

    assert by_id == by_run == items[0]
    assert others == []
    assert by_id["report"]["kept"] == 1


async def test_an_import_under_way_says_so(http: httpx.AsyncClient, deps: Deps):
    """Until it is written the answer names its run and the state that it is in."""
    uploaded = await sent(http)
    run_id = (await http.post("/v1/imports", json={"market": "shop", "file": uploaded["file"]})).json()["id"]
    noted = AttemptNoted(task=imports.COMMAND, service="trend", attempt=1, errors=0, losses=0)
    await world.write(deps, world.message(noted, "trend", run_id, cause=run_id))

    answer = await http.get(f"/v1/imports/{run_id}")

    assert answer.status_code == 404
    assert answer.json()["run_id"] == run_id
    assert "its run is running" in answer.json()["detail"]


async def test_rejected_rows_are_a_table(http: httpx.AsyncClient, deps: Deps):
    """They come as the CSV that the import wrote; an import that kept all has none."""
    await imported(deps, "run-1", b"row,why\n2,no price\n")
    rejected = await http.get("/v1/imports/import-1/rejected")
    await deps.store.delete("imports", ["import-1"])
    await imported(deps, "run-1")
    none = await http.get("/v1/imports/import-1/rejected")

    assert rejected.text == "row,why\n2,no price\n"
    assert rejected.headers["Content-Type"].startswith("text/csv")
    assert none.status_code == 404
    assert "kept all of its 2 rows" in none.json()["detail"]
