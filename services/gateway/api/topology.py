"""The broker: whether it holds what the house needs."""

import asyncio

from contracts.message import Shape
from services.chassis.drift import Drift, Fix, Kind
from services.chassis.management import Management, vhost_of
from services.chassis.management_api import ManagementRefused
from services.chassis.topology import topology
from services.gateway.deps import Here
from services.gateway.problems import ProblemError
from services.gateway.routes import Routes

router = Routes(tags=["health"])


class Difference(Shape):
    """One thing of the broker that is not as planned; `detail` is there ≠ planned, or a queue's messages."""

    kind: Kind
    name: str
    detail: str | None = None
    fix: Fix


class Broker(Shape):
    """Every difference; `checked` is false where there is no broker to look at, or no way to look."""

    checked: bool
    drift: tuple[Difference, ...] = ()


@router.get("/v1/topology")
async def read_topology(deps: Here) -> Broker:
    """Compare RabbitMQ with the plan.

    Looks for missing or other exchanges, queues, bindings and rights, bindings that are not planned any more, and
    queues that nobody reads. Needs SCOUT_MANAGEMENT_URL; the embedded house has no broker and checks nothing.
    """
    url = deps.settings.management_url
    if url is None:
        return Broker(checked=False)
    try:
        drift = await asyncio.to_thread(_drift, url.get_secret_value())
    except ManagementRefused as exc:
        raise ProblemError(503, "broker-refused", "RabbitMQ does not let itself be read", str(exc)) from exc
    return Broker(
        checked=True,
        drift=tuple(Difference(kind=one.kind, name=one.name, detail=one.detail or None, fix=one.fix) for one in drift),
    )


def _drift(url: str) -> list[Drift]:
    with Management(url, vhost_of(url), patience=0) as management:
        return management.drift(topology())
