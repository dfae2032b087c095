"""What is refused by name before it can do harm, and what a lost attempt is called."""

from dataclasses import replace

import pytest

from services.chassis.cause import carry, parse
from services.chassis.errors import Refused
from services.chassis.wire import Delivery
from tests.examples import analysis_completed, cause_of, command, event_from


@pytest.mark.parametrize("body", [b"1", b"null", b"[[],{},[1]]", b'[[],{},"x"]', b"[[],{},7]", b"[" * 5000])
def test_a_body_of_any_other_shape_is_refused(body: bytes):
    """Whatever JSON a caller sends in place of a task's, the worker says so and lives."""
    message = replace(command("analyze_niche", niche_id="n"), body=body)

    with pytest.raises(Refused, match="body"):
        parse(Delivery(message, "analysis", 1), "analysis")


def test_an_attempt_after_a_lost_one_says_why():
    """An error's reason does not stand for the loss that came after it."""
    cause = cause_of(event_from("analysis", analysis_completed()), "scoring")
    failed = replace(carry(cause, "scoring", "back", "ValueError: boom", errors=1))

    second = parse(Delivery(failed, "scoring", 1), "scoring")
    third = parse(Delivery(failed, "scoring", 2, redelivered=True, count=1), "scoring")

    assert (2, "ValueError: boom") == (second.attempt, second.reason)
    assert 3 == third.attempt
    assert third.reason is not None
    assert third.reason.startswith("lost: ")
