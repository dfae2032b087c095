import ast
import sys
from pathlib import Path

from contracts import routes
from contracts.commands import COMMANDS
from contracts.routes import ROUTES


def test_every_command_has_its_route_and_nothing_else_has_one() -> None:
    """What a Celery caller routes is what the house takes."""
    assert COMMANDS.keys() == ROUTES.keys()


def test_a_route_is_the_commands_own_name_at_the_exchange_of_commands() -> None:
    """The routing key is the name, so that the broker knows a command that does not exist."""
    for name, route in ROUTES.items():
        assert ("scout.tasks", name) == (route["exchange"], route["routing_key"])


def test_a_mistyped_name_comes_back_to_its_caller() -> None:
    """Every route asks the broker to return what it cannot place, and waits for its word."""
    assert all(route["mandatory"] is True for route in ROUTES.values())
    assert all(route["confirm_timeout"] == 5 for route in ROUTES.values())


def test_only_what_overtakes_has_a_priority() -> None:
    """A route's priority is the command's; the ordinary one is left out."""
    wanted = {name: command.priority for name, command in COMMANDS.items() if command.priority}

    assert wanted == {name: route["priority"] for name, route in ROUTES.items() if "priority" in route}


def test_the_file_can_be_copied() -> None:
    """It imports the standard library alone, so a caller needs no package of ours."""
    tree = ast.parse(Path(routes.__file__).read_text(encoding="utf-8"))
    imported = [
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
