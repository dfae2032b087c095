import re
from dataclasses import replace

import pytest

from services.chassis.drift import BrokerState, Drift, Queue, compare, policies_of, rights_of
from services.chassis.topology import Binding, topology

PLAN = topology()
AS_PLANNED = BrokerState(
    dict(PLAN.exchanges),
    {name: Queue(arguments) for name, arguments in PLAN.queues.items()},
    frozenset(PLAN.bindings),
    policies_of(PLAN),
    {name: rights_of(user) for name, user in PLAN.users.items()},
)
WAIT = Queue({**PLAN.queues["trend.wait"], "x-message-ttl": 500})


def without(things: dict, name: str) -> dict:
    """The same things but one."""
    return {key: value for key, value in things.items() if key != name}


def with_queue(name: str, queue: Queue) -> BrokerState:
    """A broker as planned that holds one queue more, or another."""
    return replace(AS_PLANNED, queues={**AS_PLANNED.queues, name: queue})


def test_a_broker_as_planned_has_no_drift():
    """The plan compared with itself says nothing."""
    assert compare(PLAN, AS_PLANNED) == []


@pytest.mark.parametrize(
    ("state", "found", "fix"),
    [
        (replace(AS_PLANNED, exchanges=without(AS_PLANNED.exchanges, "trend.own")),
         Drift("missing_exchange", "trend.own"), "apply"),
        (replace(AS_PLANNED, exchanges={**AS_PLANNED.exchanges, "scout.tasks": "topic"}),
         Drift("other_exchange", "scout.tasks", "type topic ≠ direct"), "by_hand"),
        (replace(AS_PLANNED, queues=without(AS_PLANNED.queues, "scoring.dead")),
         Drift("missing_queue", "scoring.dead"), "apply"),
        (with_queue("trend.wait", WAIT), Drift("other_queue", "trend.wait", "x-message-ttl 500 ≠ 30000"), "by_hand"),
        (replace(AS_PLANNED, bindings=AS_PLANNED.bindings - {Binding("trend.own", "trend", "back")}),
         Drift("missing_binding", "trend.own -> trend (back)"), "apply"),
        (replace(AS_PLANNED, bindings=AS_PLANNED.bindings | {Binding("scout.events", "trend", "old.key")}),
         Drift("stale_binding", "scout.events -> trend (old.key)"), "prune"),
        (replace(AS_PLANNED, policies=without(policies_of(PLAN), "length")), Drift("other_policy", "length"), "apply"),
        (replace(AS_PLANNED, rights=without(AS_PLANNED.rights, "beat")), Drift("other_rights", "beat"), "apply"),
        (replace(AS_PLANNED, rights={**AS_PLANNED.rights, "guest": AS_PLANNED.rights["beat"]}),
         Drift("guest", "guest"), "apply"),
        (with_queue("live.gateway.x", Queue({}, 3)), Drift("kept_live_queue", "live.gateway.x", "3"), "by_hand"),
        (with_queue("celery", Queue({}, 1)), Drift("old_queue", "celery", "1"), "by_hand"),
        (with_queue("mine", Queue({})), Drift("unknown_queue", "mine", "0"), "by_hand"),
    ],
    ids=lambda value: value.kind if isinstance(value, Drift) else "",
)  # fmt: skip
def test_each_kind_of_drift_is_named_with_its_fix(state, found, fix):
    """One thing that differs is one difference, of its kind, with what puts it right."""
    assert compare(PLAN, state) == [found]
    assert found.fix == fix


def test_an_exclusive_live_queue_is_no_drift():
    """A listener's queue comes and goes with its connection."""
    assert compare(PLAN, with_queue("live.gateway.x", Queue({}, exclusive=True))) == []


def test_a_key_that_moved_is_one_missing_and_one_stale_binding():
    """A changed binding shows both of its sides."""
    was, now = Binding("scout.events", "scoring", "analysis.done"), Binding("scout.events", "scoring", "panel.built")
    state = replace(AS_PLANNED, bindings=AS_PLANNED.bindings - {now} | {was})

    assert [one.kind for one in compare(PLAN, state)] == ["missing_binding", "stale_binding"]


def test_bindings_of_queues_that_are_not_planned_are_left_alone():
    """What a listener or an administrator bound to a queue of their own is theirs."""
    state = replace(AS_PLANNED, bindings=AS_PLANNED.bindings | {Binding("scout.events", "live.gateway.x", "#")})

    assert compare(PLAN, state) == []


def test_what_may_not_be_read_is_not_compared():
    """A user with the tag monitoring sees neither policies nor rights."""
    assert compare(PLAN, replace(AS_PLANNED, policies=None, rights=None)) == []


def test_every_queue_of_the_plan_has_one_length():
    """The journal may grow to 1 GiB, all others to 256 MiB, and nothing matches twice."""
    for name in PLAN.queues:
        sizes = [
            policy["definition"]["max-length-bytes"]
            for policy in policies_of(PLAN).values()
            if re.search(policy["pattern"], name)
        ]
        assert sizes == [2**30 if name == "journal" else 2**28], name
