from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from services.gateway.as_of import last_full_day
from services.gateway.deps import Deps
from tests.gateway import world


def market(**changes: Any) -> dict[str, Any]:
    """A market that is observed until a day."""
    return {"_id": "shop", "timezone": "Europe/Moscow", "grain": "day", "last_day": "2030-01-01"} | changes


@pytest.mark.parametrize(
    ("changes", "now", "day"),
    [
        ({"last_day": "2017-11-30"}, datetime(2026, 11, 24, 12, tzinfo=UTC), date(2017, 11, 30)),
        ({}, datetime(2026, 11, 24, 12, tzinfo=UTC), date(2026, 11, 23)),
        ({}, datetime(2026, 11, 24, 22, tzinfo=UTC), date(2026, 11, 24)),
        ({"timezone": "America/New_York"}, datetime(2026, 11, 24, 2, tzinfo=UTC), date(2026, 11, 22)),
        ({"grain": "week", "last_day": "2017-11-27"}, datetime(2026, 11, 24, 12, tzinfo=UTC), date(2017, 12, 3)),
        ({"grain": "week", "last_day": "2026-11-23"}, datetime(2026, 11, 24, 12, tzinfo=UTC), date(2026, 11, 23)),
    ],
)
def test_the_last_full_day_is_observed_and_over_in_the_markets_zone(changes, now, day):
    """It is the last observed day, a week's being its Sunday, but never later than yesterday there."""
    assert last_full_day(market(**changes), now) == day


async def test_an_absent_day_is_filled_in_when_work_is_accepted(http: httpx.AsyncClient, deps: Deps):
    """However late the work is done, it is done as of the day on which it was asked for."""
    await world.market(deps, last_day="2017-11-30")
    tea = await world.niche(deps, "Tea")

    one = (await http.post(f"/v1/niches/{tea}/analyses")).json()["id"]
    [many] = (await http.post("/v1/analyses", json={"market": "shop"})).json()["ids"]

    for run_id in (one, many):
        request = await deps.store.get("requests", run_id)
        assert request["arguments"]["params"]["as_of"] == "2017-11-30"


@pytest.mark.parametrize(
    ("as_of", "kind", "said"),
    [
        ("2016-12-31", "as-of-before-first-day", "from 2017-01-01 to 2017-11-30"),
        (world.now().date().isoformat(), "as-of-in-future", "take 2017-11-30"),
        ("2999-01-01", "as-of-in-future", "not over yet"),
    ],
)
async def test_a_day_of_which_not_all_can_be_known_is_refused(http: httpx.AsyncClient, deps: Deps, as_of, kind, said):
    """A day before the first observation, today, and the future: the answer says which days there are."""
    await world.market(deps, timezone="Etc/GMT+12")  # where every day of ours is not over yet
    tea = await world.niche(deps, "Tea")

    one = await http.post(f"/v1/niches/{tea}/analyses", json={"as_of": as_of})
    many = await http.post("/v1/analyses", json={"market": "shop", "params": {"as_of": as_of}})

    assert (one.status_code, many.status_code) == (422, 422)
    assert one.json()["type"] == f"/problems/{kind}"
    assert said in one.json()["detail"]
    assert one.json()["errors"][0]["pointer"] == "/as_of"
    assert many.json()["errors"][0]["pointer"] == "/params/as_of"
