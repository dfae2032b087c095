import json
from datetime import datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from contracts.catalog import EVENTS
from contracts.commands import COMMANDS
from contracts.message import Envelope
from services.chassis.wire import (
    command_message,
    envelope_for,
    envelope_message,
    event_message,
    parse_event,
    read_envelope,
)
from tests.examples import NOON, analysis_completed

ENVELOPE = envelope_for(analysis_completed(), "an-id", "analysis", NOON, "a-run", "a-cause", "a-niche")


def test_an_event_is_a_cloud_event_in_binary_mode() -> None:
    """Attributes in headers with the prefix of CloudEvents over AMQP, the data alone in the body."""
    message = event_message(analysis_completed(), ENVELOPE, "a-host")

    assert {
        "cloudEvents_specversion": "1.0",
        "cloudEvents_id": "an-id",
        "cloudEvents_type": "analysis.completed",
        "cloudEvents_source": "analysis",
        "cloudEvents_subject": "a-niche",
        "cloudEvents_time": "2026-11-24T12:00:00+00:00",
        "cloudEvents_dataschema": "scout:schemas/analysis.completed.json",
        "cloudEvents_correlationid": "a-run",
        "cloudEvents_causationid": "a-cause",
        "cloudEvents_host": "a-host",
    } == message.headers
    assert ("scout.events", "analysis.completed", "an-id", "analysis") == (
        message.exchange,
        message.key,
        message.id,
        message.user,
    )
    assert "application/json" == message.content_type


def test_an_event_comes_back_as_it_went() -> None:
    """Envelope and data are the same after the wire."""
    message = event_message(analysis_completed(), ENVELOPE, "a-host")

    assert ENVELOPE == read_envelope(message.headers)
    assert analysis_completed() == parse_event(message.key, message.body)


def test_what_an_envelope_does_not_have_is_no_header() -> None:
    """An event that opens its run answers nothing, and may speak of nothing in particular."""
    opening = ENVELOPE.model_copy(update={"causation_id": None, "subject": ""})

    message = envelope_message(opening, b"{}", "a-host")

    assert not {"cloudEvents_causationid", "cloudEvents_subject"} & message.headers.keys()
    assert opening == read_envelope(message.headers)


def test_written_bytes_go_out_unchanged() -> None:
    """A repeat tells the very bytes that are in the store, even if today's class would write others."""
    assert b'{"old":  "spacing"}' == envelope_message(ENVELOPE, b'{"old":  "spacing"}', "a-host").body


def test_a_moment_keeps_its_offset() -> None:
    """Time is told as RFC 3339, so it is the same moment elsewhere."""
    local = ENVELOPE.model_copy(update={"time": NOON.astimezone(timezone(timedelta(hours=3)))})

    read = read_envelope(envelope_message(local, b"{}", "a-host").headers)

    assert (NOON, "2026-11-24T15:00:00+03:00") == (read.time, read.time.isoformat())


@pytest.mark.parametrize("attribute", ["id", "type", "source", "time", "correlationid"])
def test_a_missing_attribute_is_named(attribute: str) -> None:
    """Who forgot it reads which one."""
    headers = dict(event_message(analysis_completed(), ENVELOPE, "a-host").headers)
    del headers[f"cloudEvents_{attribute}"]

    with pytest.raises(ValidationError) as caught:
        read_envelope(headers)
    (error,) = caught.value.errors()
    assert {"correlationid": "correlation_id"}.get(attribute, attribute) == error["loc"][0]


def test_headers_of_others_are_no_attributes() -> None:
    """A broker and its plugins may add what they like."""
    headers = {**event_message(analysis_completed(), ENVELOPE, "a-host").headers, "x-death": "1", "id": "not mine"}

    assert ENVELOPE == read_envelope(headers)


def test_a_command_is_a_task_of_celerys_protocol_2() -> None:
    """The body is [args, kwargs, embed]; name and id of the task are in the headers."""
    message = command_message(
        "scout.tasks.analyze_niche", {"niche_id": "чай"}, "a-task", "gateway", args=(), timestamp=7.5
    )

    assert [[], {"niche_id": "чай"}, {}] == json.loads(message.body)
    assert {
        "task": "scout.tasks.analyze_niche",
        "id": "a-task",
        "root_id": "a-task",
        "lang": "py",
    } == message.headers
    assert ("scout.tasks", "scout.tasks.analyze_niche", "a-task", "gateway", 7.5) == (
        message.exchange,
        message.key,
        message.id,
        message.user,
        message.timestamp,
    )


def test_positional_arguments_stay_in_their_places() -> None:
    """As a Celery caller's `args` do."""
    message = command_message("scout.tasks.analyze_niche", {"params": {}}, "a-task", "gateway", args=("n",))

    assert [["n"], {"params": {}}, {}] == json.loads(message.body)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_priority_is_on_its_message(name: str) -> None:
    """The heartbeat overtakes, everything else stands in line."""
    assert COMMANDS[name].priority == command_message(name, {}, "a-task", "beat").priority


def test_an_event_that_nobody_knows_cannot_be_read() -> None:
    """Its key is the error."""
    with pytest.raises(LookupError, match=r"no\.such"):
        parse_event("no.such", b"{}")


def test_an_envelope_names_a_type_that_the_catalog_has() -> None:
    """The type of a new envelope is the event's routing key."""
    assert ENVELOPE.type in EVENTS
    assert isinstance(ENVELOPE, Envelope)
    assert isinstance(ENVELOPE.time, datetime)
