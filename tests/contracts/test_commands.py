import pytest

from contracts.catalog import EVENTS, key_of
from contracts.commands import COMMANDS, EVENT_LIMIT, LIGHT_LIMIT, LIGHT_SECOND_LIMIT

ANALYZE = COMMANDS["scout.tasks.analyze_niche"]


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        (("n", {}), {}),
        (("n",), {"params": {}}),
        ((), {"niche_id": "n", "params": {}}),
    ],
)
def test_arguments_are_the_same_by_place_and_by_name(args: tuple[object, ...], kwargs: dict[str, object]) -> None:
    """A Celery caller may give them either way, or mixed."""
    assert {"niche_id": "n", "params": {}} == ANALYZE.bind(args, kwargs)


def test_what_is_not_given_is_left_to_its_default() -> None:
    """Binding invents nothing: the model of the arguments has the defaults."""
    assert {"niche_id": "n"} == ANALYZE.bind(("n",), {})
    assert {} == ANALYZE.bind((), {})


def test_too_many_arguments_are_refused_with_the_names_of_those_that_there_are() -> None:
    """Who counts wrong sees what the command takes."""
    with pytest.raises(TypeError, match=r"takes 2 arguments \(niche_id, params\), got 3"):
        ANALYZE.bind(("n", {}, "more"), {})
    with pytest.raises(TypeError, match=r"takes 0 arguments \(none\), got 1"):
        COMMANDS["scout.tasks.update_trend_data"].bind((1,), {})


def test_an_argument_given_twice_is_refused_by_its_name() -> None:
    """By place and by name at once would be a guess."""
    with pytest.raises(TypeError, match="argument niche_id is given twice"):
        ANALYZE.bind(("n",), {"niche_id": "m"})


def test_a_name_that_the_command_does_not_take_is_left_for_its_model_to_refuse() -> None:
    """Binding names arguments, the model says which of them are wrong."""
    bound = ANALYZE.bind(("n",), {"colour": "red"})

    with pytest.raises(ValueError, match="colour"):
        ANALYZE.arguments.model_validate(bound)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_opens_a_run_can_end_it_well_and_badly(name: str) -> None:
    """What closes a run is told by somebody, and something in it says that it went well."""
    closes = [EVENTS[key_of(model)] for model in COMMANDS[name].closes]

    assert all(row.journaled and row.stored for row in closes)
    assert not closes or any("reason" not in row.model.model_fields for row in closes)


@pytest.mark.parametrize("name", COMMANDS)
def test_what_stands_between_a_command_and_its_end_leads_to_that_end(name: str) -> None:
    """An event on the way is heard by somebody, and what closes a run of its own closes the command's too."""
    for model in COMMANDS[name].through:
        row = EVENTS[key_of(model)]

        assert row.heard_by
        assert set(row.closed_by) <= set(COMMANDS[name].closes)


def test_limits_are_the_ones_that_callers_know() -> None:
    """Seconds of an attempt, as they were before Scout."""
    assert {
        "scout.tasks.update_trend_data": 1200,
        "scout.tasks.analyze_niche": 300,
        "scout.tasks.calculate_opportunity_score": 5,
        "scout.tasks.export_report": 600,
        "scout.tasks.cleanup_old_analyses": 300,
        "scout.tasks.office_heartbeat": 5,
        "scout.tasks.import_observations": 1200,
        "scout.tasks.backtest": 600,
    } == {name: command.limit for name, command in COMMANDS.items()}
    assert LIGHT_LIMIT < LIGHT_SECOND_LIMIT < EVENT_LIMIT
    assert all(command.limit == LIGHT_LIMIT for command in COMMANDS.values() if command.lane == "light")
