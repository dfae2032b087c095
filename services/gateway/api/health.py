"""Health: whether this process lives, and whether it can serve."""

from typing import Literal

from contracts.message import Shape
from services.chassis.errors import DependencyDown
from services.gateway.deps import Here
from services.gateway.problems import ProblemError
from services.gateway.routes import Routes

router = Routes(tags=["health"])


class Health(Shape):
    """It does."""

    status: Literal["ok"] = "ok"


@router.get("/livez")
async def live() -> Health:
    """Say that the process lives."""
    return Health()


@router.get("/readyz")
async def ready(deps: Here) -> Health:
    """Say whether work can be accepted: the store answers and the bus is up."""
    try:
        await deps.store.get("markets", "-")
    except DependencyDown as exc:
        raise _not_ready(str(exc)) from exc
    if not deps.live.listening:
        raise _not_ready("the bus does not carry to the gateway (yet)")
    return Health()


def _not_ready(why: str) -> ProblemError:
    return ProblemError(503, "not-ready", "Not ready", f"{why}. Wait a moment.", headers={"Retry-After": "5"})
