"""The intake: Celery's consumer, which takes events and commands alike and believes nothing that a sender wrote.

A light handler runs here, through Celery's tracer; anything else is rebuilt as a Celery message of our own and takes
Celery's path to a child. What cannot be read becomes a dead letter with its reason, and the worker lives on.
"""

import json
import signal
from typing import Any

import structlog
from amqp.exceptions import ChannelError
from celery import states
from celery.exceptions import WorkerShutdown
from celery.worker import consumer, loops

from contracts.commands import LIGHT_LIMIT
from services.chassis.batch_io import read_in_batches
from services.chassis.lanes import Drop, HandOn, Run, decide
from services.chassis.light_lane import Lane, Verdict
from services.chassis.pulse import Pulse
from services.chassis.wire import Delivery
from services.chassis.wire_amqp import delivery_of, packed, still_compressed
from services.chassis.work import LightJob

log = structlog.get_logger(__name__)
_STOPS = (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT)
_DRAIN = 5
_NONE = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}


class Intake(consumer.Consumer):  # type: ignore[misc] # Celery has no types
    """The consumer of one service's queue (`worker_consumer`)."""

    def __init__(self, *args: Any, worker_options: dict[str, Any] | None = None, **kwargs: Any) -> None:
        # Each of these declares something; refused, it ends in a reconnect loop of a worker that lives and serves none.
        off = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True}
        super().__init__(*args, worker_options={**(worker_options or {}), **off}, **kwargs)
        self.lane: Lane | None = None
        self.work = self.app.work
        self.pulse = Pulse(self.work.settings, self.work.reporter)

    def create_task_handler(self, *args: Any, **kwargs: Any) -> Any:
        """Called at every connection: what was held is forgotten, the broker delivers it again."""
        self.inner = super().create_task_handler(*args, **kwargs)
        if self.lane is not None:
            self.lane.over = True
        connection, channel = self.connection.connection, self.task_consumer.channel
        channel.message_to_python = lambda raw: still_compressed(raw, channel)
        self.lane = Lane(
            channel,
            connection.channel(),
            connection.channel(),
            self.timer.call_after,
            self.hub.call_soon,
        )
        self.work.tell = self.lane.tell
        self.work.later = self.timer.call_after
        self.timer.call_repeatedly(self.pulse.every, self.pulse.beat)
        self.pulse.beat()
        return self.on_message

    def on_ready(self) -> None:
        """Called when the queue is consumed: from here on the socket is read in batches."""
        super().on_ready()
        assert self.lane is not None
        read_in_batches(self.hub, self.connection.connection, self.lane.flush)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """Celery would acknowledge it, and it would be lost."""
        log.error("undecodable", error=repr(exc))
        message.reject()

    def on_message(self, message: Any) -> None:
        """Take a delivery. Whatever is wrong with it, this returns."""
        try:
            self._take(message, delivery_of(message, self.work.service.name))
        except ChannelError:
            raise
        except Exception:
            log.exception("delivery not handled", key=message.delivery_info.get("routing_key"))
            if not message.acknowledged:
                message.reject()

    def _take(self, message: Any, delivery: Delivery) -> None:
        assert self.lane is not None
        if self.lane.in_children:
            self.lane.in_children = {m: lane for m, lane in self.lane.in_children.items() if not m.acknowledged}
        decision = decide(delivery, self.work.service, self.lane.in_children.values())
        match decision:
            case Drop():
                self.lane.hold(message, [])
            case HandOn(told):
                self.lane.hold(message, [told])
            case Run(lane="light"):
                self._run(message, decision)
            case Run():
                self.lane.in_children[message] = decision.handler.lane
                self._rebuild(message, delivery, decision)
                self.inner(message)

    def _run(self, message: Any, run: Run) -> None:
        """Run a light handler here. Over its limit the process ends, and the next attempt runs in a child."""
        assert self.lane is not None
        task, cause = self.app.tasks[run.handler.name], run.cause
        job = LightJob(cause, self.work.tools)
        request = {
            "id": cause.id,
            "task": task.name,
            "root_id": cause.run_id,
            "retries": cause.errors,
            "is_eager": False,
            "ignore_result": True,
            "delivery_info": {},
        }
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)  # a stop that freezes the loop would let the alarm kill us
        signal.setitimer(signal.ITIMER_REAL, LIGHT_LIMIT)
        try:
            info = task.__trace__(cause.id, (job,), {}, request)[1]
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
        told = info is None or job.out or info.state in (states.RETRY, states.IGNORED)
        verdict: Verdict = "ack" if told else "reject"
        self.lane.hold(message, job.out, verdict)

    def _rebuild(self, message: Any, delivery: Delivery, run: Run) -> None:
        """Make it a Celery message of our own: nothing that its sender wrote reaches Celery but as data."""
        cause, name = run.cause, run.handler.name
        message.headers = {
            "lang": "py",
            "task": name,
            "id": cause.id,
            "root_id": cause.run_id,
            "parent_id": None,
            "group": None,
            "retries": cause.errors,
            "timelimit": [run.limit, None],
            "eta": None,
            "expires": None,
            "argsrepr": "",
            "kwargsrepr": "",
            "ignore_result": True,
        }
        message.properties = {"correlation_id": cause.id}
        message.content_type, message.content_encoding = "application/json", "utf-8"
        message.body = json.dumps([[packed(delivery)], {}, _NONE])
        message._decoded_cache = None  # noqa: SLF001 - the body that kombu may have kept is the sender's

    def loop(self, *args: Any) -> None:
        """Celery's loop; a warm stop takes nothing new and waits for the confirms that are open."""
        try:
            loops.asynloop(*args)
        except WorkerShutdown:
            assert self.lane is not None
            self.task_consumer.cancel()
            try:
                while self.lane.sent:
                    self.connection.drain_events(timeout=_DRAIN)
            except Exception as exc:  # noqa: BLE001 - what is not confirmed is delivered again
                log.warning("stopped with open confirms", error=repr(exc))
            self.lane.flush()
            raise
