import pytest

from contracts.analysis import AnalysisCompleted
from contracts.trend import TrendsRefreshed, TrendUpdated
from services.chassis.service import Answer, Service
from tests.house.toy import toy_services


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
    service.on(AnalysisCompleted)(Answer)

    with pytest.raises(LookupError, match="two handlers"):
        service.on(AnalysisCompleted)(Answer)


def test_a_command_of_another_service_is_refused():
    """A service can only take the commands of its own queue."""
    with pytest.raises(LookupError, match="no command of scoring"):
        Service("scoring").command("scout.tasks.analyze_niche")
