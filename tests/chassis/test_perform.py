from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from contracts.analysis import AnalysisCompleted, AnalysisFailed, AnalyzeParams
from contracts.trend import TrendsRefreshed, TrendUpdated
from services.chassis.answers import answer_id
from services.chassis.cause import Cause
from services.chassis.errors import DependencyDown, NotYetWritten, PublishFailed
from services.chassis.files import LocalFiles
from services.chassis.office import OfficeReporter
from services.chassis.perform import Tools, perform, perform_light
from services.chassis.service import Answer, Service
from services.chassis.settings import Settings
from services.chassis.store_sqlite import SqliteStore
from services.chassis.wire import Message
from tests.examples import NOON, analysis_completed, cause_of, command, event_from
from tests.house.toy import toy_services


class Sent:
    """Keeps what is published, and what is said to the office."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.statuses: list[Message] = []

    async def publish(self, message: Message, *, confirm: bool = True) -> None:
        del confirm
        self.messages.append(message)

    @property
    def keys(self) -> list[str]:
        return [message.key for message in self.messages]

    def said(self) -> list[tuple[str, str]]:
        from contracts.status import StatusReported

        statuses = [StatusReported.from_json(message.body) for message in self.statuses]
        return [(status.state, status.text) for status in statuses]


@pytest.fixture
async def tools(tmp_path: Path) -> AsyncIterator[Tools]:
    sent, store = Sent(), SqliteStore(tmp_path / "store.sqlite")
    reporter = OfficeReporter(sent.statuses.append, "analysis", Settings())
    reporter._loop = None  # as in a child: everything is said at once
    yield Tools(sent, store, LocalFiles(tmp_path / "files"), reporter, Settings())
    await store.close()


def handled(service: Service, message: Message) -> tuple[Any, Cause]:
    cause = cause_of(message, service.name)
    handler = service.handler(cause.key)
    assert handler is not None
    return handler, cause


async def test_an_answer_is_written_and_told_with_the_same_bytes(tools: Tools):
    """What is in the store is what was published, and its id is made of its cause."""
    services, _ = toy_services()
    handler, cause = handled(services["analysis"], command("analyze_niche", niche_id="n"))

    ending = await perform(handler, cause, tools)

    assert "done" == ending.kind
    assert ["attempt.noted", "analysis.completed"] == tools.publisher.keys
    message = tools.publisher.messages[1]
    written = await tools.store.get("events", message.id)
    assert answer_id(cause.id, "analysis") == message.id
    assert message.body.decode() == written["body"]
    assert ("n", "shop") == (written["niche_id"], written["market"])


async def test_what_is_written_is_told_again_and_not_computed_again(tools: Tools):
    """A repeat of a cause tells the written bytes."""
    services, computed = toy_services()
    handler, cause = handled(services["analysis"], command("analyze_niche", niche_id="n"))

    await perform(handler, cause, tools)
    await perform(handler, cause, tools)

    assert 1 == len(computed)
    first, second = (m for m in tools.publisher.messages if m.key == "analysis.completed")
    assert (first.body, first.id) == (second.body, second.id)


async def test_the_written_answer_wins_over_one_computed_at_the_same_time(tools: Tools):
    """A handler that finds its answer written by another process tells the other's."""
    service = Service("analysis")
    handlers: list[Any] = []

    @service.command("scout.tasks.analyze_niche")
    async def analyze_niche(niche_id: str, params: AnalyzeParams) -> AnalysisCompleted | AnalysisFailed:
        del params
        if not handlers:
            handlers.append(True)
            await perform(handler, cause, tools)  # the other process, faster than this one
            return analysis_completed(niche_id=niche_id, niche_name="slow")
        return analysis_completed(niche_id=niche_id, niche_name="fast")

    handler, cause = handled(service, command("analyze_niche", niche_id="n"))

    ending = await perform(handler, cause, tools)

    assert "fast" == ending.returns["niche_name"]
    assert all(b"slow" not in message.body for message in tools.publisher.messages)


