"""The demo market, real and whole, as the fault tests drive it through the gateway: bulk analyses and their scores."""

import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from tests.compose.house import ComposeHouse

MARKET, AS_OF = "complete-journey", "2017-11-05"
NICHES, SOME = 293, 120
"""How many niches the market has, and how many are enough to be killed in the middle of."""
PATIENCE = 900
"""Seconds for a bulk analysis; on an idle machine it takes one or two minutes."""
Scores = dict[str, dict[str, Any]]


class Desk:
    """Somebody who asks the house over HTTP, and asks again when it does not answer."""

    def __init__(self, house: ComposeHouse) -> None:
        self._house = house

    def call(self, method: str, path: str, **options: Any) -> Any:
        """What the gateway answers; one that is away or restarting is asked again."""
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                answer = httpx.request(method, f"{self._house.url}{path}", timeout=30, trust_env=False, **options)
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    answer.raise_for_status()
                    return answer.json()
            except (httpx.TransportError, LookupError, ValueError):
                pass
            assert time.monotonic() < ends, f"{method} {path} was not answered"
            time.sleep(1)

    def import_market(self) -> None:
        """Import it, and wait until its niches are there."""
        asked = self.call("POST", "/v1/imports", json={"market": MARKET, "builtin": MARKET}, headers=_key())["id"]
        done = "/v1/runs?kind=scout.tasks.import_observations&state=done"
        self.until(lambda: asked in {run["id"] for run in self.call("GET", done)["items"]})

    def analyze(self, niches: Sequence[str] = ()) -> str:
        """Ask for these niches, or for all; the batch's id."""
        body = {"market": MARKET, "params": {"as_of": AS_OF}} | ({"niche_ids": list(niches)} if niches else {})
        batch: str = self.call("POST", "/v1/analyses", json=body, headers=_key())["batch"]
        return batch

    def done(self, batch: str) -> int:
        """How many runs of a batch are done; one that failed is a failure of the test."""
        state = self.call("GET", f"/v1/batches/{batch}")
        assert not state["failed"], state["failures"]
        return int(state["done"])

    def wait(self, batch: str, count: int) -> None:
        """Wait until so many runs of a batch are done."""
        self.until(lambda: self.done(batch) >= count or None)

    def scores(self) -> Scores:
        """The whole leaderboard: niche to its score."""
        rows, cursor = [], ""
        while True:
            page = self.call("GET", f"/v1/scores?market={MARKET}&limit=100{cursor}")
            rows += page["items"]
            if not page.get("next"):
                return {row["score"]["niche_id"]: row["score"] for row in rows}
            cursor = f"&cursor={page['next']}"

    def stats(self, batch: str) -> list[dict[str, Any]]:
        """Who did how much of a batch."""
        hosts: list[dict[str, Any]] = self.call("GET", f"/v1/runs/stats?batch={batch}")["items"]
        return hosts

    def letters(self) -> list[Any]:
        """The dead letters."""
        items: list[Any] = self.call("GET", "/v1/dead-letters")["items"]
        return items

    def until(self, look: Callable[[], Any]) -> Any:
        """Wait until `look` finds something."""
        ends = time.monotonic() + PATIENCE
        while not (found := look()):
            assert time.monotonic() < ends, "what was waited for did not come"
            time.sleep(1)
        return found


def furthest(one: Any, other: Any) -> float:
    """The largest difference between two scores' numbers; infinite where anything else differs.

    Left out are ids, and what is named by the last bits of the reference: its file, and the model that it is part of.
    """
    if isinstance(one, dict):
        kept = (one.keys() | other.keys()) - _APART
        return max((furthest(one.get(name), other.get(name)) for name in kept), default=0.0)
    if isinstance(one, list) and len(one) == len(other):
        return max((furthest(*pair) for pair in zip(one, other, strict=True)), default=0.0)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return float(abs(one - other))
    return 0.0 if one == other else float("inf")


_APART = {"id", "analysis_id", "run_id", "reference", "model"}


def _key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}
