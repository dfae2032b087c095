from dataclasses import replace

import httpx
import pytest
from pydantic import SecretStr

from services.chassis.management import Management
from services.chassis.topology import WAIT_MS
from services.gateway.app import create_app
from services.gateway.deps import Deps
from tests.engine import Broker


async def read(deps: Deps, management_url: str) -> httpx.Response:
    """What a gateway answers that is told of a broker."""
    settings = deps.settings.model_copy(update={"management_url": SecretStr(management_url)})
    transport = httpx.ASGITransport(create_app(replace(deps, settings=settings)))
    async with httpx.AsyncClient(transport=transport, base_url="http://scout") as client:
        return await client.get("/v1/topology")


async def test_a_house_without_a_broker_checks_nothing(http: httpx.AsyncClient):
    """The embedded house has none, and says so."""
    assert (await http.get("/v1/topology")).json() == {"checked": False, "drift": []}


async def test_the_gateway_names_what_differs(deps: Deps, broker: Broker):
    """It looks as its own user, and says of each difference what puts it right."""
    with broker.vhost(wait_ms=WAIT_MS) as vhost, Management(broker.management_url, vhost.name) as management:
        url = f"http://gateway:test@{broker.host}:{broker.management_port}/{vhost.name}"
        fine = await read(deps, url)
        management._api.delete("exchanges", vhost.name, "export.own")
        management._api.put("queues", vhost.name, "heavy", durable=True, arguments={})
        found = await read(deps, url)

    assert fine.json() == {"checked": True, "drift": []}
    assert found.json()["drift"] == [
        {"kind": "missing_exchange", "name": "export.own", "fix": "apply"},
        {"kind": "missing_binding", "name": "export.own -> export (back)", "fix": "apply"},
        {"kind": "missing_binding", "name": "export.own -> export.wait (wait)", "fix": "apply"},
        {"kind": "missing_binding", "name": "export.own -> export.dead (dead)", "fix": "apply"},
        {"kind": "unknown_queue", "name": "heavy", "detail": "0", "fix": "by_hand"},
    ]


@pytest.mark.parametrize(
    ("url", "type_", "says"),
    [
        ("http://gateway:wrong-one@{host}:{port}/scout", "broker-refused", "does not know user gateway"),
        ("http://gateway:test@127.0.0.1:1/scout", "dependency-down", "does not answer"),
    ],
)
async def test_a_broker_that_cannot_be_read_is_503(deps: Deps, broker: Broker, url: str, type_: str, says: str):
    """At once, without waiting for it to start; the password is not in the answer."""
    answer = await read(deps, url.format(host=broker.host, port=broker.management_port))

    assert answer.status_code == 503
    assert answer.json()["type"] == f"/problems/{type_}"
    assert says in answer.json()["detail"]
    assert "wrong-one" not in answer.text
