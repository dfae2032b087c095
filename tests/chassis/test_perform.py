"""An attempt that comes through: what is written, told and said."""

from typing import Any

from contracts.analysis import AnalysisCompleted, AnalysisFailed, AnalyzeParams
from services.chassis.answers import answer_id
from services.chassis.perform import Tools, perform, perform_light
from services.chassis.service import Service
from tests.chassis.conftest import handled
from tests.examples import NOON, analysis_completed, command, event_from
from tests.house.toy import toy_services


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
    ] == sent.said()
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
