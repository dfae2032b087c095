"""The intake on a real broker: what a worker makes of what is right, of what is wrong, and of what is too late."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.message import scout_id
from services.chassis.wire import Message
from tests.engine import Broker, Vhost
from tests.examples import analysis_completed, command, event_from
from tests.wiretap import Tap, tap
from tests.workers import Worker, worker

EVENT = event_from("analysis", analysis_completed())
TASK = "scout.tasks.calculate_opportunity_score"
ARGUMENTS = {"analysis": json.loads(EVENT.body)}
HEADERS = {"task": TASK, "id": str(uuid.uuid4()), "lang": "py"}
JSON = {"content_type": "application/json", "content_encoding": "utf-8", "delivery_mode": 2}
GOOD = json.dumps([[], ARGUMENTS, {}])


@pytest.fixture(scope="module")
def vhost(broker: Broker) -> Iterator[Vhost]:
    with broker.vhost() as vhost:
        yield vhost


@pytest.fixture(scope="module")
def scoring(vhost: Vhost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    with worker(vhost, "scoring", tmp_path_factory.mktemp("scoring")) as running:
        yield running


@pytest.fixture(scope="module")
def wire(vhost: Vhost) -> Iterator[Tap]:
    with tap(vhost) as wire:
        yield wire


def fresh(message: Message = EVENT) -> Message:
    """The event once more, under an id of its own."""
    event_id = str(uuid.uuid4())
    return replace(message, id=event_id, headers={**message.headers, "cloudEvents_id": event_id})


def test_an_event_is_scored_in_one_hop(scoring: Worker, vhost: Vhost, wire: Tap):
    """The answer's id is made of its cause, its publisher is the service, and the cause is answered."""
    event = fresh()
    with tap(vhost, "analysis") as analysis:
        analysis.send(event)

    heard, scored = wire.take("journal", 2)

    assert ["analysis.completed", "opportunity.scored"] == [heard.message.key, scored.message.key]
    assert scout_id(event.id, "score", "") == scored.message.headers["cloudEvents_id"]
    assert ("scoring", event.id) == (scored.message.user, scored.message.headers["cloudEvents_causationid"])
    assert scoring.alive()


