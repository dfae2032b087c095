"""`scout serve`: a house with an API and a clock, that can be told to stop."""

import signal
from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.message import scout_id
from contracts.schedule import SCHEDULE
from services.chassis.settings import Settings
from tests.embedded import shop
from tests.embedded.home import Home, eventually
from tests.embedded.settled import data

UPDATE, CLEANUP = "scout-update-trends", "scout-cleanup"


def slot(name: str) -> str:
    """The run that the clock starts for the newest slot of a daily entry."""
    now = datetime.now(ZoneInfo(Settings().timezone))
    return scout_id(name, SCHEDULE[name].slot(now).isoformat())


def told(home: Home, run: str) -> set[str]:
    """The events of a run."""
    return set(home.documents("log", run_id=run))


def test_a_served_house_answers_keeps_its_clock_and_stops_when_told(market: Home):
    """It says that it is ready and what it offers, does the day's slots once, and SIGTERM frees its folder."""
    update, cleanup = slot(UPDATE), slot(CLEANUP)
    with market.served() as house:
        assert house.get("/readyz") == {"status": "ok"}
        assert {"/v1/scores", "/v1/analyses", "/v1/runs/{run_id}"} <= house.get("/openapi.json")["paths"].keys()
        assert house.get("/v1/scores?market=shop") == {"items": []}

        eventually(lambda: {update, cleanup} <= market.documents("outcomes").keys())
        (refreshed,) = market.documents("events", type="trends.refreshed", correlation_id=update).values()
        assert data(refreshed)["updated"] == shop.NICHES
        assert len(market.documents("events", type="trend.updated", correlation_id=update)) == shop.NICHES
        assert market.documents("events", type="analyses.cleaned", correlation_id=cleanup)
        eventually(lambda: len(market.documents("events", type="attempt.noted")) >= shop.NICHES)
        before = told(market, update)

        house.process.send_signal(signal.SIGTERM)
        ended = house.process.ended()
    assert ended.code == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (market.folder / "house.json").exists()

    with market.served() as again:
        again.done("/v1/trends/refresh", {})  # it stands in the queue behind the clock's own
    assert {data(event)["task"] for event in added(market, update, before)} <= {"trend.updated"}


def added(home: Home, run: str, before: set[str]) -> list[dict]:
    """What was told of a run since."""
    events = home.documents("events")
    return [events[key] for key in told(home, run) - before]
