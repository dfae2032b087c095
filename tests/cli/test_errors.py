"""Errors: an answer of the API becomes what, why and a code."""

import pytest

from services.cli.errors import CliError, ExitCode, of_problem
from services.cli.texts import speak


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, 4), (403, 4), (404, 3), (408, 124), (409, 5), (413, 6), (415, 6), (422, 6), (429, 69), (500, 69), (503, 69)],
)
def test_a_status_gives_its_exit_code(status: int, code: int) -> None:
    """The documented codes, whatever the problem says."""
    assert of_problem(status, {"title": "x", "detail": "y"}).code == code


def test_a_problem_is_told_as_what_why_and_where() -> None:
    """The title, the detail, each wrong field, and the run."""
    problem = {
        "title": "Invalid request",
        "detail": "Nothing was done.",
        "errors": [{"pointer": "/market", "detail": "must be a text"}],
        "run_id": "r1",
    }

    assert of_problem(422, problem).text() == (
        "scout: Invalid request\n  why: Nothing was done.\n    /market: must be a text\n    run r1"
    )


def test_a_field_that_repeats_the_detail_is_told_once() -> None:
    """Nobody reads the same sentence twice."""
    said = "A report of one niche needs its id."
    problem = {"title": "x", "detail": said, "errors": [{"pointer": "/niche_id", "detail": said}]}

    assert of_problem(422, problem).text().count(said) == 1


def test_what_a_person_can_name_is_told_in_their_language() -> None:
    """The titles of common problems are translated; what the API explains stays beside them."""
    speak("ru")

    text = of_problem(
        404, {"type": "/problems/market-not-found", "title": "Market not found", "detail": "Known: shop."}
    )

    assert text.text() == "scout: Такого рынка нет\n  почему: Known: shop."


def test_an_error_of_our_own_is_a_problem_too() -> None:
    """With -o json every error has one shape."""
    error = CliError(ExitCode.CONFLICT, "Busy", "somebody is there", "wait")

    assert error.problem() == {
        "type": "about:blank", "title": "Busy", "detail": "somebody is there. wait", "exit_code": 5
    }  # fmt: skip


def test_an_answer_that_is_no_problem_is_told_by_its_status() -> None:
    """A proxy's page of HTML says nothing, its status does."""
    assert "502" in of_problem(502, {}).text()
