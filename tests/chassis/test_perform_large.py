"""Answers that nobody would take."""

from contracts.analysis import AnalysisCompleted
from services.chassis.perform import Tools, perform
from services.chassis.service import Service
from tests.chassis.conftest import handled
from tests.examples import analysis_completed, command


async def test_an_answer_that_is_too_large_is_not_written(tools: Tools):
    """The attempt ends with a reason; a written one would be told and refused until its run is said to be lost."""
    service = Service("analysis")

    @service.command("scout.tasks.analyze_niche")
    async def analyze_niche(niche_id: str, params: object) -> AnalysisCompleted:
        del niche_id, params
        return analysis_completed(niche_name="x" * 300_000)

    handler, cause = handled(service, command("analyze_niche", niche_id="n"))
    ending = await perform(handler, cause, tools)

    letter = tools.publisher.messages[-1]  # type: ignore[attr-defined] # the fixture's own publisher
    assert ("dead", "dead") == (ending.kind, letter.key)
    assert "analysis.completed" in str(letter.headers["scout-reason"])
    assert 0 == await tools.store.count("events")
