"""`scout serve`: a house with an API and a clock, that can be told to stop."""

import signal
from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.message import scout_id
from contracts.schedule import SCHEDULE
from tests.embedded.home import Home, eventually
from tests.embedded.settled import data

DAILY = ("scout-update-trends", "scout-cleanup")
HOUSE_ZONE = ZoneInfo("Europe/Moscow")


def slots() -> set[str]:
    """The runs that the clock starts for the daily entries as of now."""
    now = datetime.now(HOUSE_ZONE)
    return {scout_id(name, SCHEDULE[name].slot(now).isoformat()) for name in DAILY}


def finished(home: Home) -> set[str]:
    """The runs of the clock that are done."""
    return {run for run, outcome in home.documents("outcomes").items() if outcome["state"] == "done"}


def test_a_served_house_answers_keeps_its_clock_and_stops_when_told(market: Home):
    """It says that it is ready and what it offers, does today's slots once, and SIGTERM frees its folder."""
    before = slots()
    with market.served() as house:
        assert house.get("/readyz") == {"status": "ok"}
        paths = house.get("/openapi.json")["paths"]
        assert {"/v1/scores", "/v1/analyses", "/v1/runs/{run_id}"} <= paths.keys()
        assert house.get("/v1/scores?market=shop") == {"items": []}

        done = eventually(lambda: finished(market) if slots() <= finished(market) or before <= finished(market) else None)
        refreshed = market.documents("events", type="trends.refreshed").values()
        assert {event["correlation_id"] for event in refreshed} <= done
        niches = len(market.documents("niches"))
        assert {data(event)["updated"] for event in refreshed} == {niches}
        assert len(market.documents("events", type="trend.updated")) == niches * len(refreshed)

        house.process.send_signal(signal.SIGTERM)
        ended = house.process.ended()
    assert ended.code == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (market.folder / "house.json").exists()

    told = len(market.documents("events", type="trend.updated"))
    with market.served() as again:
        again.done("/v1/analyses/cleanup", {})  # the clock's own cleanup waits in the same queue before it
        eventually(lambda: not again.get("/v1/runs?state=running")["items"])
    days = len({event["correlation_id"] for event in market.documents("events", type="trends.refreshed").values()})
    assert len(market.documents("events", type="trend.updated")) == told * days // len(refreshed)
