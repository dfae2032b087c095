"""A body is JSON in UTF-8; whatever else it is, that is said before anything reads it."""

from dataclasses import replace

import pytest

from services.chassis.cause import carry, parse
from services.chassis.errors import Refused
from services.chassis.wire import Delivery
from tests.examples import analysis_completed, cause_of, command, event_from

EVENT, COMMAND = event_from("analysis", analysis_completed()), command("analyze_niche", niche_id="n")


@pytest.mark.parametrize(("message", "service"), [(EVENT, "scoring"), (COMMAND, "analysis")])
def test_a_body_that_is_not_utf_8_is_refused_by_its_first_wrong_byte(message, service):
    """An event's and a command's, new or come back: the text says which byte, and what to send."""
    wrong = message.body[:7] + b"\xff" + message.body[7:]
    back = replace(carry(cause_of(message, service), service, "back", "x"), body=wrong)

    for told in (replace(message, body=wrong), back):
        with pytest.raises(Refused, match=r"^body: not UTF-8 \(byte 7: invalid start byte\); send JSON in UTF-8$"):
            parse(Delivery(told, service, 1), service)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32-be", "utf-8-sig"])
def test_a_command_in_another_unicode_is_refused(encoding):
    """Python's JSON would guess the encoding of bytes; a body that one reader takes and another not is none."""
    body = COMMAND.body.decode().encode(encoding)

    with pytest.raises(Refused, match=r"^body: not "):
        cause_of(replace(COMMAND, body=body), "analysis")


@pytest.mark.parametrize("slot", [1e30, -1e30, 2**64 - 1])
def test_a_moment_that_no_calendar_has_is_refused(slot):
    """A command's AMQP timestamp is the slot of a tick; any number may stand there."""
    with pytest.raises(Refused, match=r"^property timestamp: "):
        cause_of(replace(COMMAND, timestamp=slot), "analysis")
