"""A message on its way through aio-pika: ours made into the library's, the library's read into ours."""

from math import isfinite

import aio_pika
import structlog
from aio_pika.abc import AbstractIncomingMessage
from pamqp.header import ContentHeader

from services.chassis.wire import Delivery, Header, Message

log = structlog.get_logger(__name__)
_LONGEST = 200
_ODD = frozenset("\0.$")
_read_properties = ContentHeader.unmarshal


def aio_message(message: Message, *, persistent: bool = True) -> aio_pika.Message:
    """A message as aio-pika sends it; `user_id` is what the broker checks."""
    return aio_pika.Message(
        message.body,
        headers=dict(message.headers),
        content_type=message.content_type,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT if persistent else aio_pika.DeliveryMode.NOT_PERSISTENT,
        priority=message.priority,
        message_id=message.id or None,
        timestamp=None if message.timestamp is None else int(message.timestamp),
        user_id=message.user,
    )


def message_of(incoming: AbstractIncomingMessage) -> Message:
    """A message as the chassis reads it: nothing in it is believed yet."""
    return Message(
        incoming.exchange or "",
        incoming.routing_key or "",
        incoming.body,
        incoming.message_id or "",
        {name: _scalar(value) for name, value in incoming.headers.items() if name and not _ODD.intersection(name)},
        incoming.user_id or "",
        incoming.priority or 0,
        incoming.timestamp.timestamp() if incoming.timestamp else None,
        incoming.content_type or "",
    )


def delivery_of(incoming: AbstractIncomingMessage, queue: str, tag: int) -> Delivery:
    """A delivery under a tag that no other delivery of this process has."""
    count = incoming.headers.get("x-delivery-count", 0)
    return Delivery(
        message_of(incoming), queue, tag, bool(incoming.redelivered), count if isinstance(count, int) else 0
    )


def _scalar(value: object) -> Header:
    """A header as we have them; a table or list, which nobody of ours sends, becomes a text, so that it is seen.

    So does a number that JSON has no word for. A header whose name no store takes as a field's is nobody's.
    """
    if isinstance(value, float):
        return value if isfinite(value) else repr(value)
    return value if isinstance(value, str | int) else repr(value)[:_LONGEST] if value else ""


def _read_what_can_be(header: ContentHeader, data: bytes) -> None:
    """Read a message's properties up to the first that makes no sense; what is missing gets it refused by name.

    The library would drop the connection, so that the broker delivers the same message again, for ever: whoever may
    publish at all could stop the journal with one time stamp in the year 146140482.
    """
    try:
        _read_properties(header, data)
    except Exception as exc:
        if header.class_id is None:  # not even a header
            raise
        log.warning("properties not readable", error=f"{type(exc).__name__}: {exc}")


ContentHeader.unmarshal = _read_what_can_be  # type: ignore[assignment, method-assign] # aiormq has no place to say so
