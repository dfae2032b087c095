import json
from dataclasses import replace

import pytest

from contracts.message import outside_id, scout_id
from services.chassis.answers import answer_id
from services.chassis.cause import MAX_BODY, carry, parse, refused
from services.chassis.errors import Refused
from services.chassis.wire import Delivery
from tests.examples import analysis_completed, cause_of, command, event_from


def test_an_event_becomes_a_cause_with_its_run():
    """An event's envelope gives the cause its id, run and time."""
    message = event_from("analysis", analysis_completed())

    cause = cause_of(message, "scoring")

    assert (message.id, scout_id("run"), 1) == (cause.id, cause.run_id, cause.attempt)


def test_a_command_opens_its_own_run():
    """A command's id is its run's."""
    cause = cause_of(command("analyze_niche", niche_id="n"), "analysis")

    assert (scout_id("task"), scout_id("task"), None) == (cause.id, cause.run_id, cause.envelope)
    assert ([], {"niche_id": "n"}) == cause.command()


def test_a_retry_carries_both_counters_and_its_reason():
    """What comes back through the service's own exchange has its counters, body, key and publisher."""
    first = cause_of(event_from("analysis", analysis_completed()), "scoring")
    message = carry(replace(first, losses=2), "scoring", "wait", "ValueError: boom", errors=1)

    back = parse(Delivery(replace(message, key="back"), "scoring", 2), "scoring")

    assert (1, 2, "ValueError: boom", first.body, first.key, "analysis", first.run_id) == (
        back.errors,
        back.losses,
        back.reason,
        back.body,
        back.key,
        back.publisher,
        back.run_id,
    )
    assert first.first_seen == back.first_seen


def test_the_brokers_count_is_added_to_the_losses_only_when_redelivered():
    """A sender can write the delivery count of a first delivery, so it is read only on a redelivery."""
    message = event_from("analysis", analysis_completed())

    assert 0 == parse(Delivery(message, "scoring", 1, redelivered=False, count=100), "scoring").losses
    assert 3 == parse(Delivery(message, "scoring", 1, redelivered=True, count=3), "scoring").losses


def test_headers_of_ours_are_not_believed_from_the_shared_exchange():
    """scout-* headers count only when they come back through the service's own exchange."""
    message = event_from("analysis", analysis_completed())
    forged = replace(message, headers={**message.headers, "scout-errors": 2, "scout-losses": 4})

    cause = cause_of(forged, "scoring")

    assert (0, 0) == (cause.errors, cause.losses)


def test_an_outsiders_event_gets_an_id_and_a_run_of_its_own():
    """Nobody outside can take another's event id or close another's run."""
    message = replace(event_from("analysis", analysis_completed()), user="outside")

    cause = cause_of(message, "scoring")

    assert cause.id == cause.run_id == outside_id("analysis", message.id)
    assert "outside" == cause.envelope.source


def test_an_outsider_that_names_a_run_as_its_source_does_not_get_the_id_of_its_answer():
    """The id of an answer is made of its cause and its fact; an outsider may call itself and its event by both."""
    message = event_from("run", analysis_completed(), event_id="analysis/")
    run_id = scout_id("run")
    headers = {**message.headers, "cloudEvents_source": run_id}

    cause = cause_of(replace(message, headers=headers, user="outside"), "scoring")

    assert scout_id(run_id, "analysis", "") == scout_id(run_id, "analysis/")
    assert cause.id != answer_id(run_id, "analysis")


def test_an_outsider_need_not_know_what_a_correlation_id_is():
    """It is an extension of ours; with it or without, the run is the event's own."""
    message = replace(event_from("analysis", analysis_completed()), user="outside")
    plain = {name: value for name, value in message.headers.items() if name != "cloudEvents_correlationid"}

    assert cause_of(message, "scoring").run_id == cause_of(replace(message, headers=plain), "scoring").run_id


_EVENT = event_from("analysis", analysis_completed())
_COMMAND = command("analyze_niche", niche_id="n")


@pytest.mark.parametrize(
    ("message", "service", "names"),
    [
        (replace(_EVENT, body=b" " * (MAX_BODY + 1)), "scoring", "body: 262145 bytes"),
        (replace(_EVENT, content_type="application/x-pickle"), "scoring", "content type"),
        (replace(_EVENT, user=""), "scoring", "property user_id"),
        (replace(_EVENT, user="trend"), "scoring", "attribute source"),
        (replace(_EVENT, key="trend.updated"), "scoring", "attribute type"),
        (replace(_EVENT, headers={**_EVENT.headers, "task": "x"}), "scoring", "header task"),
        (
            replace(_EVENT, headers={k: v for k, v in _EVENT.headers.items() if "id" not in k}),
            "scoring",
            "attribute id",
        ),
        (replace(_EVENT, exchange="amq.direct"), "scoring", "exchange"),
        (replace(_COMMAND, key="scout.tasks.backtest"), "analysis", "header task"),
        (replace(_COMMAND, headers={**_COMMAND.headers, "id": "7"}), "analysis", "header id"),
        (replace(_COMMAND, headers={**_COMMAND.headers, "eta": "2030"}), "analysis", "header eta"),
        (replace(_COMMAND, body=b"{"), "analysis", "body: not the JSON"),
        (replace(_COMMAND, body=b"[{}, {}, {}]"), "analysis", "body: args must be a list"),
        (replace(_COMMAND, body=json.dumps([[], {}, {"chord": "x"}]).encode()), "analysis", "option chord"),
    ],
)
def test_a_malformed_message_is_refused_by_the_name_of_its_field(message, service, names):
    """Each of fourteen malformed shapes is refused with a text that begins with the field."""
    with pytest.raises(Refused, match=names):
        cause_of(message, service)


def test_what_is_refused_lies_in_the_dead_letters_whole():
    """A refused delivery keeps its body and says why."""
    letter = refused(Delivery(_EVENT, "scoring", 1), "scoring", "attribute id: missing")

    assert ("scoring.own", "dead", _EVENT.body) == (letter.exchange, letter.key, letter.body)
    assert "refused: attribute id: missing" == letter.headers["scout-reason"]