async def test_many_answers_are_told_one_by_one_and_the_last_closes(tools: Tools):
    """An answer per subject has an id of its own; the returned value is the view of the closing one."""
    services, _ = toy_services()
    handler, cause = handled(services["trend"], command("update_trend_data"))

    ending = await perform(handler, cause, tools)

    assert ["attempt.noted", "trend.updated", "trend.updated", "trends.refreshed"] == tools.publisher.keys
    assert {"success": True, "updated": 2} == ending.returns
    assert 4 == len({message.id for message in tools.publisher.messages})


@pytest.mark.parametrize(
    ("error", "errors", "room", "left"),
    [
        (ValueError("boom"), 0, "wait", 1),
        (ValueError("boom"), 1, "wait", 2),
        (ValueError("boom"), 2, "dead", 3),
        (NotYetWritten("later"), 0, "wait", 1),
        (DependencyDown("away"), 0, "wait", 0),
        (DependencyDown("away"), 2, "wait", 2),
    ],
)
async def test_a_failed_attempt_goes_to_the_waiting_room_until_its_budget_is_spent(
    tools: Tools, error: Exception, errors: int, room: str, left: int
):
    """Three failed attempts are the end; a dependency that is away counts for none."""
    from dataclasses import replace

    service = Service("analysis")

    @service.command("scout.tasks.analyze_niche")
    async def analyze_niche(niche_id: str, params: AnalyzeParams) -> AnalysisCompleted:
        raise error

    handler, cause = handled(service, command("analyze_niche", niche_id="n"))

    ending = await perform(handler, replace(cause, errors=errors), tools)

    message = tools.publisher.messages[-1]
    assert ("analysis.own", room, left) == (message.exchange, message.key, message.headers["scout-errors"])
    assert f"{type(error).__name__}: {error}" == message.headers["scout-reason"]
    assert {"wait": "retried", "dead": "dead"}[room] == ending.kind


async def test_a_dependency_is_not_waited_for_longer_than_a_day(tools: Tools):
    """After a day an absent dependency counts as an error like any other."""
    from dataclasses import replace

    service = Service("analysis")

    @service.command("scout.tasks.analyze_niche")
    async def analyze_niche(niche_id: str, params: AnalyzeParams) -> AnalysisCompleted:
        raise DependencyDown("away")

    handler, cause = handled(service, command("analyze_niche", niche_id="n"))

    await perform(handler, replace(cause, errors=2, first_seen=cause.first_seen - 86_401), tools)

    assert "dead" == tools.publisher.messages[-1].key


async def test_a_bad_argument_is_refused_by_its_name_and_not_tried_again(tools: Tools):
    """A command that nobody can understand goes straight to the dead letters."""
    services, _ = toy_services()
    for arguments, names in (({}, "niche_id"), ({"niche_id": 7}, "niche_id"), ({"niche_id": "n", "x": 1}, "x")):
        handler, cause = handled(services["analysis"], command("analyze_niche", **arguments))

        ending = await perform(handler, cause, tools)

        assert "dead" == ending.kind
        assert tools.publisher.messages[-1].headers["scout-reason"].startswith(f"refused: {names}")


async def test_a_retry_that_cannot_be_told_gives_the_message_back(tools: Tools, monkeypatch: pytest.MonkeyPatch):
    """If not even the waiting room takes it, the delivery is requeued, which the broker counts."""
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    async def refuse(message: Message, *, confirm: bool = True) -> None:
        raise PublishFailed("the broker is away")

    services, _ = toy_services()
    handler, cause = handled(services["analysis"], command("analyze_niche", niche_id="n"))
    monkeypatch.setattr(tools.publisher, "publish", refuse)
    monkeypatch.setattr("services.chassis.perform.asyncio.sleep", pause)

    assert "requeue" == (await perform(handler, cause, tools)).kind
    assert [1] == waited


