"""The job in Dramatiq: quorum queues, confirms, mandatory; its message is the event's body, undecoded."""

import os
from typing import Any

import dramatiq
import pika
from dramatiq.brokers.rabbitmq import RabbitmqBroker

from bench.relay.job import TOLD, follow_up
from bench.relay.plan import PEER_QUEUE
from services.chassis.wire import EVENTS_EXCHANGE

QUEUE = os.environ["BENCH_QUEUE"]


class Raw(dramatiq.Encoder):  # type: ignore[misc] # mypy runs without the peers
    """Makes an event's body a message for the one actor, so that it is decoded once, by pydantic."""

    def encode(self, data: dict[str, Any]) -> bytes:
        return bytes(data["args"][0])

    def decode(self, data: bytes) -> dict[str, Any]:
        return {"queue_name": QUEUE, "actor_name": "relay", "args": (data,), "kwargs": {}, "options": {}}


class QuorumBroker(RabbitmqBroker):  # type: ignore[misc] # mypy runs without the peers
    """Dramatiq's own declares classic queues; this one asks for the arguments that the queue has."""

    def _build_queue_arguments(self, _queue_name: str) -> dict[str, Any]:
        return PEER_QUEUE


broker = QuorumBroker(url=os.environ["BENCH_URL"], confirm_delivery=True)
dramatiq.set_encoder(Raw())
dramatiq.set_broker(broker)


@dramatiq.actor(queue_name=QUEUE)  # type: ignore[untyped-decorator] # mypy runs without the peers
def relay(data: bytes) -> None:
    """Do the job."""
    body, told_id, headers = follow_up(data)
    properties = pika.BasicProperties(
        content_type="application/json", delivery_mode=2, message_id=told_id, headers=headers
    )
    broker.channel.basic_publish(EVENTS_EXCHANGE, TOLD, body, properties, mandatory=True)
