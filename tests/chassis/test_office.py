import asyncio
import threading
from datetime import datetime, timedelta, tzinfo
from typing import Any, Self

import pytest

from contracts.run import Progress
from contracts.status import StatusReported
from contracts.trend import TrendsRefreshed
from services.chassis import office
from services.chassis.office import OfficeReporter, error_text, metrics_of, working_text
from services.chassis.settings import Settings
from services.chassis.wire import Message
from tests.examples import NOON, analysis_completed


class Clock(datetime):
    """A clock that stands still until a test moves it."""

    present = NOON

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.present.astimezone(tz)  # type: ignore[return-value] # a datetime is all that is asked for


class Sent(list[StatusReported]):
    """What the office was told."""

    def take(self, message: Message) -> None:
        self.append(StatusReported.from_json(message.body))

    async def more_than(self, count: int) -> None:
        """Wait until so much was said and more."""
        async with asyncio.timeout(10):
            while len(self) <= count:  # noqa: ASYNC110 - the reporter sets no event
                await asyncio.sleep(0.01)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    monkeypatch.setattr(office, "datetime", Clock)
    monkeypatch.setattr(Clock, "present", NOON)
    return Sent()


def reporter_to(sent: Sent) -> OfficeReporter:
    return OfficeReporter(sent.take, "analysis", Settings())


def pass_by(seconds: float) -> None:
    Clock.present += timedelta(seconds=seconds)


async def test_of_many_reports_at_once_the_first_and_the_last_go_out(sent: Sent):
    """A quick work does not flood the office, and what it said last is never lost."""
    reporter = reporter_to(sent)

    for done in range(1, 101):
        reporter.report_progress(Progress(done=done, total=100, unit="niches"))
    assert [1] == [status.progress.done for status in sent if status.progress]
    await sent.more_than(1)

    assert [1, 100] == [status.progress.done for status in sent if status.progress]


async def test_at_most_five_reports_a_second_go_out(sent: Sent):
    """Reports less than 0.2 s apart become one; the next one after that goes out at once."""
    reporter = reporter_to(sent)

    for step in range(50):  # five seconds
        before = len(sent)
        reporter.report_working(str(step))
        reporter._waits = False  # the delayed one is not this test's
        assert (step % 2 == 0) == (len(sent) > before)
        pass_by(0.1)

    assert 25 == len(sent)


async def test_a_state_that_came_too_soon_is_told_after_all(sent: Sent):
    """Idle right after working is what the office shows in the end."""
    reporter = reporter_to(sent)

    reporter.report_working("a")
    reporter.report_idle()
    await sent.more_than(1)

    assert ["working", "idle"] == [status.state for status in sent]


async def test_metrics_are_told_at_once_and_once(sent: Sent):
    """They wait for nothing, and a heartbeat does not tell them again as if they were new."""
    reporter = reporter_to(sent)

    reporter.report_working("a")
    reporter.report_idle({"opportunities_found": 3})
    reporter.heartbeat()

    _, told, beat = sent
    assert told.metrics is not None
    assert ("2026-11-24", "Europe/Moscow", 3) == (told.metrics.day, told.metrics.tz, told.metrics.opportunities_found)
    assert ("idle", None) == (beat.state, beat.metrics)


async def test_a_day_is_counted_in_the_houses_zone(sent: Sent):
    """At 22:30 in UTC it is tomorrow in Moscow."""
    reporter = reporter_to(sent)
    pass_by(10.5 * 3600)

    reporter.report_idle({"trends_updated": 1})

    assert sent[-1].metrics is not None
    assert "2026-11-25" == sent[-1].metrics.day


async def test_reports_of_a_thread_are_delayed_by_the_loop(sent: Sent):
    """A light handler speaks from a thread; the delayed report still goes out."""
    reporter = reporter_to(sent)

    def work() -> None:
        reporter.report_working("a")
        reporter.report_idle()

    thread = threading.Thread(target=work)
    thread.start()
    await sent.more_than(1)
    thread.join()

    assert ["working", "idle"] == [status.state for status in sent]


def test_without_a_loop_a_state_goes_out_at_once(sent: Sent):
    """A child between two jobs has nothing that could send it later."""
    reporter = reporter_to(sent)

    reporter.report_working("a")
    reporter.report_error("b")
    reporter.report_idle()

    assert ["working", "error", "idle"] == [status.state for status in sent]
    assert [1, 2, 3] == [status.source.seq for status in sent]
    assert 1 == len({status.source.boot for status in sent})


def test_a_dead_office_harms_nobody():
    """What fails while it is said is logged, and the work goes on."""
    said: list[Message] = []

    def send(message: Message) -> None:
        said.append(message)
        raise OSError("the office burns")

    reporter = OfficeReporter(send, "analysis", Settings())
    reporter.report_working("a")
    reporter.report_idle({"opportunities_found": 1})
    reporter.report_error("b")
    reporter.heartbeat()

    assert 4 == len(said)


async def test_a_dead_office_harms_no_delayed_report_either(sent: Sent):
    """The next report is tried as if nothing had been."""
    broken = True

    def send(message: Message) -> None:
        if broken:
            raise OSError("the office burns")
        sent.take(message)

    reporter = OfficeReporter(send, "analysis", Settings())
    reporter.report_working("a")
    broken = False
    reporter.report_idle()
    await sent.more_than(0)

    assert ["idle"] == [status.state for status in sent]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("scout.tasks.update_trend_data", "Обновление данных трендов"),
        ("scout.tasks.analyze_niche", "Анализ ниши n"),
        ("scout.tasks.export_report", "Экспорт отчёта"),
    ],
)
def test_a_task_is_told_in_the_words_of_the_contract(name: str, said: str):
    """The office shows these texts to people."""
    assert said == working_text(name, "n")


def test_a_niche_that_is_not_known_leaves_no_gap():
    """No space at the end of the text."""
    assert "Анализ ниши" == working_text("scout.tasks.analyze_niche", "")


def test_an_error_of_the_analysis_says_whose_it_is():
    """The others say the error alone."""
    assert "Анализ ниши: boom" == error_text("scout.tasks.analyze_niche", ValueError("boom"))
    assert "boom" == error_text("scout.tasks.export_report", ValueError("boom"))


def test_answers_carry_the_offices_metrics():
    """Opportunities of an analysis, trends of an update; anything else counts nothing."""
    refreshed: dict[str, Any] = metrics_of(TrendsRefreshed(updated=7, failed=1, left=0, last_update=NOON))

    assert {"trends_updated": 7, "last_update": NOON.isoformat()} == refreshed
    assert {"opportunities_found": 2} == metrics_of(analysis_completed(opportunities_count=2))
    assert {} == metrics_of(None)