async def test_the_office_is_told_in_the_words_of_the_contract(tools: Tools):
    """Working with the task's text, idle with metrics; on a failed attempt the error's text."""
    services, _ = toy_services()
    handler, cause = handled(services["analysis"], command("analyze_niche", niche_id="n"))
    await perform(handler, cause, tools)
    broken, cause = handled(services["analysis"], command("analyze_niche", "task 2", niche_id="broken"))
    await perform(broken, cause, tools)

    sent = tools.publisher
    assert [
        ("working", "Анализ ниши n"),
        ("idle", ""),
        ("working", "Анализ ниши broken"),
        ("error", "Анализ ниши: boom"),
    ] == Sent.said(sent)
    assert b'"opportunities_found":0' in sent.statuses[1].body


def test_a_light_handler_gives_the_same_bytes_every_time(tools: Tools):
    """It is a pure function of its event: the answer's time is its cause's."""
    services, _ = toy_services()
    handler, cause = handled(services["scoring"], event_from("analysis", analysis_completed()))

    first, _ = perform_light(handler, cause, tools)
    second, ending = perform_light(handler, cause, tools)

    assert "done" == ending.kind
    assert [(m.id, m.body) for m in first] == [(m.id, m.body) for m in second]
    assert NOON.isoformat() == first[0].headers["cloudEvents_time"]


def test_a_light_handler_that_fails_answers_with_its_retry_alone(tools: Tools):
    """Its only follow-up is the message to its waiting room."""
    service = Service("scoring")

    @service.on(AnalysisCompleted, task="scout.tasks.calculate_opportunity_score")
    def calculate_opportunity_score(event: AnalysisCompleted) -> None:
        raise ValueError("boom")

    handler, cause = handled(service, event_from("analysis", analysis_completed()))

    messages, ending = perform_light(handler, cause, tools)

    assert ["wait"] == [message.key for message in messages]
    assert "retried" == ending.kind


async def test_an_event_and_a_command_reach_the_same_function(tools: Tools):
    """calculate_opportunity_score takes its analysis from an event or from a Celery caller's argument."""
    services, _ = toy_services()
    event = analysis_completed()
    by_event = handled(services["scoring"], event_from("analysis", event))
    by_command = handled(
        services["scoring"], command("calculate_opportunity_score", analysis=event.model_dump(mode="json"))
    )

    (first,), _ = perform_light(*by_event, tools)
    (second,), _ = perform_light(*by_command, tools)

    assert first.body == second.body


async def test_an_answer_that_the_catalog_does_not_allow_is_an_error(tools: Tools):
    """A service that answers with another's event fails the attempt, and the message says where to look."""
    service = Service("analysis")

    @service.command("scout.tasks.analyze_niche")
    async def analyze_niche(niche_id: str, params: AnalyzeParams) -> AnalysisCompleted:
        return TrendsRefreshed(updated=0, failed=0, left=0, last_update=NOON)

    handler, cause = handled(service, command("analyze_niche", niche_id="n"))

    ending = await perform(handler, cause, tools)

    assert "analysis may not tell trends.refreshed" in str(ending.error)


def test_answers_are_read_off_the_return_annotation():
    """A handler's answers are its annotation's events, however deep they stand."""
    services, _ = toy_services()
    (handler,) = services["trend"].handlers

    assert (TrendUpdated, TrendsRefreshed) == tuple(
        model for model in handler.answers if model in {TrendUpdated, TrendsRefreshed}
    )
    assert ("trend", "refresh") == handler.facts


def test_a_service_hears_an_event_once():
    """A second handler of the same event is refused when it is declared."""
    service = Service("scoring")
    service.on(AnalysisCompleted)(lambda event: None)

    with pytest.raises(LookupError, match="two handlers"):
        service.on(AnalysisCompleted)(lambda event: Answer(event))


def test_a_command_of_another_service_is_refused():
    """A service can only take the commands of its own queue."""
    with pytest.raises(LookupError, match="no command of scoring"):
        Service("scoring").command("scout.tasks.analyze_niche")
