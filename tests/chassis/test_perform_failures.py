"""An attempt that fails: where its message goes, and with which reason."""

from dataclasses import replace

import pytest

from contracts.analysis import AnalysisCompleted, AnalyzeParams
from contracts.trend import TrendsRefreshed
from services.chassis.errors import DependencyDown, NotYetWritten, PublishFailed
from services.chassis.perform import Tools, perform, perform_light
from services.chassis.service import Service
from services.chassis.wire import Message
from tests.chassis.conftest import handled
from tests.examples import NOON, analysis_completed, command, event_from
from tests.house.toy import toy_services


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
    service = Service("analysis")

    @service.command("scout.tasks.analyze_niche")
    async def analyze_niche(niche_id: str, params: AnalyzeParams) -> AnalysisCompleted:
        del niche_id, params
        raise error

    handler, cause = handled(service, command("analyze_niche", niche_id="n"))

    ending = await perform(handler, replace(cause, errors=errors), tools)

    message = tools.publisher.messages[-1]
    assert ("analysis.own", room, left) == (message.exchange, message.key, message.headers["scout-errors"])
    assert f"{type(error).__name__}: {error}" == message.headers["scout-reason"]
    assert {"wait": "retried", "dead": "dead"}[room] == ending.kind


async def test_a_dependency_is_not_waited_for_longer_than_a_day(tools: Tools):
    """After a day an absent dependency counts as an error like any other."""
    service = Service("analysis")

    @service.command("scout.tasks.analyze_niche")
    async def analyze_niche(niche_id: str, params: AnalyzeParams) -> AnalysisCompleted:
        del niche_id, params
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
        del message, confirm
        raise PublishFailed("the broker is away")

    services, _ = toy_services()
    handler, cause = handled(services["analysis"], command("analyze_niche", niche_id="n"))
    monkeypatch.setattr(tools.publisher, "publish", refuse)
    monkeypatch.setattr("services.chassis.perform.asyncio.sleep", pause)

    assert "requeue" == (await perform(handler, cause, tools)).kind
    assert [1] == waited


def test_a_light_handler_that_fails_answers_with_its_retry_alone(tools: Tools):
    """Its only follow-up is the message to its waiting room."""
    service = Service("scoring")

    @service.on(AnalysisCompleted, task="scout.tasks.calculate_opportunity_score")
    def calculate_opportunity_score(event: AnalysisCompleted) -> None:
        del event
        raise ValueError("boom")

    handler, cause = handled(service, event_from("analysis", analysis_completed()))

    messages, ending = perform_light(handler, cause, tools)

    assert ["wait"] == [message.key for message in messages]
    assert "retried" == ending.kind


async def test_an_answer_that_the_catalog_does_not_allow_is_an_error(tools: Tools):
    """A service that answers with another's event fails the attempt, and the message says where to look."""
    service = Service("analysis")

    @service.command("scout.tasks.analyze_niche")
    async def analyze_niche(niche_id: str, params: AnalyzeParams) -> AnalysisCompleted:
        del niche_id, params
        return TrendsRefreshed(updated=0, failed=0, left=0, last_update=NOON)

    handler, cause = handled(service, command("analyze_niche", niche_id="n"))

    ending = await perform(handler, cause, tools)

    assert "analysis may not tell trends.refreshed" in str(ending.error)
