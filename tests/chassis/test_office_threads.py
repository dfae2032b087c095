"""Reports from several threads at once, and metrics that are of another day than their report."""

import contextlib
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from contracts.status import StatusReported
from contracts.trend import TrendsRefreshed
from services.chassis.answers import stamp
from services.chassis.office import OfficeReporter
from services.chassis.perform import Tools, perform
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.wire import Message
from tests.chassis.conftest import handled
from tests.examples import command


class Slow(OfficeReporter):
    """A reporter that lets the other thread in between the reading of its number and the writing of the next."""

    meeting = threading.Barrier(2)

    @property
    def _seq(self) -> int:
        number: int = self.__dict__.get("number", 0)
        with contextlib.suppress(threading.BrokenBarrierError):
            self.meeting.wait(timeout=0.2)
        return number

    @_seq.setter
    def _seq(self, number: int) -> None:
        self.__dict__["number"] = number


def test_each_report_has_a_number_of_its_own():
    """Light handlers report from threads; of two reports with one number the office would drop the last."""
    said = list[Message]()
    reporter = Slow(said.append, "scoring", Settings())
    threads = [threading.Thread(target=reporter.heartbeat) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 2 == len({StatusReported.from_json(message.body).source.seq for message in said})


def test_a_count_is_no_end_of_a_work():
    """Who only counts leaves the state as it is, and when it began."""
    said = list[Message]()
    reporter = OfficeReporter(said.append, "journal", Settings())

    reporter.report_metrics({"niches_analyzed_today": 3})

    (status,) = (StatusReported.from_json(message.body) for message in said)
    assert status.metrics is not None
    assert ("idle", None, 3) == (status.state, status.since, status.metrics.niches_analyzed_today)


async def test_an_answer_that_is_told_again_counts_on_its_own_day(tools: Tools):
    """The clock repeats yesterday's update when a house opens; today has no trend of it."""
    service = Service("trend")

    @service.command("scout.tasks.update_trend_data")
    async def update_trend_data() -> AsyncIterator[TrendsRefreshed]:
        yield TrendsRefreshed(updated=7, failed=0, left=0, last_update=datetime.now(UTC))

    handler, cause = handled(service, command("update_trend_data"))
    assert "done" == (await perform(handler, cause, tools)).kind
    (written,) = await tools.store.find("events", {"type": "trends.refreshed"})
    then = datetime.now(UTC) - timedelta(days=2)
    await tools.store.replace("events", {**written, "time": stamp(then)})

    assert "done" == (await perform(handler, cause, tools)).kind

    sent = tools.publisher.statuses  # type: ignore[attr-defined] # the fixture's own publisher
    metrics = StatusReported.from_json(sent[-1].body).metrics
    assert metrics is not None
    assert (then.astimezone(tools.settings.zone).date().isoformat(), 7) == (metrics.day, metrics.trends_updated)
