import asyncio

import httpx

from services.gateway.deps import Deps
from tests.gateway import world


async def test_a_gateway_is_ready_while_it_hears_the_bus(http: httpx.AsyncClient, deps: Deps):
    """It lives from the start, and is ready once the bus carries to it."""
    live, early = await http.get("/livez"), await http.get("/readyz")
    task = asyncio.create_task(deps.live.run(deps.bus))
    await asyncio.sleep(0)
    ready = await http.get("/readyz")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    late = await http.get("/readyz")

    assert [answer.status_code for answer in (live, early, ready, late)] == [200, 503, 200, 503]
    assert early.json()["type"] == "/problems/not-ready"


async def test_a_gateway_without_its_store_is_not_ready(http: httpx.AsyncClient, deps: Deps):
    """The answer says which part is missing."""
    world.without_store(deps)

    answer = await http.get("/readyz")

    assert answer.status_code == 503
    assert "store" in answer.json()["detail"]
