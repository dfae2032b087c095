"""The job in FastStream at its best: uvloop, 100 events in hand, no access log, the confirm before the ack."""

import os

import uvloop
from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, ExchangeType, RabbitBroker, RabbitExchange, RabbitMessage, RabbitQueue

from bench.relay.job import TOLD, follow_up
from services.chassis.wire import EVENTS_EXCHANGE

broker = RabbitBroker(
    os.environ["BENCH_URL"], default_channel=Channel(prefetch_count=100, on_return_raises=True), logger=None
)
exchange = RabbitExchange(EVENTS_EXCHANGE, type=ExchangeType.TOPIC, declare=False)


async def _undecoded(message: RabbitMessage) -> bytes:
    """The body as it came, so that it is decoded once, by pydantic."""
    return bytes(message.body)


@broker.subscriber(  # type: ignore[untyped-decorator] # mypy runs without the peers
    RabbitQueue(os.environ["BENCH_QUEUE"], declare=False), ack_policy=AckPolicy.MANUAL, decoder=_undecoded
)
async def relay(message: RabbitMessage) -> None:
    """Do the job."""
    body, told_id, headers = follow_up(message.body)
    await broker.publish(
        body,
        exchange=exchange,
        routing_key=TOLD,
        mandatory=True,
        persist=True,
        headers=headers,
        content_type="application/json",
        message_id=told_id,
    )
    await message.ack()


if __name__ == "__main__":
    uvloop.run(FastStream(broker, logger=None).run())