MALFORMED = {
    "no id": ("scout.tasks", TASK, GOOD, {"task": TASK}, JSON, "header id"),
    "a body that is a number": ("scout.tasks", TASK, "7", HEADERS, JSON, "body"),
    "a body that is null": ("scout.tasks", TASK, "null", HEADERS, JSON, "body"),
    "a body of two keys": ("scout.tasks", TASK, '{"a": 1, "b": 2}', HEADERS, JSON, "body"),
    "a task that is an object": ("scout.tasks", TASK, GOOD, {**HEADERS, "task": {"a": 1}}, JSON, "header task"),
    "an id that is an object": ("scout.tasks", TASK, GOOD, {**HEADERS, "id": {"a": 1}}, JSON, "header id"),
    "no content type": ("scout.tasks", TASK, GOOD, HEADERS, {}, "content type"),
    "no JSON": ("scout.tasks", TASK, "{", HEADERS, JSON, "body"),
    "no UTF-8": ("scout.tasks", TASK, b"\xff\xfe", HEADERS, {**JSON, "content_encoding": "binary"}, "body"),
    "20,000 levels": ("scout.tasks", TASK, "[" * 20_000 + "]" * 20_000, HEADERS, JSON, "body"),
    "compression": ("scout.tasks", TASK, GOOD, {**HEADERS, "compression": "application/x-gzip"}, JSON, "compression"),
    "pickle": ("scout.tasks", TASK, b"\x80\x04N.", HEADERS, {"content_type": "application/x-python-serialize"}, "type"),
    "an eta": ("scout.tasks", TASK, GOOD, {**HEADERS, "eta": "2099-01-01T00:00:00"}, JSON, "header eta"),
    "a callback": ("scout.tasks", TASK, json.dumps([[], ARGUMENTS, {"callbacks": [1]}]), HEADERS, JSON, "callbacks"),
    "a moment beyond any calendar": ("scout.tasks", TASK, GOOD, HEADERS, {**JSON, "timestamp": 2**62}, "timestamp"),
    "a message id that is no text": (
        "scout.tasks",
        TASK,
        "7",
        HEADERS,
        {**JSON, "message_id": b"\xff\xfe"},
        "unreadable",
    ),
    "a header's name that is no text": ("scout.tasks", TASK, "7", {**HEADERS, b"\xff": 1}, JSON, "body"),
    "a header's value that is no text": ("scout.tasks", TASK, GOOD, {**HEADERS, "id": b"\xff"}, JSON, "header id"),
    "nested tables": ("scout.tasks", TASK, "7", {**HEADERS, "a": {"b": [{"c": None}]}}, JSON, "body"),
    "too many bytes": ("scout.tasks", TASK, "x" * 300_000, HEADERS, JSON, "body"),
    "an unknown argument": ("scout.tasks", TASK, json.dumps([[], {"b": 1}, {}]), HEADERS, JSON, "analysis: "),
    "an event without a publisher": ("scout.events", EVENT.key, EVENT.body, EVENT.headers, JSON, "user_id"),
    "a task among the events": ("scout.events", EVENT.key, GOOD, HEADERS, JSON, "header task"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_message_is_a_dead_letter_that_names_the_field(scoring: Worker, wire: Tap, name: str):
    """Each shape that ends Celery's own worker, or is lost there, is kept with its reason, and the worker lives."""
    exchange, key, body, headers, properties, field = MALFORMED[name]

    wire.raw(exchange, key, body, headers, **properties)
    (letter,) = wire.take("scoring.dead")

    reason = letter.message.headers["scout-reason"]
    assert reason.startswith("refused: ")
    assert field in reason
    assert (key, body if isinstance(body, bytes) else body.encode()) == (
        letter.message.headers["scout-key"],
        letter.message.body,
    )
    assert scoring.alive()


def test_a_field_of_an_event_that_is_wrong_is_named(scoring: Worker, vhost: Vhost, wire: Tap):
    """The model is strict: a market that is a number is refused by name."""
    body = EVENT.body.replace(b'"market":"shop"', b'"market":7')
    with tap(vhost, "analysis") as analysis:
        analysis.send(replace(fresh(), body=body))

    (letter,) = wire.take("scoring.dead")

    assert letter.message.headers["scout-reason"].startswith("refused: market: ")
    assert scoring.alive()


def test_what_another_service_may_not_say_is_not_heard(vhost: Vhost, wire: Tap):
    """The broker itself refuses an analysis that export tells; nothing reaches the queue."""
    with tap(vhost, "export") as export, pytest.raises(Exception, match="ACCESS_REFUSED"):
        export.send(replace(fresh(), user="export"))

    assert [] == wire.take("scoring.dead", seconds=0.5)


def test_a_count_that_a_sender_wrote_is_not_believed(scoring: Worker, vhost: Vhost, wire: Tap):
    """A first delivery has no count, whatever its headers say: it is scored and not lost."""
    event = fresh()
    wire.take("journal", 100, seconds=0.5)
    with tap(vhost, "analysis") as analysis:
        analysis.send(replace(event, headers={**event.headers, "x-delivery-count": 100}))

    assert ["analysis.completed", "opportunity.scored"] == wire.keys("journal", 2)
    assert scoring.alive()


def test_a_warm_stop_finishes_what_is_in_hand(vhost: Vhost, wire: Tap, tmp_path: Path):
    """A stop under load loses nothing and answers each event once; what was not begun stays in the queue."""
    wire.take("journal", 1000, seconds=0.5)
    with tap(vhost, "analysis") as analysis:
        for _ in range(300):
            analysis.send(fresh())
    with worker(vhost, "scoring", tmp_path) as first:
        begun = wire.take("journal", 301)  # the 300 that were told, and the first that is scored
        assert 0 == first.stop()
    with worker(vhost, "scoring", tmp_path):
        heard = [*begun, *wire.take("journal", 299, seconds=30)]
    scored = [delivery.message.id for delivery in heard if delivery.message.key == "opportunity.scored"]

    assert 300 == len(scored) == len(set(scored))


def test_a_command_by_hand_is_the_same_road(scoring: Worker, vhost: Vhost, wire: Tap):
    """The command with the event as its argument is scored too, as a run of its own."""
    wire.take("journal", 1000, seconds=0.5)
    message = replace(command("calculate_opportunity_score", str(uuid.uuid4()), **ARGUMENTS), user="caller")
    with tap(vhost, "caller") as caller:
        caller.send(message)

    (scored,) = wire.take("journal")

    assert ("opportunity.scored", message.id) == (
        scored.message.key,
        scored.message.headers["cloudEvents_correlationid"],
    )
    assert scoring.alive()
