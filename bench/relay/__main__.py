"""`just bench relay`: our worker's light lane, FastStream and Dramatiq, in turn on one broker; then the loss test."""

import argparse
import random
import signal
import sys
import time
import uuid
from collections import defaultdict
from contextlib import ExitStack

from bench.relay import report
from bench.relay.broker import Broker, Vhost, container, given, vhost
from bench.relay.crash import Losses, crash
from bench.relay.job import cause
from bench.relay.measure import Figures, drain
from bench.relay.plan import CONTENDERS, OURS, SINK
from bench.relay.queues import Queues
from services.chassis.errors import ScoutError

_OURS = next(one for one in CONTENDERS if one.queue == OURS)
_STARTED = time.monotonic()


def main() -> int:
    """Measure, print one table, and answer 0; 1 when an event of ours was lost or something could not run."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options, machine = _options(), report.machine()
    try:
        with ExitStack() as stack:
            broker = _broker(options, stack)
            place = stack.enter_context(vhost(broker, _say))
            queues = stack.enter_context(Queues(place.url("analysis"), place.url(broker.administrator[0])))
            lost = 0
            if options.rounds:
                rounds = _rounds(options, place, queues)
                print(f"{machine}\n\n{report.table(rounds, _OURS.name)}\n", flush=True)
                lost += sum(one.lost for one in rounds[_OURS.name])
            if options.crash_events:
                found = _crash(options, place, queues)
                print(report.losses(found))
                lost += found.lost
    except (ScoutError, OSError) as exc:
        sys.stderr.write(f"bench: {exc}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("bench: stopped\n")
        return 130
    return int(lost > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="just bench relay", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=5, help="how often each contender runs (default 5); 0: the loss test alone"
    )
    parser.add_argument("--events", type=int, default=8_000, help="events in a round (default 8000)")
    parser.add_argument("--crash-events", type=int, default=6_000, help="events of the loss test; 0 leaves it out")
    parser.add_argument("--only", action="append", metavar="NAME", help="leave out the other peers (faststream, ...)")
    parser.add_argument("--management-url", help="a RabbitMQ of yours, http://ADMIN:PASSWORD@HOST:15672")
    parser.add_argument("--broker", metavar="HOST:PORT", help="where that one speaks AMQP (default: its host, 5672)")
    parser.add_argument("--seed", type=int, help="of the moments at which the loss test kills")
    return parser.parse_args()


def _broker(options: argparse.Namespace, stack: ExitStack) -> Broker:
    if options.management_url:
        return given(options.management_url, options.broker)
    _say("starting a RabbitMQ of its own")
    return stack.enter_context(container())


def _rounds(options: argparse.Namespace, place: Vhost, queues: Queues) -> dict[str, list[Figures]]:
    """Each round loads all queues with the same events, then every contender drains its own, in rotating order."""
    taking = [one for one in CONTENDERS if one is _OURS or not options.only or one.name in options.only]
    rounds: dict[str, list[Figures]] = defaultdict(list, {one.name: [] for one in taking})
    for number in range(options.rounds):
        _load(options.events, queues)
        for contender in taking[number % len(taking) :] + taking[: number % len(taking)]:
            found = drain(contender, place, queues, options.events)
            rounds[contender.name].append(found)
            _say(
                f"round {number + 1} of {options.rounds}, {contender.name}: {found.rate:,.0f} events/s, "
                f"{found.cpu:,.0f} us CPU per event, {found.lost} lost"
            )
    return rounds


def _crash(options: argparse.Namespace, place: Vhost, queues: Queues) -> Losses:
    seed = options.seed if options.seed is not None else uuid.uuid4().int % 10**6
    random.seed(seed)
    _say(f"loss test, seed {seed}")
    _load(options.crash_events, queues)
    return crash(_OURS, place, queues, options.crash_events, _say)


def _load(events: int, queues: Queues) -> None:
    """Fill every contender's queue, and nothing else; what was left there goes."""
    queues.purge(*(one.queue for one in CONTENDERS), SINK)
    lot = uuid.uuid4().hex
    _say(f"loading {events:,} events of 1 KiB")
    queues.load(cause(number, lot) for number in range(events))
    queues.purge(SINK)


def _say(line: str) -> None:
    sys.stderr.write(f"bench {time.monotonic() - _STARTED:5.0f} s: {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
