"""`kill -9` in the middle of a bulk analysis: whatever dies, every accepted run ends with exactly one outcome."""

import os
import signal
from pathlib import Path

from tests.embedded import settled, shop
from tests.embedded.home import Home, eventually

KILLS = 2


def test_a_bulk_analysis_survives_kills_of_its_house(market: Home):
    """All of its processes are killed, then the house without its children; the next command ends it all."""
    first = market.start("niche", "analyze", "--all", "-q")
    eventually(lambda: settled.ended(market) >= shop.NICHES // 4)
    first.kill()
    after_first = settled.ended(market)
    (batch,) = {request["batch"] for request in market.documents("requests", kind=settled.ANALYZE).values()}

    second = market.start("run", "watch", batch, "-q")
    eventually(lambda: settled.ended(market) >= after_first + shop.NICHES // 4)
    os.kill(second.pid, signal.SIGKILL)
    second.wait()
    eventually(lambda: not alive(second.pid))
    after_second = settled.ended(market)

    assert 0 < after_first < after_second < shop.NICHES
    state = market.json("run", "watch", batch, "-q")
    assert (state["total"], state["done"], state["failed"]) == (shop.NICHES, shop.NICHES, 0)
    settled.check(market)


def test_a_killed_child_costs_an_attempt_and_no_run(market: Home):
    """A child that dies at work is replaced, its run is tried again, and all runs end done."""
    with market.served() as house:
        batch = house.api.post("/v1/analyses", json={"market": shop.MARKET}).json()["batch"]
        while len(lost_attempts(market)) < KILLS:
            before = settled.ended(market)
            assert before < shop.NICHES, "every child died between two jobs, so no attempt was lost"
            for child in house.children():
                os.kill(child, signal.SIGKILL)
            eventually(lambda known=before: settled.ended(market) > known)
        eventually(lambda: house.get(f"/v1/batches/{batch}")["done"] == shop.NICHES)

        again = [house.get(f"/v1/runs/{event['correlation_id']}") for event in lost_attempts(market)]
        assert {"done"} == {run["state"] for run in again}
        assert all(any(stage.get("attempt", 1) > 1 for stage in run["stages"]) for run in again)
    settled.check(market)


def lost_attempts(home: Home) -> list[dict]:
    """The attempts that followed one which ended without an answer."""
    noted = home.documents("events", type="attempt.noted").values()
    return [event for event in noted if settled.data(event)["losses"]]


def alive(group: int) -> bool:
    """Whether anything of a process group still runs; one that ended and that nobody asked about does not."""
    stats = [stat.rpartition(") ")[2].split() for stat in map(read, Path("/proc").glob("[0-9]*/stat")) if stat]
    return any(int(fields[2]) == group and fields[0] != "Z" for fields in stats)


def read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
